import { expect, test } from 'vitest'
import { readSync } from 'node:fs'
import { LocalLog } from '../../test/support/local-log.ts'
import type { BlockHandler } from '../logbuffer/block-handler.ts'

const ignore: BlockHandler = () => {}

test('blockPoll() hands over whole frames up to the limit, in one call', () => {
  using log = new LocalLog()
  const publication = log.exclusive()
  const image = log.image()
  for (let i = 0; i < 5; i++) publication.offer(new Uint8Array(32))
  const blocks: number[][] = []
  const bytes = image.blockPoll((_term, offset, length, sessionId, termId) => {
    blocks.push([offset, length, sessionId, termId])
  }, 200)
  expect(bytes).toBe(192)
  expect(blocks).toEqual([[0, 192, 7, 0]])
  expect([image.position, log.position]).toEqual([192, 192])
  expect(image.blockPoll(ignore, 63)).toBe(0)
  expect(image.blockPoll(ignore, 10_000)).toBe(128)
  expect(image.blockPoll(ignore, 10_000)).toBe(0)
})

test('blockPoll() gives padding alone, whatever its length', () => {
  using log = new LocalLog()
  const publication = log.exclusive()
  const image = log.image()
  publication.offer(new Uint8Array(32))
  publication.appendPadding(1_000)
  publication.offer(new Uint8Array(32))
  const lengths: number[] = []
  const handler: BlockHandler = (_term, _offset, length) => lengths.push(length)
  while (image.blockPoll(handler, 512) > 0) {}
  expect(lengths).toEqual([64, 1_056, 64])
})

test('blockPoll() counts what its handler threw at as handled', () => {
  using log = new LocalLog()
  const errors: unknown[] = []
  const image = log.image((error) => errors.push(error))
  log.exclusive().offer(new Uint8Array(32))
  const failure = new Error('mine')
  expect(
    image.blockPoll(() => {
      throw failure
    }, 4_096),
  ).toBe(64)
  expect(errors).toEqual([failure])
  expect(image.position).toBe(64)
})

test('rawPoll() tells where in the log file the block is', () => {
  using log = new LocalLog({ termCount: 1 })
  const publication = log.exclusive()
  log.position = 65_536
  const image = log.image()
  publication.offer(Buffer.from('raw'))
  let text = ''
  const bytes = image.rawPoll((fileDescriptor, fileOffset, _term, offset, length) => {
    expect([fileOffset, offset, length]).toEqual([65_536, 0, 64])
    const read = Buffer.alloc(length)
    readSync(fileDescriptor, read, 0, length, fileOffset)
    text = read.toString('latin1', 32, 35)
  }, 4_096)
  expect([bytes, text]).toEqual([64, 'raw'])
})
