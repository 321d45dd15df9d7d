import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diagnoseConnect, diagnoseConnectAs } from './connect-diagnosis.ts'
import { FakeDriver } from '../../test/support/fake-driver.ts'
import { Aeron } from '../aeron.ts'

let parent: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'diagnosis-'))
})

afterEach(() => {
  rmSync(parent, { recursive: true, force: true })
})

test('a directory that is not there is named, with those of drivers beside it', async () => {
  const directory = join(parent, 'aeron-me')
  expect(diagnoseConnect(directory)).toEqual({
    step: 'directory',
    detail: 'the directory does not exist; start a driver with this aeron.dir',
  })
  const other = join(parent, 'aeron-other')
  mkdirSync(other)
  writeFileSync(join(other, 'cnc.dat'), '')
  expect(diagnoseConnect(directory)?.detail).toContain(`there are drivers in "${other}"`)
  await expect(Aeron.connect({ aeronDirectory: directory, driverTimeoutMs: 20 })).rejects.toMatchObject({
    code: 'DRIVER_TIMEOUT',
    context: { step: 'directory', reason: 'no cnc.dat' },
  })
})

test('a file in place of the directory, no cnc.dat, and one whose driver is gone, are told apart', () => {
  const directory = join(parent, 'aeron-me')
  writeFileSync(directory, '')
  expect(diagnoseConnect(directory)).toMatchObject({
    step: 'directory',
    detail: expect.stringContaining('is no directory') as unknown,
  })
  rmSync(directory)
  mkdirSync(directory)
  expect(diagnoseConnect(directory)?.step).toBe('cnc file')
  writeFileSync(join(directory, 'cnc.dat'), 'x')
  expect(diagnoseConnect(directory)?.step).toBe('driver')
})

test('a cnc.dat that cannot be written is told with its mode, or its owner', () => {
  const path = join(parent, 'cnc.dat')
  writeFileSync(path, 'x')
  chmodSync(path, 0o440)
  const access = (tried: string): void => {
    if (tried === path) throw new Error('EACCES')
  }
  const userId = statSync(path).uid
  expect(diagnoseConnectAs(parent, { userId, access })).toEqual({
    step: 'permissions',
    detail: `"${path}" has mode 0440, which does not let this process read and write; change it with chmod`,
  })
  const stranger = diagnoseConnectAs(parent, { userId: userId + 1, access })
  expect(stranger.step).toBe('owner')
  expect(stranger.detail).toContain(`belongs to user ${userId} with mode 0440`)
})

test.each([
  [0x0000_0100, 'current value is 0.1.0; run a driver of Aeron 1.44 or newer'],
  [0x0001_0000, 'current value is 1.0.0; the driver is newer than this client'],
])('a cnc.dat of version %i is told with its remedy', async (version, remedy) => {
  const bytes = Buffer.alloc(4_096)
  bytes.writeInt32LE(version)
  writeFileSync(join(parent, 'cnc.dat'), bytes)
  const diagnosis = diagnoseConnect(parent)
  expect(diagnosis?.step).toBe('cnc file')
  expect(diagnosis?.detail).toContain(remedy)
  await expect(Aeron.connect({ aeronDirectory: parent, driverTimeoutMs: 20 })).rejects.toThrow(remedy)
})

test('a live driver is nothing to be told of, one that has not beaten for long is', () => {
  using driver = new FakeDriver()
  driver.ring.updateConsumerHeartbeatTime(BigInt(Date.now()))
  expect(diagnoseConnect(driver.directory)).toBeUndefined()
  driver.ring.updateConsumerHeartbeatTime(BigInt(Date.now() - 60_000))
  expect(diagnoseConnect(driver.directory)?.step).toBe('driver')
  expect(diagnoseConnect(driver.directory, 600_000)).toBeUndefined()
})
