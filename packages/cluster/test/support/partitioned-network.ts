import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Addresses of the hosts. Ours: nothing outside of the namespaces ever sees them. */
const SUBNET = '10.77.0'

/** A host of a {@link PartitionedNetwork}, as `launchCluster` and `launchMediaDriver` take it. */
export interface NetworkHost {
  readonly host: string
  /** Starts a program on the host. */
  readonly launcher: readonly string[]
}

/**
 * Hosts that each have a network namespace of their own, joined by a bridge, so that packets between them can be dropped where they come in:
 * the sender sees nothing of it, as with a cable that is cut. It needs root, `unshare`, `nsenter`, `ip` and `nft`.
 */
export class PartitionedNetwork implements Disposable {
  readonly hosts: readonly NetworkHost[]
  readonly #holders: readonly ChildProcess[]

  private constructor(holders: readonly ChildProcess[]) {
    this.#holders = holders
    this.hosts = holders.slice(1).map((holder, index) => ({
      host: addressOf(index),
      launcher: ['nsenter', '--target', String(holder.pid), '--net', '--'],
    }))
  }

  /** Makes the namespaces. Throws, and says what is missing, where that is not permitted. */
  static async create(hostCount: number): Promise<PartitionedNetwork> {
    checkTools()
    const holders = await Promise.all(Array.from({ length: hostCount + 1 }, async () => holdNamespace()))
    const network = new PartitionedNetwork(holders)
    try {
      const [bridge, ...hosts] = holders
      run(bridge, 'ip link add name hub0 type bridge')
      run(bridge, 'ip link set hub0 up')
      for (const [index, host] of hosts.entries()) {
        run(bridge, `ip link add name port${index} type veth peer name eth0 netns ${host.pid}`)
        run(bridge, `ip link set port${index} master hub0 up`)
        run(host, 'ip link set lo up')
        run(host, `ip address add ${addressOf(index)}/24 dev eth0`)
        run(host, 'ip link set eth0 up')
        run(host, 'nft add table ip faults')
        run(host, 'nft add chain ip faults input { type filter hook input priority 0 ; }')
      }
      return network
    } catch (error) {
      network[Symbol.dispose]()
      throw error
    }
  }

  /** What one host sends to another does not come in any more. */
  drop(from: number, to: number): void {
    run(this.#holders[to + 1], `nft add rule ip faults input ip saddr ${addressOf(from)} drop`)
  }

  /** Parts some hosts from some others, in both directions. */
  part(some: readonly number[], others: readonly number[]): void {
    for (const one of some) {
      for (const other of others) {
        this.drop(one, other)
        this.drop(other, one)
      }
    }
  }

  /** Each packet of the network is lost with this probability, on top of what is dropped. */
  lose(percent: number): void {
    for (const index of this.hosts.keys()) {
      run(this.#holders[index + 1], `nft add rule ip faults input numgen random mod 100 < ${percent} drop`)
    }
  }

  /** All packets come in again. */
  heal(): void {
    for (const index of this.hosts.keys()) run(this.#holders[index + 1], 'nft flush chain ip faults input')
  }

  /** The namespaces end with the processes that hold them. */
  [Symbol.dispose](): void {
    for (const holder of this.#holders) holder.kill('SIGKILL')
  }
}

function addressOf(index: number): string {
  return `${SUBNET}.${index + 1}`
}

function checkTools(): void {
  for (const command of [
    'unshare --net true',
    'nsenter --version',
    'ip -Version',
    'unshare --net nft list ruleset',
  ]) {
    const [program = '', ...args] = command.split(' ')
    try {
      execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    } catch (error) {
      throw new Error(
        `Cannot make networks that can be parted: "${command}" must work; it needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN) and the packages util-linux, iproute2 and nftables`,
        { cause: error },
      )
    }
  }
}

// It reads what never comes: so it ends with this process, however that ends.
async function holdNamespace(): Promise<ChildProcess> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(holder.stdout, 'data')
  return holder
}

function run(holder: ChildProcess | undefined, command: string): void {
  execFileSync('nsenter', ['--target', String(holder?.pid), '--net', '--', ...command.split(' ')])
}
