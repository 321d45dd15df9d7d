import { launchMediaDriver } from '@x/aeron-tooling'
import type { MediaDriverProcess } from '@x/aeron-tooling'
import { JVM_FLAGS } from './toolchains/java-programs.ts'

/**
 * Settings of the driver in all cases. On two cores, which publisher and subscriber keep busy, a driver that spins would take from both:
 * one thread, which backs off when it has nothing to do.
 */
export const DRIVER_PROPERTIES: Readonly<Record<string, string>> = {
  'aeron.threading.mode': 'SHARED',
  'aeron.shared.idle.strategy': 'org.agrona.concurrent.BackoffIdleStrategy',
  'aeron.term.buffer.length': '16m',
  'aeron.ipc.term.buffer.length': '16m',
  'aeron.socket.so_sndbuf': '2m',
  'aeron.socket.so_rcvbuf': '2m',
  'aeron.rcv.initial.window.length': '2m',
  // A thousand streams have four thousand counters, and what a contender has left is to be gone when the next comes.
  'aeron.counters.buffer.length': '4m',
  'aeron.publication.linger.timeout': '200ms',
  'aeron.client.liveness.timeout': '5s',
}

/** Settings of the archive: one thread, which backs off too. */
export const ARCHIVE_PROPERTIES: Readonly<Record<string, string>> = {
  'aeron.archive.threading.mode': 'SHARED',
  'aeron.archive.idle.strategy': 'org.agrona.concurrent.BackoffIdleStrategy',
  'aeron.archive.segment.file.length': '128m',
}

/** Settings of a cluster member, besides those of its driver and archive. */
export const CLUSTER_PROPERTIES: Readonly<Record<string, string>> = {
  'aeron.cluster.idle.strategy': 'org.agrona.concurrent.BackoffIdleStrategy',
  'aeron.cluster.ingress.channel': 'aeron:udp?term-length=1m',
  'aeron.cluster.log.channel': 'aeron:udp?term-length=16m',
  'aeron.cluster.max.sessions': '2000',
}

/** Starts the driver that all contenders of a case share. */
export async function launchDriver(): Promise<MediaDriverProcess> {
  return launchMediaDriver({ name: 'bench-driver', properties: DRIVER_PROPERTIES, jvmFlags: JVM_FLAGS })
}
