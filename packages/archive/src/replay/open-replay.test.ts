import { expect, test } from 'vitest'
import { ArchiveRequest } from '../requests/archive-request.ts'
import type { RequestRunner } from '../requests/request-runner.ts'
import { openReplaySteps, type OpenReplay } from './open-replay.ts'

test('openReplaySteps() takes the replay back when it is given up in the very turn that opens it', () => {
  const done: string[] = []
  let request: ArchiveRequest<OpenReplay> | undefined = undefined as ArchiveRequest<OpenReplay> | undefined
  const aeron = {
    asyncAddSubscription: () => 1n,
    asyncRemoveSubscription: () => done.push('remove subscription'),
    // Asking takes the conductor on, and a callback of the application gives the request up.
    getSubscription: () => {
      request?.cancel()
      return request && { close: () => done.push('close subscription') }
    },
  }
  const requests = {
    session: { isConnected: true, parts: { aeron } },
    submit: (action: string) => void done.push(action),
    *response() {
      yield undefined
      return 42n
    },
  }
  const order = { recordingId: 3n, channel: 'aeron:ipc', streamId: 1, params: {}, correlationId: 7n }
  const driver = { doWork: () => 0, wait: () => undefined }
  request = new ArchiveRequest(driver, 7n, openReplaySteps(requests as unknown as RequestRunner, order))
  for (let turn = 0; turn < 3; turn++) request.poll()
  expect(() => request?.result).toThrow('the application gave it up')
  expect(done).toEqual(['replay recording 3', 'close subscription', 'stop replay 42'])
})
