// A service that does what a service should not, when a client asks for it: each message is a command, which it echoes when it is done.
// JavaScript, so that a worker thread can load it also where the packages are built.

/** Protocol: Cluster.Role. */
const LEADER = 2

/** @param {number} ms */
function hold(ms) {
  const end = performance.now() + ms
  while (performance.now() < end) {
    // Busy, as a long computation is.
  }
}

/**
 * Holds the thread up with one garbage collection of `ms` at least, and lets it breathe before.
 * @param {number} ms
 * @param {() => void} breathe
 */
function collect(ms, breathe) {
  /** @type {object[]} */
  const objects = []
  for (let takenMs = 0; takenMs < ms;) {
    for (let i = 0; i < 200_000; i++) objects.push({ i, next: objects.at(-1), name: [i] })
    breathe()
    const begin = performance.now()
    globalThis.gc?.()
    takenMs = performance.now() - begin
  }
}

function leak() {
  /** @type {object[]} */
  const objects = []
  for (;;) objects.push({ objects, text: String(objects.length) })
}

/** Obeys commands of clients: "hold 500", "outside 500", "garbage 500", "throw", "uncaught", "exit", "loop", "leak", "echo". */
export class LivenessService {
  /** @type {import('@x/cluster').Cluster | undefined} */
  #cluster
  /** @type {(line: string) => void} */
  #say

  /** @param {(line: string) => void} say told what happens */
  constructor(say) {
    this.#say = say
  }

  /** @param {import('@x/cluster').Cluster} cluster */
  onStart(cluster) {
    this.#cluster = cluster
  }

  /**
   * @param {import('@x/cluster').ClientSession | undefined} session
   * @param {bigint} _timestamp
   * @param {import('@x/atomic').AtomicBuffer} buffer
   * @param {number} offset
   * @param {number} length
   */
  onSessionMessage(session, _timestamp, buffer, offset, length) {
    const text = buffer.getStringWithoutLengthAscii(offset, length)
    const [command = '', argument = '0'] = text.split(' ')
    // Not again when the log is replayed: it would end the next process too.
    if (this.#cluster?.role === LEADER) this.#obey(command, Number(argument))
    const answer = new TextEncoder().encode(text)
    while (session !== undefined && session.offer(answer) < 0) this.#cluster?.idleStrategy.idle()
  }

  onTakeSnapshot() {
    // There is no state.
  }

  onTerminate() {
    this.#say('terminate')
  }

  /** @param {string} command @param {number} ms */
  #obey(command, ms) {
    if (command === 'hold') hold(ms)
    else if (command === 'outside') setImmediate(() => hold(ms))
    else if (command === 'garbage') collect(ms, () => this.#cluster?.idleStrategy.idle(1))
    else if (command === 'throw') throw new RangeError('thrown by the service')
    else if (command === 'exit') process.exit(3)
    else if (command === 'loop') hold(Infinity)
    else if (command === 'leak') leak()
    else if (command === 'uncaught') {
      setImmediate(() => {
        throw new Error('thrown outside')
      })
    }
  }
}

/**
 * For a worker thread. @param {{ data: unknown, port: import('node:worker_threads').MessagePort }} context
 */
export function createService({ data, port }) {
  if (data === 'refuse') throw new TypeError('the module refuses')
  port.postMessage(`created with ${String(data)}`)
  return new LivenessService((line) => port.postMessage(line))
}
