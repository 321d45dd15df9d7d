import { expect, test } from 'vitest'
import { ingressChannelOf, parseIngressEndpoints } from './ingress-endpoints.ts'

test('parseIngressEndpoints() keeps the members in their order', () => {
  const endpoints = parseIngressEndpoints('2=c:9002,0=a:9002, 1=[::1]:9002')
  expect([...endpoints]).toEqual([
    [2, 'c:9002'],
    [0, 'a:9002'],
    [1, '[::1]:9002'],
  ])
})

for (const text of ['', 'host:9002', '0=', '=host:9002', 'a=host:9002', '0=host:9002,', '0=a:1 1=b:2']) {
  test(`parseIngressEndpoints() refuses "${text}"`, () => {
    expect(() => parseIngressEndpoints(text)).toThrow(SyntaxError)
  })
}

test('parseIngressEndpoints() refuses a member that comes twice', () => {
  expect(() => parseIngressEndpoints('0=a:1,0=b:1')).toThrow('member 0 must come once')
})

test('ingressChannelOf() puts the endpoint into the template and keeps its other parameters', () => {
  expect(ingressChannelOf('aeron:udp?term-length=64k', 'host:9002')).toMatch(/term-length=64k/)
  expect(ingressChannelOf('aeron:udp?endpoint=old:1', 'host:9002')).toBe('aeron:udp?endpoint=host:9002')
})
