import { IDLE_STRATEGY } from './driver-properties.ts'
import type { Properties } from './java-command.ts'

/** Where an archive listens on the same driver: its default, spelled out so that it can be told to others. */
export const LOCAL_CONTROL_CHANNEL = 'aeron:ipc?term-length=64k'

/** Stream of the control channel, over UDP and IPC alike. Protocol: the default of AeronArchive.Configuration. */
export const CONTROL_STREAM_ID = 10

/** The channel on which clients reach an archive from another driver. */
export function controlChannel(controlEndpoint: string): string {
  return `aeron:udp?endpoint=${controlEndpoint}`
}

/** Settings of an archive that shares a small machine with many others; it replicates on the host of its control endpoint. */
export function archiveProperties(archiveDirectory: string, controlEndpoint: string): Properties {
  return {
    'aeron.archive.dir': archiveDirectory,
    'aeron.archive.threading.mode': 'SHARED',
    'aeron.archive.idle.strategy': IDLE_STRATEGY,
    'aeron.archive.control.channel': controlChannel(controlEndpoint),
    'aeron.archive.local.control.channel': LOCAL_CONTROL_CHANNEL,
    'aeron.archive.replication.channel': `aeron:udp?endpoint=${hostOf(controlEndpoint)}:0`,
    'aeron.archive.recording.events.enabled': 'false',
    'aeron.archive.segment.file.length': '4m',
    'aeron.archive.low.storage.space.threshold': '16m',
  }
}

/** The host of `host:port`. */
export function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':'))
}
