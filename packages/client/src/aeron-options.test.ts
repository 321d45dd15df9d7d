import { expect, test } from 'vitest'
import { defaultAeronDirectory } from './aeron-environment.ts'
import { type AeronOptions, resolveAeronOptions } from './aeron-options.ts'

test('resolveAeronOptions() fills in the defaults and leaves the given object alone', () => {
  const given: AeronOptions = Object.freeze({ aeronDirectory: '/a', clientName: 'me' })
  expect(resolveAeronOptions(given, {})).toMatchObject({
    aeronDirectory: '/a',
    clientName: 'me',
    driverTimeoutMs: 10_000,
    keepAliveIntervalMs: 500,
    idleSleepDurationMs: 16,
    resourceLingerDurationMs: 3_000,
    closeLingerDurationMs: 0,
    preTouchMappedMemory: false,
    useConductorAgentInvoker: false,
    errorHandler: undefined,
  })
})

test.each([
  { driverTimeoutMs: 0 },
  { driverTimeoutMs: Number.NaN },
  { keepAliveIntervalMs: -1 },
  { idleSleepDurationMs: 1_001 },
  { resourceLingerDurationMs: Number.POSITIVE_INFINITY },
  { clientName: 'x'.repeat(101) },
  { aeronDirectory: '' },
])('resolveAeronOptions() refuses %o', (options) => {
  expect(() => resolveAeronOptions(options)).toThrow(RangeError)
})

test('resolveAeronOptions() refuses a stallThresholdMs that every sleep of the conductor would reach', () => {
  const tooShort = { idleSleepDurationMs: 20, stallThresholdMs: 20 }
  expect(() => resolveAeronOptions(tooShort)).toThrow(
    'Cannot connect to Aeron: stallThresholdMs must be above idleSleepDurationMs, which is 20, current value is 20',
  )
  expect(resolveAeronOptions({ ...tooShort, stallThresholdMs: 21 }).stallThresholdMs).toBe(21)
  // An application that invokes the conductor makes the pauses itself.
  expect(resolveAeronOptions({ ...tooShort, useConductorAgentInvoker: true }).stallThresholdMs).toBe(20)
})

test('defaultAeronDirectory() is AERON_DIR, or one named after the user', () => {
  expect(defaultAeronDirectory({ AERON_DIR: '/here' })).toBe('/here')
  expect(defaultAeronDirectory({ AERON_DIR: '' })).toMatch(/[/\\]aeron-.+$/)
})

test('resolveAeronOptions() takes from the environment what is not given', () => {
  const environment = {
    AERON_DIR: '/env',
    AERON_DRIVER_TIMEOUT: '2500',
    AERON_CLIENT_NAME: 'env',
    AERON_CLIENT_IDLE_SLEEP_DURATION: '4ms',
    AERON_CLIENT_RESOURCE_LINGER_DURATION: '1500000000',
    AERON_CLIENT_CLOSE_LINGER_DURATION: '1s',
    AERON_CLIENT_PRE_TOUCH_MAPPED_MEMORY: 'true',
  }
  expect(resolveAeronOptions({ clientName: 'me' }, environment)).toMatchObject({
    aeronDirectory: '/env',
    driverTimeoutMs: 2_500,
    clientName: 'me',
    idleSleepDurationMs: 4,
    resourceLingerDurationMs: 1_500,
    closeLingerDurationMs: 1_000,
    preTouchMappedMemory: true,
  })
  expect(() => resolveAeronOptions({}, { AERON_CLIENT_IDLE_SLEEP_DURATION: 'soon' })).toThrow(
    /AERON_CLIENT_IDLE_SLEEP_DURATION must be a duration such as 10s, current value is "soon"/,
  )
})
