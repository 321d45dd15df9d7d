import type { BenchCase } from './bench-case.ts'
import { archive } from './cases/archive.ts'
import { clusterEcho } from './cases/cluster-echo.ts'
import { codecs } from './cases/codecs.ts'
import { idleCpu } from './cases/idle-cpu.ts'
import { ipcRoundTrip } from './cases/ipc-round-trip.ts'
import { ipcThroughput } from './cases/ipc-throughput.ts'
import { memory } from './cases/memory.ts'
import { scaling } from './cases/scaling.ts'
import { sessions } from './cases/sessions.ts'
import { snapshot } from './cases/snapshot.ts'
import { startUp } from './cases/start-up.ts'
import { udpRoundTrip } from './cases/udp-round-trip.ts'
import { udpThroughput } from './cases/udp-throughput.ts'

/** All cases, in the order in which they run and stand in the table. */
export const BENCH_CASES: readonly BenchCase[] = [
  ipcThroughput,
  ipcRoundTrip,
  udpThroughput,
  udpRoundTrip,
  codecs,
  archive,
  clusterEcho,
  snapshot,
  idleCpu,
  memory,
  startUp,
  scaling,
  sessions,
]
