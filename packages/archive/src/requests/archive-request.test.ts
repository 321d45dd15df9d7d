import { expect, test, vi } from 'vitest'
import { ArchiveError } from '../archive-error.ts'
import { ArchiveRequest, type RequestDriver, type RequestSteps } from './archive-request.ts'
import { EventLoopDriver } from './event-loop-driver.ts'

class ManualDriver implements RequestDriver {
  turns = 0
  readonly waiting: (() => boolean)[] = []
  doWork(): number {
    this.turns++
    return 0
  }
  wait(advance: () => boolean): void {
    this.waiting.push(advance)
  }
}

function* after<T>(turns: number, value: T): RequestSteps<T> {
  for (let turn = 0; turn < turns; turn++) yield undefined
  return value
}

function* failing(): RequestSteps<never> {
  yield undefined
  throw new ArchiveError('UNKNOWN_RECORDING', 'Cannot replay: no', { errorCode: 5, correlationId: 1n })
}

test('ArchiveRequest.poll() takes turns until the steps end', () => {
  const driver = new ManualDriver()
  const request = new ArchiveRequest(driver, 7n, after(2, 'done'))
  expect(request.isDone).toBe(false)
  expect(request.poll()).toBe(false)
  expect(request.poll()).toBe(true)
  expect(request.result).toBe('done')
  expect(request.poll()).toBe(true)
  expect(driver.turns).toBe(2)
})

test('ArchiveRequest.result throws REQUEST_PENDING before the request is done', () => {
  const request = new ArchiveRequest(new ManualDriver(), 7n, after(1, 1))
  expect(() => request.result).toThrow(ArchiveError)
  expect(() => request.result).toThrow('it is pending')
})

test('ArchiveRequest.waitSync() blocks until there is a result, and throws a failure', () => {
  expect(new ArchiveRequest(new ManualDriver(), 1n, after(3, 42)).waitSync()).toBe(42)
  expect(() => new ArchiveRequest(new ManualDriver(), 1n, failing()).waitSync()).toThrow('Cannot replay: no')
})

test('ArchiveRequest is awaited through its driver', async () => {
  const driver = new ManualDriver()
  const request = new ArchiveRequest(driver, 1n, after(3, 'x'))
  const awaited = request.then((value) => `${value}!`)
  expect(driver.waiting.length).toBe(1)
  expect(driver.waiting[0]?.()).toBe(false)
  expect(driver.waiting[0]?.()).toBe(true)
  expect(await awaited).toBe('x!')
  expect(await request).toBe('x')
})

test('ArchiveRequest rejects when awaited, and is quiet when polled', async () => {
  const driver = new ManualDriver()
  const polled = new ArchiveRequest(driver, 1n, failing())
  expect(polled.poll()).toBe(true)
  expect(() => polled.result).toThrow(ArchiveError)
  const cleanUp = vi.fn<() => void>()
  await expect(polled.finally(cleanUp)).rejects.toThrow('Cannot replay: no')
  expect(await polled.catch(() => 'caught')).toBe('caught')
  expect(cleanUp).toHaveBeenCalledTimes(1)
})

test('EventLoopDriver takes turns while something waits, and stops at the end', async () => {
  let turns = 0
  const driver = new EventLoopDriver(() => turns++, false)
  await new Promise<void>((resolve) => {
    driver.wait(() => {
      if (turns < 3) return false
      resolve()
      return true
    })
  })
  const seen = turns
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(turns).toBe(seen)
  driver.stop()
})

test('EventLoopDriver.stop() lets what waits fail', () => {
  const driver = new EventLoopDriver(() => undefined, true)
  let told = 0
  driver.wait(() => {
    told++
    return true
  })
  driver.stop()
  expect(told).toBe(1)
})

test('ArchiveRequest.withSignal() gives the request up with the reason of the signal, and lets go of the signal at the end', async () => {
  let isRemoved = false
  function* endless(): RequestSteps<never> {
    try {
      for (;;) yield undefined
    } finally {
      isRemoved = true
    }
  }
  const driver = new ManualDriver()
  const controllers = [new AbortController(), new AbortController()] as const
  const request = new ArchiveRequest(driver, 1n, endless())
  expect(request.withSignal(controllers[0].signal).withSignal(controllers[1].signal)).toBe(request)
  const failure = request.catch(String)
  controllers[0].abort(new Error('enough'))
  controllers[1].abort(new Error('too late'))
  expect([request.isDone, isRemoved]).toEqual([true, true])
  driver.waiting[0]?.()
  expect(await failure).toBe('Error: enough')

  const aborted = new ArchiveRequest(driver, 2n, endless()).withSignal(AbortSignal.abort(new Error('before')))
  expect(() => aborted.result).toThrow('before')
  const { signal } = new AbortController()
  const remove = vi.spyOn(signal, 'removeEventListener')
  expect(new ArchiveRequest(driver, 3n, after(1, 'x')).withSignal(signal).waitSync()).toBe('x')
  expect(remove).toHaveBeenCalledOnce()
})

test('ArchiveRequest can be given up, and polled, by a callback of its own step', () => {
  const seen: string[] = []
  const driver = new ManualDriver()
  const requests: ArchiveRequest<void>[] = []
  function* steps(): RequestSteps<void> {
    try {
      yield undefined
      requests[0]?.cancel()
      requests[0]?.poll()
      seen.push('went on to the end of the step')
      yield undefined
      seen.push('never')
    } finally {
      seen.push('cleaned up')
    }
  }
  const request = new ArchiveRequest(driver, 1n, steps())
  requests.push(request)
  expect(request.poll()).toBe(true)
  expect(() => request.result).toThrow('gave it up')
  expect(seen).toEqual(['went on to the end of the step', 'cleaned up'])
})
