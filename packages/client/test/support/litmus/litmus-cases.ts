import { type AtomicBuffer, fullFence, loadAcquire, storeRelease } from '@x/atomic'

/** One ordering put to the test by two agents that run without waiting for one another. */
export interface LitmusCase {
  readonly name: string
  /** Whether the accesses promise the ordering; a case without the promise shows that the test can see its lack. */
  readonly isPromised: boolean
  readonly rounds: number
  /** What each of the two agents does; gives how many violations it has seen itself. */
  readonly run: (role: number, region: AtomicBuffer, rounds: number) => number
  /** Violations that only show when both are done. */
  readonly check?: (region: AtomicBuffer, rounds: number) => number
}

const X = 0
const Y = 256
const DATA = 512
const LOGS = 1024
const TWO_POW_32 = 2 ** 32

type Put = (buffer: AtomicBuffer, offset: number, value: number) => void
type Get = (buffer: AtomicBuffer, offset: number) => number

/**
 * Message passing: who sees the flag sees the data written before it, in other cache lines and by plain stores. The data is that of `words`: before
 * it is compiled, `getInt32` reads byte by byte, and what is written meanwhile comes out mixed.
 */
function messagePassing(name: string, put: Put, get: Get, scale = 1): LitmusCase {
  const run = (role: number, region: AtomicBuffer, rounds: number): number => {
    const { words } = region
    if (role === 0) {
      for (let i = 1; i <= rounds; i++) {
        words[DATA >> 2] = i
        words[(DATA + 192) >> 2] = i
        put(region, X, i * scale)
      }
      return 0
    }
    let violations = 0
    for (let seen = 0; seen < rounds;) {
      seen = get(region, X) / scale
      if (words[DATA >> 2]! < seen || words[(DATA + 192) >> 2]! < seen) violations++
    }
    return violations
  }
  return { name: `message passing by ${name}`, isPromised: true, rounds: 1_500_000, run }
}

/**
 * A word read twice is read twice: who has read the data, then sees the flag, and reads the data again, sees what was written before the flag. An
 * engine that answers the second read by the first gives data that is too old.
 *
 * @param turn reads data, flag and data, and tells whether the data was too old; in one function, because a call keeps engines from it
 */
function readTwice(name: string, isPromised: boolean, turn: (region: AtomicBuffer) => boolean): LitmusCase {
  const run = (role: number, region: AtomicBuffer, rounds: number): number => {
    if (role === 0) {
      for (let i = 1; i <= rounds; i++) {
        region.putInt32Release(DATA, i)
        region.putInt32Release(X, i)
      }
      return 0
    }
    let violations = 0
    while (region.getInt32Acquire(X) < rounds) if (turn(region)) violations++
    return violations
  }
  return { name: `a word read twice: ${name}`, isPromised, rounds: 3_000_000, run }
}

/**
 * Store buffering: each agent stores its own word and then reads the other's. In any one order of all accesses, if A's i-th turn did not see
 * B's j-th store, then B's j-th turn saw A's i-th store.
 */
function storeBuffering(name: string, isPromised: boolean, put: Put, get: Get): LitmusCase {
  const logOf = (role: number, rounds: number): number => LOGS + role * 4 * (rounds + 1)
  const run = (role: number, region: AtomicBuffer, rounds: number): number => {
    const [mine, other] = role === 0 ? [X, Y] : [Y, X]
    const log = logOf(role, rounds)
    for (let i = 1; i <= rounds; i++) {
      put(region, mine, i)
      region.putInt32(log + i * 4, get(region, other))
    }
    return 0
  }
  const check = (region: AtomicBuffer, rounds: number): number => {
    let violations = 0
    for (let i = 1; i <= rounds; i++) {
      const unseen = region.getInt32(logOf(0, rounds) + i * 4) + 1
      if (unseen <= rounds && region.getInt32(logOf(1, rounds) + unseen * 4) < i) violations++
    }
    return violations
  }
  return { name: `store buffering by ${name}`, isPromised, rounds: 1_500_000, run, check }
}

