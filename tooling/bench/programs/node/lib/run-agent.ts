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
 * Runs an agent to its end as the parameters say: with `idle=spin` in a loop that never waits and drives the client's conductor; with
 * `ownThread=true` in one that has the thread to itself too, and waits by its idle strategy; else by the runner on the event loop.
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
  if (params.flag('ownThread')) {
    using client = new SpinningClient()
    const agent = await createAgent(client.aeron)
    const idleStrategy = idleStrategyByName(idle)
    while (!agent.isDone) {
      idleStrategy.idle(agent.doWork())
      client.invoke()
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
