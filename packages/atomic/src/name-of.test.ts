import { expect, test } from 'vitest'
import { nameOf } from './name-of.ts'

const Colour = { RED: 0, GREEN: 1 } as const
const Side = { BUY: 'B', SELL: 'S' } as const

test('nameOf() gives the name of a member', () => {
  expect([nameOf(Colour, Colour.RED), nameOf(Colour, 1), nameOf(Side, 'S')]).toEqual(['RED', 'GREEN', 'SELL'])
})

test('nameOf() shows a value that the set does not have', () => {
  expect([nameOf(Colour, 9), nameOf(Colour, undefined)]).toEqual(['UNKNOWN(9)', 'UNKNOWN'])
})

test('nameOf() takes no name for a value, nor what every object has', () => {
  expect([nameOf(Colour, 'RED'), nameOf(Colour, 'constructor')]).toEqual([
    'UNKNOWN(RED)',
    'UNKNOWN(constructor)',
  ])
})
