// Processor time of a process that polls a subscription on which nothing comes, for each idle strategy.
// Parameters: dir, channel, stream, strategies (comma separated), settleMs, measureMs.
import { Aeron } from '@x/client'
import { AgentRunner, idleStrategyByName } from '@x/idlestrategy'
import { setTimeout as sleep } from 'node:timers/promises'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const settleMs = params.number('settleMs')
const measureMs = params.number('measureMs')

using aeron = await Aeron.connect({ aeronDirectory: params.text('dir') })
const subscription = await aeron.addSubscription(params.text('channel'), params.number('stream'))
using publication = await aeron.addExclusivePublication(params.text('channel'), params.number('stream'))
while (!publication.isConnected) await sleep(1)

/** Percent of a core. */
async function measure(strategy: string): Promise<number> {
  const runner = new AgentRunner(
    { roleName: 'idle', doWork: () => subscription.poll(() => undefined, 10) },
    {
      idleStrategy: idleStrategyByName(strategy),
      errorHandler: (error) => {
        throw error
      },
    },
  )
  runner.start()
  await sleep(settleMs)
  const start = process.hrtime.bigint()
  const before = process.cpuUsage()
  await sleep(measureMs)
  const { user, system } = process.cpuUsage(before)
  const elapsedUs = Number(process.hrtime.bigint() - start) / 1_000
  await runner.close()
  return ((user + system) / elapsedUs) * 100
}

const values: Record<string, number> = {}
for (const strategy of params.text('strategies').split(',')) values[strategy] = await measure(strategy)
subscription.close()
printSample(values)
