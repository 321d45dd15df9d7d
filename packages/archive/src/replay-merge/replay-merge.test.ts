import { expect, test } from 'vitest'
import type { Subscription } from '@x/client'
import type { AeronArchive } from '../aeron-archive.ts'
import { ReplayMerge, ReplayMergeState } from './replay-merge.ts'

test('ReplayMerge can be closed by what is called while it asks the archive, and takes its destination away once', () => {
  const done: string[] = []
  let merge: ReplayMerge | undefined = undefined as ReplayMerge | undefined
  const asking = {
    // The answer comes with a signal, and the handler of that closes the merge.
    poll: () => {
      merge?.close()
      return true
    },
    result: 4_096,
  }
  const archive = {
    aeron: { isClosed: false },
    isConnected: true,
    doWork: () => 0,
    getMaxRecordedPosition: () => asking,
    startReplay: () => done.push('start replay'),
    lateErrors: { remove: () => undefined },
  }
  const subscription = {
    channel: 'aeron:udp?control-mode=manual',
    operations: {
      addDestination: (_to: unknown, channel: string) => {
        done.push(`add ${channel}`)
        return { detach: () => 1n }
      },
    },
    asyncRemoveDestination: (channel: string) => done.push(`remove ${channel}`),
  }
  merge = new ReplayMerge(archive as unknown as AeronArchive, {
    subscription: subscription as unknown as Subscription,
    replayChannel: 'aeron:udp',
    replayDestination: 'aeron:udp?endpoint=localhost:1',
    liveDestination: 'aeron:udp?endpoint=localhost:2',
    recordingId: 3n,
    startPosition: 0,
  })
  merge.doWork()
  expect(merge.state).toBe(ReplayMergeState.CLOSED)
  expect(merge.doWork()).toBe(0)
  merge.close()
  expect(done).toEqual(['add aeron:udp?endpoint=localhost:1', 'remove aeron:udp?endpoint=localhost:1'])
})
