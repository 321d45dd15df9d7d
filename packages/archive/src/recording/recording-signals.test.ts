import { expect, test } from 'vitest'
import { RecordingSignal } from '@x/codecs/archive'
import { ArrivalOrder } from '../session/arrival-order.ts'
import type { RecordingSignalEvent } from './recording-signal.ts'
import { RecordingSignals } from './recording-signals.ts'

function event(correlationId: bigint, signal: RecordingSignal): RecordingSignalEvent {
  return { correlationId, recordingId: correlationId * 10n, subscriptionId: -1n, position: 0, signal }
}

test('RecordingSignals tells every handler, also behind one that throws', () => {
  const told: string[] = []
  const signals = new RecordingSignals(new ArrivalOrder(), () => {
    told.push('first')
    throw new Error('first')
  })
  const second = (): void => void told.push('second')
  signals.add(second)
  expect(() => signals.take(event(1n, RecordingSignal.START))).toThrow('first')
  expect(told).toEqual(['first', 'second'])
  signals.add(() => {
    throw new Error('third')
  })
  expect(() => signals.take(event(1n, RecordingSignal.STOP))).toThrow(AggregateError)
  expect([signals.remove(second), signals.remove(second)]).toEqual([true, false])
})

test('RecordingSignals remembers the last signals, and finds the first that matches', () => {
  const signals = new RecordingSignals(new ArrivalOrder(), undefined)
  for (let id = 0n; id < 300n; id++) signals.take(event(id, RecordingSignal.START))
  expect(signals.find({ correlationId: 0n })).toBeUndefined()
  expect(signals.find({ correlationId: 299n, signal: RecordingSignal.STOP })).toBeUndefined()
  expect(signals.find({ recordingId: 2990n, signal: RecordingSignal.START })?.value.correlationId).toBe(299n)
  expect(signals.find({})?.value.correlationId).toBe(44n)
})