/** Every step of a read-modify-write word is taken by exactly one agent: each marks the values it got. */
function exclusiveSteps(
  name: string,
  isPromised: boolean,
  take: (buffer: AtomicBuffer) => number,
): LitmusCase {
  const run = (role: number, region: AtomicBuffer, rounds: number): number => {
    for (let i = 0; i < rounds; i++) region.putUint8(LOGS + take(region) * 2 + role, 1)
    return 0
  }
  const check = (region: AtomicBuffer, rounds: number): number => {
    let violations = 0
    for (let value = 0; value < 2 * rounds; value++) {
      if (region.getUint8(LOGS + value * 2) + region.getUint8(LOGS + value * 2 + 1) !== 1) violations++
    }
    return violations
  }
  return { name: `exclusive steps by ${name}`, isPromised, rounds: 500_000, run, check }
}

/** A 64-bit word that goes up by steps that change both halves; the reader may only see multiples of the step, in order. */
function wholeWords(name: string, isPromised: boolean, step: number, put: Put, get: Get): LitmusCase {
  const run = (role: number, region: AtomicBuffer, rounds: number): number => {
    if (role === 0) {
      for (let i = 1; i <= rounds; i++) put(region, X, i * step)
      // Ends the reader whatever was torn.
      region.putInt32Release(Y, 1)
      return 0
    }
    let violations = 0
    let last = 0
    while (region.getInt32Acquire(Y) === 0) {
      const value = get(region, X)
      if (value < last || value % step !== 0) violations++
      last = value
    }
    return violations
  }
  return { name: `whole 64-bit words by ${name}`, isPromised, rounds: 3_000_000, run }
}

function casStep32(buffer: AtomicBuffer): number {
  for (;;) {
    const value = buffer.getInt32Acquire(X)
    if (buffer.compareAndSetInt32(X, value, value + 1)) return value
  }
}

function casStep64(buffer: AtomicBuffer): number {
  for (;;) {
    const value = buffer.getInt64Acquire(X)
    if (buffer.compareAndSetInt64(X, value, value + 1n)) return Number(value)
  }
}

interface Taken {
  readonly termBefore: number
  readonly term: number
  readonly slot: number
}

/** As Java's concurrent publication: offset and term id from one atomic. */
function takeBy64Bits(buffer: AtomicBuffer): Taken {
  const tail = buffer.getAndAddInt64(X, 1n)
  const term = Number(tail >> 32n)
  return { termBefore: term, term, slot: Number(BigInt.asUintN(32, tail)) }
}

/** As ours: the offset from an atomic on the low word, the term id from the loads around it. */
function takeByLowWord(buffer: AtomicBuffer): Taken {
  const high = (X >> 2) + 1
  const termBefore = loadAcquire(buffer.words, high)
  const slot = buffer.getAndAddInt32(X, 1)
  return { termBefore, term: loadAcquire(buffer.words, high), slot }
}

const SLOTS = 64
/** Long enough for an agent that is set aside in the middle of a turn. */
const STUCK_AFTER_MS = 20_000

/**
 * A tail of term and offset that both agents take slots from: every slot of every term is taken exactly once. Who finds the term full moves it
 * on, but, as flow control makes sure of, only once all its slots have been filled.
 */
function exclusiveTermSlots(
  name: string,
  ...takes: readonly [(buffer: AtomicBuffer) => Taken, (buffer: AtomicBuffer) => Taken]
): LitmusCase {
  const placeOf = (term: number, slot: number): number => LOGS + 4 * (term * SLOTS + slot)
  const isFull = (region: AtomicBuffer, term: number): boolean => {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (region.getInt32Acquire(placeOf(term, slot)) === 0) return false
    }
    return true
  }
  const run = (role: number, region: AtomicBuffer, rounds: number): number => {
    const take = takes[role]!
    for (;;) {
      const { termBefore, term, slot } = take(region)
      if (term >= rounds) return 0
      if (slot < SLOTS) region.getAndAddInt32(placeOf(term, slot), 1)
      else if (term === termBefore) {
        const deadlineMs = performance.now() + STUCK_AFTER_MS
        while (!isFull(region, term)) if (performance.now() > deadlineMs) return 1
        const tail = region.getInt64Acquire(X)
        if (Number(tail >> 32n) === term) region.compareAndSetInt64(X, tail, BigInt(term + 1) << 32n)
      }
    }
  }
  const check = (region: AtomicBuffer, rounds: number): number => {
    let violations = 0
    for (let term = 0; term < rounds; term++) {
      for (let slot = 0; slot < SLOTS; slot++) if (region.getInt32(placeOf(term, slot)) !== 1) violations++
    }
    return violations
  }
  return { name: `exclusive slots by ${name}`, isPromised: true, rounds: 20_000, run, check }
}

