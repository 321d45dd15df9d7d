import type { EchoClient } from './echo-client.ts'
import type { EchoService } from './echo-service.ts'

/** The living line: what the stream does at the moment. */
export function statusLine(client: EchoClient, service: EchoService): string {
  const { received } = client.sequences.report()
  return [
    `${service.roleName} @ ${service.logPosition.toLocaleString('en')}`,
    `${received.toLocaleString('en')} echoed`,
    `ticks ${client.tickCount}`,
    roundTrip(client),
  ].join(' | ')
}

/** The summary at the end, in lines. */
export function summary(client: EchoClient, service: EchoService, elapsedMs: number): string[] {
  const { received, duplicated, outOfOrder } = client.sequences.report()
  const lost = client.sentCount - received
  return [
    `sent ${client.sentCount}, echoed ${received}, lost ${lost}, duplicated ${duplicated}, out of order ${outOfOrder}`,
    `${((received * 1_000) / elapsedMs).toFixed(0)} messages per second, ${roundTrip(client)}`,
    `log position ${service.logPosition}, timer ticks ${client.tickCount}`,
  ]
}

/** Whether every message that was sent came back exactly once and in order. */
export function isComplete(client: Pick<EchoClient, 'sentCount' | 'sequences'>): boolean {
  const { received, duplicated, outOfOrder } = client.sequences.report()
  return received === client.sentCount && duplicated === 0 && outOfOrder === 0
}

function roundTrip({ roundTripUs }: EchoClient): string {
  const at = (percentile: number): number => roundTripUs.getValueAtPercentile(percentile)
  return `round trip us: p50 ${at(50)}, p99 ${at(99)}, p99.9 ${at(99.9)}, max ${roundTripUs.maxValue}`
}
