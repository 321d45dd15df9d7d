import { expect, test } from 'vitest'
import { type AeronOptions, defaultAeronDirectory, resolveAeronOptions } from './aeron-options.ts'

test('resolveAeronOptions() fills in the defaults and leaves the given object alone', () => {
  const given: AeronOptions = Object.freeze({ aeronDirectory: '/a', clientName: 'me' })
  expect(resolveAeronOptions(given)).toMatchObject({
    aeronDirectory: '/a',
    clientName: 'me',
    driverTimeoutMs: 10_000,
    keepAliveIntervalMs: 500,
    idleSleepDurationMs: 16,
    resourceLingerDurationMs: 3_000,
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

test('defaultAeronDirectory() is AERON_DIR, or one named after the user', () => {
  expect(defaultAeronDirectory({ AERON_DIR: '/here' })).toBe('/here')
  expect(defaultAeronDirectory({ AERON_DIR: '' })).toMatch(/[/\\]aeron-.+$/)
})