// Steps of a few bytes around a high word that changes every 2^32 / 12,345 turns, and steps that change it nearly every turn.
const ODD_STEP = 2 ** 31 + 12_345

/** All that the buffers claim, and beside it accesses without the claim, which fail here. */
export const LITMUS_CASES: readonly LitmusCase[] = [
  messagePassing(
    'putInt32Release and getInt32Acquire',
    (buffer, offset, value) => buffer.putInt32Release(offset, value),
    (buffer, offset) => buffer.getInt32Acquire(offset),
  ),
  messagePassing(
    'storeRelease and loadAcquire',
    (buffer, offset, value) => storeRelease(buffer.words, offset >> 2, value),
    (buffer, offset) => loadAcquire(buffer.words, offset >> 2),
  ),
  messagePassing(
    'putInt64Release and getInt64Acquire',
    (buffer, offset, value) => buffer.putInt64Release(offset, BigInt(value)),
    (buffer, offset) => Number(buffer.getInt64Acquire(offset)),
  ),
  messagePassing(
    'putInt64FromNumberRelease and getInt64AsNumberAcquire, low words',
    (buffer, offset, value) => buffer.putInt64FromNumberRelease(offset, value),
    (buffer, offset) => buffer.getInt64AsNumberAcquire(offset),
  ),
  messagePassing(
    'putInt64FromNumberRelease and getInt64AsNumberAcquire, both words',
    (buffer, offset, value) => buffer.putInt64FromNumberRelease(offset, value),
    (buffer, offset) => buffer.getInt64AsNumberAcquire(offset),
    ODD_STEP,
  ),
  messagePassing(
    'getAndAddInt64',
    (buffer, offset) => buffer.getAndAddInt64(offset, 1n),
    (buffer, offset) => Number(buffer.getInt64Acquire(offset)),
  ),
  messagePassing(
    'compareAndSetInt32',
    (buffer, offset, value) => buffer.compareAndSetInt32(offset, value - 1, value),
    (buffer, offset) => buffer.getInt32Acquire(offset),
  ),
  messagePassing(
    'getAndSetInt32',
    (buffer, offset, value) => buffer.getAndSetInt32(offset, value),
    (buffer, offset) => buffer.getInt32Acquire(offset),
  ),
  messagePassing(
    'getAndSetInt64',
    (buffer, offset, value) => buffer.getAndSetInt64(offset, BigInt(value)),
    (buffer, offset) => Number(buffer.getInt64Acquire(offset)),
  ),
  readTwice('all by loadAcquire', true, ({ words }) => {
    const before = loadAcquire(words, DATA >> 2)
    const seen = loadAcquire(words, X >> 2)
    const again = loadAcquire(words, DATA >> 2)
    return again < seen || again < before
  }),
  readTwice('all by getInt32Acquire', true, (region) => {
    const before = region.getInt32Acquire(DATA)
    const seen = region.getInt32Acquire(X)
    const again = region.getInt32Acquire(DATA)
    return again < seen || again < before
  }),
  readTwice('words around loadAcquire', true, ({ words }) => {
    const before = words[DATA >> 2]!
    const seen = loadAcquire(words, X >> 2)
    const again = words[DATA >> 2]!
    return again < seen || again < before
  }),
  readTwice('words around getInt32Acquire', true, (region) => {
    const { words } = region
    const before = words[DATA >> 2]!
    const seen = region.getInt32Acquire(X)
    const again = words[DATA >> 2]!
    return again < seen || again < before
  }),
  // Here compiled code may make one read of two, or read the flag last, as an operand of the comparison; and getInt32 is not whole before it is compiled.
  readTwice('all by words', false, ({ words }) => {
    const before = words[DATA >> 2]!
    const seen = words[X >> 2]!
    const again = words[DATA >> 2]!
    return again < seen || again < before
  }),
  readTwice('all by getInt32', false, (region) => {
    const before = region.getInt32(DATA)
    const seen = region.getInt32(X)
    const again = region.getInt32(DATA)
    return again < seen || again < before
  }),
  // Only orders one way, as its words say: what needs more takes fullFence().
  storeBuffering(
    'putInt32Release and getInt32Acquire',
    false,
    (buffer, offset, value) => buffer.putInt32Release(offset, value),
    (buffer, offset) => buffer.getInt32Acquire(offset),
  ),
  storeBuffering(
    'putInt64Release and getInt64Acquire',
    true,
    (buffer, offset, value) => buffer.putInt64Release(offset, BigInt(value)),
    (buffer, offset) => Number(buffer.getInt64Acquire(offset)),
  ),
  storeBuffering(
    'plain stores, fullFence() and plain loads',
    true,
    (buffer, offset, value) => {
      buffer.words[offset >> 2] = value
      fullFence()
    },
    (buffer, offset) => buffer.words[offset >> 2]!,
  ),
  storeBuffering(
    'plain stores and plain loads',
    false,
    (buffer, offset, value) => buffer.putInt32(offset, value),
    (buffer, offset) => buffer.getInt32(offset),
  ),
  exclusiveSteps('getAndAddInt32', true, (buffer) => buffer.getAndAddInt32(X, 1)),
  exclusiveSteps('getAndAddInt64', true, (buffer) => Number(buffer.getAndAddInt64(X, 1n))),
  exclusiveSteps('compareAndSetInt32', true, casStep32),
  exclusiveSteps('compareAndSetInt64', true, casStep64),
  exclusiveTermSlots('64-bit adds', takeBy64Bits, takeBy64Bits),
  exclusiveTermSlots('64-bit adds and adds to the low word', takeBy64Bits, takeByLowWord),
  exclusiveTermSlots('adds to the low word', takeByLowWord, takeByLowWord),
  exclusiveSteps('a load and a store', false, (buffer) => {
    const value = buffer.getInt32Acquire(X)
    buffer.putInt32Release(X, value + 1)
    return value
  }),
  wholeWords(
    'putInt64FromNumberRelease and getInt64AsNumberAcquire',
    true,
    ODD_STEP,
    (buffer, offset, value) => buffer.putInt64FromNumberRelease(offset, value),
    (buffer, offset) => buffer.getInt64AsNumberAcquire(offset),
  ),
  wholeWords(
    'the same over a high word that changes now and then',
    true,
    TWO_POW_32 / 64,
    (buffer, offset, value) => buffer.putInt64FromNumberRelease(offset, value),
    (buffer, offset) => buffer.getInt64AsNumberAcquire(offset),
  ),
  wholeWords(
    'getAndAddInt64 and getInt64AsNumberAcquire',
    true,
    ODD_STEP,
    (buffer, offset) => buffer.getAndAddInt64(offset, BigInt(ODD_STEP)),
    (buffer, offset) => buffer.getInt64AsNumberAcquire(offset),
  ),
  wholeWords(
    'putInt64Release and getInt64Acquire',
    true,
    ODD_STEP,
    (buffer, offset, value) => buffer.putInt64Release(offset, BigInt(value)),
    (buffer, offset) => Number(buffer.getInt64Acquire(offset)),
  ),
  wholeWords(
    'putInt64FromNumber and getInt64AsNumber, which are two accesses',
    false,
    ODD_STEP,
    (buffer, offset, value) => buffer.putInt64FromNumber(offset, value),
    (buffer, offset) => buffer.getInt64AsNumber(offset),
  ),
]

/** Bytes that a case may use. */
export const REGION_LENGTH: number = 16 * 1024 * 1024
