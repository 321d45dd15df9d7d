import { existsSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { parseDurationNs } from './channel/uri-suffixes.ts'

/** Options that the environment may give. */
export interface EnvironmentOptions {
  driverTimeoutMs?: number
  idleSleepDurationMs?: number
  resourceLingerDurationMs?: number
  closeLingerDurationMs?: number
  preTouchMappedMemory?: boolean
  clientName?: string
}

/** Directory that a driver of this user uses by default. Source: Aeron's `CommonContext`. */
export function defaultAeronDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const given = valueOf(environment, 'AERON_DIR')
  if (given !== undefined) return given
  const base = process.platform === 'linux' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  return join(base, `aeron-${userName()}`)
}

/**
 * The options that are set in the environment, by the names of Aeron's C client. Durations are digits with `s`, `ms`, `us` or `ns`, which
 * is what none means; only AERON_DRIVER_TIMEOUT is in milliseconds without one.
 *
 * @throws RangeError for a value that is none
 */
export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): EnvironmentOptions {
  const options: EnvironmentOptions = {}
  const timeout = valueOf(environment, 'AERON_DRIVER_TIMEOUT')
  if (timeout !== undefined) {
    options.driverTimeoutMs = /^\d+$/.test(timeout)
      ? Number(timeout)
      : durationMs('AERON_DRIVER_TIMEOUT', timeout)
  }
  for (const [variable, option] of [
    ['AERON_CLIENT_IDLE_SLEEP_DURATION', 'idleSleepDurationMs'],
    ['AERON_CLIENT_RESOURCE_LINGER_DURATION', 'resourceLingerDurationMs'],
    ['AERON_CLIENT_CLOSE_LINGER_DURATION', 'closeLingerDurationMs'],
  ] as const) {
    const value = valueOf(environment, variable)
    if (value !== undefined) options[option] = durationMs(variable, value)
  }
  const preTouch = valueOf(environment, 'AERON_CLIENT_PRE_TOUCH_MAPPED_MEMORY')
  if (preTouch !== undefined) options.preTouchMappedMemory = /^(?:true|on|1)$/i.test(preTouch)
  const name = valueOf(environment, 'AERON_CLIENT_NAME')
  if (name !== undefined) options.clientName = name
  return options
}

function valueOf(environment: NodeJS.ProcessEnv, variable: string): string | undefined {
  const value = environment[variable]
  return value === '' ? undefined : value
}

function durationMs(variable: string, text: string): number {
  try {
    return Number(parseDurationNs(text)) / 1e6
  } catch (error) {
    throw new RangeError(
      `Cannot connect to Aeron: the environment's ${variable} must be a duration such as 10s, current value is "${text}"`,
      { cause: error },
    )
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user id without an account, as containers have: the driver falls back to this too.
    return 'default'
  }
}
