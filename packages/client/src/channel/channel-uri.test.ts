import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChannelUri } from './channel-uri.ts'

const key = fc.stringMatching(/^[a-z][a-z-]{0,10}$/)
const value = fc.stringMatching(/^[ -{}~]{0,20}$/)

test("ChannelUri.parse() and toString() are each other's inverse", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.constantFrom('ipc', 'udp'),
      fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }),
      (isSpy, media, params) => {
        const query = params.map(([name, text]) => `${name}=${text}`).join('|')
        const text = `${isSpy ? 'aeron-spy:' : ''}aeron:${media}${query === '' ? '' : `?${query}`}`
        const uri = ChannelUri.parse(text)
        expect(uri.toString()).toBe(text)
        expect([...uri.entries()]).toEqual(params)
        expect(uri).toMatchObject({ isSpy, media })
      },
    ),
  )
})

test.each([
  '',
  'ipc',
  'aeron',
  'aeron:',
  'aeron:tcp',
  'aeron:tcp?a=b',
  'aeron:ipc|a=b',
  'aeron:ipc?',
  'aeron:ipc?a',
  'aeron:ipc?=b',
  'aeron:ipc?a=b|',
  'aeron:ipc?a=b||c=d',
  'aeron:ipc:x',
  'Aeron:ipc',
])('ChannelUri.parse() refuses "%s"', (text) => {
  expect(() => ChannelUri.parse(text)).toThrow(SyntaxError)
})

test('ChannelUri.parse() keeps what values may hold, and the last of a key', () => {
  const uri = ChannelUri.parse('aeron:udp?endpoint=[::1]:40|a=x=y?z|b=|a=2')
  expect(uri.get('endpoint')).toBe('[::1]:40')
  expect(uri.get('a')).toBe('2')
  expect(uri.get('b')).toBe('')
  expect(uri.has('c')).toBe(false)
  expect(uri.put('c', '1').remove('a')).toBe(true)
  expect(uri.toString()).toBe('aeron:udp?endpoint=[::1]:40|b=|c=1')
})

test('ChannelUri refuses what is too long, not ASCII, or would not come back', () => {
  expect(() => ChannelUri.parse(`aeron:ipc?a=${'x'.repeat(4096)}`)).toThrow(RangeError)
  expect(() => ChannelUri.parse('aeron:ipc?alias=\u00fc')).toThrow(RangeError)
  const uri = ChannelUri.parse('aeron:ipc')
  for (const [name, text] of [
    ['', 'x'],
    ['a=b', 'x'],
    ['a|b', 'x'],
    ['a', 'x|y'],
  ] as const) {
    expect(() => uri.put(name, text)).toThrow(RangeError)
  }
})

test('a channel that is not given, as by a variable of the environment, is a TypeError in words', () => {
  const missing = process.env['CHANNEL_THAT_NOBODY_SETS'] as string
  expect(() => ChannelUri.parse(missing)).toThrow(
    new TypeError('Cannot use the channel: it must be a string, current value is undefined'),
  )
})
