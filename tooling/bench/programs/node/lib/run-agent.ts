import { Aeron } from '@x/client'
import { AgentRunner, idleStrategyByName } from '@x/idlestrategy'
import type { Agent } from '@x/idlestrategy'
import { SpinningClient } from './client.ts'
import { params } from './params.ts'

/** An agent that knows when it is done. */
export interface FiniteAgent extends Agent {
  readonly isDone: boolean
}

/**
 * Runs an agent to its end as the parameter `idle` says: `spin` is a loop that never waits and drives the client's conductor; any other
 * idle strategy is the runner on the event loop.
 */
export async function runAgent(
  createAgent: (aeron: Aeron) => FiniteAgent | Promise<FiniteAgent>,
): Promise<void> {
  const idle = params.text('idle')
  if (idle === 'spin') {
    using client = new SpinningClient()
    const agent = await createAgent(client.aeron)
    // The conductor has hardly ever something to do.
    for (let turn = 0; !agent.isDone; turn++) {
      agent.doWork()
      if (turn % 1_024 === 0) client.invoke()
    }
    return
  }
  using aeron = await Aeron.connect({ aeronDirectory: params.text('dir') })
  const agent = await createAgent(aeron)
  const runner = new AgentRunner(
    {
      roleName: agent.roleName,
      doWork: () => {
        const workCount = agent.doWork()
        if (agent.isDone) void runner.close()
        return workCount
      },
    },
    {
      idleStrategy: idleStrategyByName(idle),
      errorHandler: (error) => {
        throw error
      },
    },
  )
  runner.start()
  await runner.terminated
}
