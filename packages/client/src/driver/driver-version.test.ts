import { afterEach, beforeEach, expect, test } from 'vitest'
import { Command, FakeDriver } from '../../test/support/fake-driver.ts'
import { RemovePublicationFlyweight } from '../command/remove-publication-flyweight.ts'
import { Aeron } from '../aeron.ts'
import type { ExclusivePublication } from '../publication/exclusive-publication.ts'
import { readDriverVersion } from './driver-version.ts'

let driver: FakeDriver
let aeron: Aeron

beforeEach(() => {
  driver = new FakeDriver()
  aeron = Aeron.connectSync(driver.clientOptions)
})

afterEach(() => {
  aeron.close()
  driver.close()
})

/** Makes the system counters as far as the one that holds the version. */
function tellVersion(packed: bigint): void {
  for (let id = 0; id <= 34; id++) driver.createCounter(`system ${id}`, 0, BigInt(id))
  driver.setCounter(34, packed)
}

function addPublication(): ExclusivePublication {
  const id = aeron.asyncAddExclusivePublication('aeron:ipc', 10)
  driver.sendPublicationReady(id, driver.createLog('a'), driver.createCounter('pub-lmt', 1, id))
  const publication = aeron.getExclusivePublication(id)
  if (publication === undefined) throw new Error('The publication must be there')
  driver.receive()
  return publication
}

test('readDriverVersion() is what the driver tells', () => {
  expect(readDriverVersion(driver.counters)).toBeUndefined()
  tellVersion(0x01_33_02n)
  expect(readDriverVersion(driver.counters)).toBe('1.51.2')
})

test('revoke() sends its flag to a driver that knows it', () => {
  tellVersion(0x01_30_00n)
  const publication = addPublication()
  publication.revoke()
  publication.revoke()
  expect(publication.isClosed).toBe(true)
  const commands = driver.receive()
  expect(commands.map(({ typeId }) => typeId)).toEqual([Command.REMOVE_PUBLICATION])
  expect(new RemovePublicationFlyweight().wrap(commands[0]!.body, 0).flags).toBe(1n)
})

test.each([undefined, 0x01_2f_09n])('revoke() is refused for a driver of version %s', (version) => {
  if (version !== undefined) tellVersion(version)
  const publication = addPublication()
  expect(() => publication.revoke()).toThrow(expect.objectContaining({ code: 'DRIVER_TOO_OLD' }))
  expect(publication.isClosed).toBe(false)
  expect(driver.receive()).toEqual([])
})
