import { AtomicBuffer } from '@x/atomic'
import { expect, test } from 'vitest'
import { CounterMessageFlyweight } from './counter-message-flyweight.ts'
import { CounterUpdateFlyweight } from './counter-update-flyweight.ts'
import { ErrorResponseFlyweight } from './error-response-flyweight.ts'
import { ImageBuffersReadyFlyweight } from './image-buffers-ready-flyweight.ts'
import { ImageMessageFlyweight } from './image-message-flyweight.ts'
import { PublicationBuffersReadyFlyweight } from './publication-buffers-ready-flyweight.ts'
import { PublicationMessageFlyweight } from './publication-message-flyweight.ts'
import { RemovePublicationFlyweight } from './remove-publication-flyweight.ts'
import { SubscriptionMessageFlyweight } from './subscription-message-flyweight.ts'

// Each message as the protocol lays it out, written by hand: `i` an int32, `l` an int64, text as itself.
type Field = readonly ['i', number] | readonly ['l', bigint] | string

function bytesOf(...fields: Field[]): Buffer {
  return Buffer.concat(
    fields.map((field) => {
      if (typeof field === 'string') return Buffer.from(field, 'latin1')
      const bytes = Buffer.alloc(field[0] === 'i' ? 4 : 8)
      if (field[0] === 'i') bytes.writeInt32LE(field[1])
      else bytes.writeBigInt64LE(field[1])
      return bytes
    }),
  )
}

const AT = 8
const buffer = AtomicBuffer.allocate(512)

function written(length: number): Buffer {
  return Buffer.from(buffer.bytes.slice(AT, AT + length))
}

test('add publication', () => {
  const message = new PublicationMessageFlyweight().wrap(buffer, AT)
  Object.assign(message, { clientId: 1n, correlationId: 2n, streamId: -3, channel: 'aeron:ipc' })
  expect(message.length).toBe(33)
  expect(written(33)).toEqual(bytesOf(['l', 1n], ['l', 2n], ['i', -3], ['i', 9], 'aeron:ipc'))
  expect(message).toMatchObject({ clientId: 1n, correlationId: 2n, streamId: -3, channel: 'aeron:ipc' })
})

test('remove publication', () => {
  const message = new RemovePublicationFlyweight().wrap(buffer, AT)
  Object.assign(message, { clientId: 1n, correlationId: 2n, registrationId: 3n, flags: 1n })
  expect(message.length).toBe(32)
  expect(written(32)).toEqual(bytesOf(['l', 1n], ['l', 2n], ['l', 3n], ['l', 1n]))
})

test('add subscription', () => {
  const message = new SubscriptionMessageFlyweight().wrap(buffer, AT)
  const fields = {
    clientId: 1n,
    correlationId: 2n,
    registrationCorrelationId: -1n,
    streamId: 4,
    channel: 'ab',
  }
  Object.assign(message, fields)
  expect(message.length).toBe(34)
  expect(written(34)).toEqual(bytesOf(['l', 1n], ['l', 2n], ['l', -1n], ['i', 4], ['i', 2], 'ab'))
  expect(message).toMatchObject(fields)
})

test.each([
  ['', 0],
  ['k', 3],
  ['keys', 0],
  ['keyed', 3],
])('add counter with the key "%s"', (key, padding) => {
  buffer.setMemory(0, 512, 0)
  const message = new CounterMessageFlyweight().wrap(buffer, AT)
  Object.assign(message, { clientId: 1n, correlationId: 2n, typeId: 1001 })
  message.putKeyAndLabel(Buffer.from(key), 'label')
  expect(message.length).toBe(28 + key.length + padding + 5)
  expect(written(message.length)).toEqual(
    bytesOf(
      ['l', 1n],
      ['l', 2n],
      ['i', 1001],
      ['i', key.length],
      key,
      '\0'.repeat(padding),
      ['i', 5],
      'label',
    ),
  )
  expect(Buffer.from(message.key).toString()).toBe(key)
  expect(message.label).toBe('label')
})

test('publication ready', () => {
  const fields = {
    correlationId: 1n,
    registrationId: 2n,
    sessionId: -3,
    streamId: 4,
    limitCounterId: 5,
    channelStatusId: -1,
    logFileName: '/log',
  }
  const message = Object.assign(new PublicationBuffersReadyFlyweight().wrap(buffer, AT), fields)
  expect(written(message.length)).toEqual(
    bytesOf(['l', 1n], ['l', 2n], ['i', -3], ['i', 4], ['i', 5], ['i', -1], ['i', 4], '/log'),
  )
  expect(message).toMatchObject(fields)
})

test('image ready pads the name of the log file', () => {
  buffer.setMemory(0, 512, 0)
  const fields = {
    correlationId: 1n,
    sessionId: 2,
    streamId: 3,
    subscriptionRegistrationId: 4n,
    positionCounterId: 5,
  }
  const message = Object.assign(new ImageBuffersReadyFlyweight().wrap(buffer, AT), fields)
  message.putLogFileNameAndSourceIdentity('/logs', '127.0.0.1:5')
  expect(written(message.length)).toEqual(
    bytesOf(
      ['l', 1n],
      ['i', 2],
      ['i', 3],
      ['l', 4n],
      ['i', 5],
      ['i', 5],
      '/logs\0\0\0',
      ['i', 11],
      '127.0.0.1:5',
    ),
  )
  expect(message).toMatchObject({ ...fields, logFileName: '/logs', sourceIdentity: '127.0.0.1:5' })
})

test('image unavailable, error, and counter events', () => {
  const image = { correlationId: 1n, subscriptionRegistrationId: 2n, streamId: 3, channel: 'c' }
  const gone = Object.assign(new ImageMessageFlyweight().wrap(buffer, AT), image)
  expect(written(gone.length)).toEqual(bytesOf(['l', 1n], ['l', 2n], ['i', 3], ['i', 1], 'c'))
  expect(gone).toMatchObject(image)
  const failure = { offendingCorrelationId: 1n, errorCode: 2, errorMessage: 'bad' }
  const error = Object.assign(new ErrorResponseFlyweight().wrap(buffer, AT), failure)
  expect(written(error.length)).toEqual(bytesOf(['l', 1n], ['i', 2], ['i', 3], 'bad'))
  expect(error).toMatchObject(failure)
  const update = Object.assign(new CounterUpdateFlyweight().wrap(buffer, AT), {
    registrationId: 1n,
    counterId: 2,
  })
  expect(written(CounterUpdateFlyweight.LENGTH)).toEqual(bytesOf(['l', 1n], ['i', 2]))
  expect(update).toMatchObject({ registrationId: 1n, counterId: 2 })
})
