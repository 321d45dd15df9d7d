import type { Properties } from './java-command.ts'

/** Sleeps a millisecond when there is nothing to do: kind to two cores; a benchmark wants another. */
export const IDLE_STRATEGY = 'org.agrona.concurrent.SleepingMillisIdleStrategy'

/** Settings of a media driver that shares a small machine with many others. */
export function driverProperties(aeronDirectory: string): Properties {
  return {
    'aeron.dir': aeronDirectory,
    'aeron.dir.delete.on.start': 'true',
    'aeron.dir.delete.on.shutdown': 'true',
    'aeron.threading.mode': 'SHARED',
    'aeron.shared.idle.strategy': IDLE_STRATEGY,
    'aeron.term.buffer.sparse.file': 'true',
    'aeron.perform.storage.checks': 'true',
    'aeron.term.buffer.length': '1m',
    'aeron.ipc.term.buffer.length': '1m',
    // The default makes cnc.dat 46 MiB.
    'aeron.counters.buffer.length': '1m',
  }
}

/** Settings that let a driver notice a dead client or a lost image within seconds; the unblock timeout must exceed the liveness. */
export const FAST_DRIVER_TIMEOUTS: Properties = {
  'aeron.client.liveness.timeout': '4s',
  'aeron.publication.unblock.timeout': '6s',
  'aeron.image.liveness.timeout': '3s',
  'aeron.timer.interval': '200ms',
}
