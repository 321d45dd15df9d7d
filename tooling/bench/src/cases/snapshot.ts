import { launchCluster } from '@x/aeron-tooling'
import type { Cluster } from '@x/aeron-tooling'
import type { BenchCase, Language, Programs, Rig, RunningProgram, Sample, Variant } from '../bench-case.ts'
import { BenchError } from '../bench-error.ts'
import { ARCHIVE_PROPERTIES, CLUSTER_PROPERTIES, DRIVER_PROPERTIES } from '../low-latency.ts'
import { JVM_FLAGS } from '../toolchains/java-programs.ts'

const CHUNK_LENGTH = 16 * 1024
const CHUNKS = 4 * 1024
const MEGABYTES = (CHUNK_LENGTH * CHUNKS) / 1e6
const PARAMS = { chunks: CHUNKS, chunkLength: CHUNK_LENGTH }
const WAIT_MS = 60_000

/** A member with a service of one language, which writes its state and, started anew, reads it. */
class SnapshotMember implements AsyncDisposable {
  readonly #programs: Programs
  readonly #language: Language
  readonly #cluster: Cluster
  #service: RunningProgram | undefined

  private constructor(programs: Programs, language: Language, cluster: Cluster) {
    this.#programs = programs
    this.#language = language
    this.#cluster = cluster
  }

  static async launch(programs: Programs, language: Language): Promise<SnapshotMember> {
    const cluster = await launchCluster({
      name: `bench-${language}`,
      properties: { ...DRIVER_PROPERTIES, ...ARCHIVE_PROPERTIES, ...CLUSTER_PROPERTIES },
      jvmFlags: JVM_FLAGS,
    })
    const member = new SnapshotMember(programs, language, cluster)
    try {
      await member.#start()
      await member.#write()
      return member
    } catch (error) {
      await member[Symbol.asyncDispose]()
      throw error
    }
  }

  async measure(): Promise<Sample> {
    await this.#end()
    await this.#cluster.member(0).restart()
    const service = await this.#start()
    const loadSeconds = await numberIn(service, 'loadSeconds')
    const writeSeconds = await this.#write()
    return { values: { load: MEGABYTES / loadSeconds, write: MEGABYTES / writeSeconds } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end()
    await this.#cluster.close()
  }

  async #start(): Promise<RunningProgram> {
    const { aeronDirectory: dir, clusterDirectory: clusterDir } = this.#cluster.member(0)
    const params = { ...PARAMS, dir, clusterDir }
    const service = await this.#programs.start(this.#language, 'snapshot-service', params)
    this.#service = service
    await this.#cluster.awaitElected()
    return service
  }

  async #write(): Promise<number> {
    const { code, output } = await this.#cluster.clusterTool(0, 'snapshot')
    if (code !== 0) throw new BenchError(`Cannot take a snapshot: ClusterTool ended with ${code}\n${output}`)
    return numberIn(this.#service, 'writeSeconds')
  }

  async #end(): Promise<void> {
    await this.#service?.[Symbol.asyncDispose]()
    this.#service = undefined
  }
}

async function numberIn(program: RunningProgram | undefined, name: string): Promise<number> {
  const match = await program?.waitForOutput(new RegExp(`"${name}":([\\d.eE+-]+)`), WAIT_MS)
  return Number(match?.[1])
}

class SnapshotRig implements Rig {
  readonly #programs: Programs
  readonly #members = new Map<Language, SnapshotMember>()

  constructor(programs: Programs) {
    this.#programs = programs
  }

  async measure(_variant: Variant, language: Language): Promise<Sample> {
    let member = this.#members.get(language)
    if (member === undefined) {
      member = await SnapshotMember.launch(this.#programs, language)
      this.#members.set(language, member)
    }
    return member.measure()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.#members.values()) await member[Symbol.asyncDispose]()
  }
}

/** Writing the state of a service as a snapshot, and reading it at the next start. */
export const snapshot: BenchCase = {
  name: 'snapshot',
  title: `a snapshot of ${MEGABYTES.toFixed(0)} MB in messages of ${CHUNK_LENGTH} bytes`,
  variants: [
    {
      name: 'write-load',
      metrics: [
        { key: 'write', title: 'write', unit: 'MB/s', better: 'more' },
        { key: 'load', title: 'load', unit: 'MB/s', better: 'more' },
      ],
    },
  ],
  launch: async (programs) => Promise.resolve(new SnapshotRig(programs)),
}
