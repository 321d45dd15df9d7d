import { constants } from 'node:buffer'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mapExistingFile, mapNewFile } from './map-file.ts'
import type { MappedFile } from './mapped-file.ts'
import { MmapError } from './mmap-error.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mmap-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function errorOf(action: () => MappedFile): unknown {
  try {
    action().close()
  } catch (error) {
    return error
  }
  return undefined
}

test('mapNewFile() creates a file of zeros, which others see change', () => {
  const path = join(folder, 'new')
  using file = mapNewFile(path, 10_000)
  expect([file.path, file.length, file.memory.byteLength, file.isClosed]).toEqual([
    path,
    10_000,
    10_000,
    false,
  ])
  expect(statSync(path).size).toBe(10_000)
  const bytes = new Uint8Array(file.memory)
  expect(bytes.every((byte) => byte === 0)).toBe(true)
  using other = mapExistingFile(path)
  bytes[9_999] = 7
  expect(new Uint8Array(other.memory)[9_999]).toBe(7)
  Atomics.store(new Int32Array(other.memory), 1, -5)
  expect(Atomics.load(new Int32Array(file.memory), 1)).toBe(-5)
})

test('mapNewFile() does not touch a file that exists', () => {
  const path = join(folder, 'there')
  writeFileSync(path, 'precious')
  expect(errorOf(() => mapNewFile(path, 10))).toMatchObject({ name: 'MmapError', code: 'EEXIST', path })
  expect(statSync(path).size).toBe(8)
})

test('mapNewFile() leaves no file when it fails', () => {
  const path = join(folder, 'huge')
  expect(errorOf(() => mapNewFile(path, 2 ** 52))).toBeInstanceOf(MmapError)
  expect(existsSync(path)).toBe(false)
})

test.each([0, -1, 1.5, Number.NaN])('mapNewFile() refuses a length of %s', (length) => {
  const path = join(folder, 'bad')
  expect(() => mapNewFile(path, length)).toThrow(RangeError)
  expect(() => mapNewFile(path, length)).toThrow(String(length))
  expect(existsSync(path)).toBe(false)
})

test('mapExistingFile() maps a part of a file', () => {
  const path = join(folder, 'parts')
  const page = 65_536
  const content = Buffer.alloc(3 * page, 1)
  content.fill(2, page, 2 * page)
  writeFileSync(path, content)
  using part = mapExistingFile(path, { offset: page, length: page })
  expect(new Uint8Array(part.memory).every((byte) => byte === 2)).toBe(true)
  using rest = mapExistingFile(path, { offset: 2 * page })
  expect(rest.length).toBe(page)
})

test('mapExistingFile() tells what is wrong with the file', () => {
  const missing = join(folder, 'missing')
  expect(errorOf(() => mapExistingFile(missing))).toMatchObject({ code: 'ENOENT', path: missing })
  const empty = join(folder, 'empty')
  writeFileSync(empty, '')
  expect(errorOf(() => mapExistingFile(empty))).toMatchObject({ code: 'EMPTY_FILE' })
  expect(errorOf(() => mapExistingFile(folder))).toMatchObject({ code: 'EISDIR' })
  expect(errorOf(() => mapExistingFile(folder, { readonly: true }))).toMatchObject({ code: 'NOT_A_FILE' })
})

test('mapExistingFile() refuses a range that is not all in the file', () => {
  const path = join(folder, 'short')
  writeFileSync(path, Buffer.alloc(100))
  for (const options of [{ length: 101 }, { offset: 65_536 }, { offset: 65_536, length: 1 }]) {
    expect(errorOf(() => mapExistingFile(path, options))).toMatchObject({ code: 'BEYOND_END_OF_FILE' })
  }
  expect(() => mapExistingFile(path, { offset: 8 })).toThrow(/multiple of the page size.*8/)
  expect(() => mapExistingFile(path, { offset: -65_536 })).toThrow(RangeError)
  expect(() => mapExistingFile(path, { length: 0 })).toThrow(RangeError)
})

test('mapExistingFile() with readonly sees the writes of others', () => {
  const path = join(folder, 'shared')
  using writer = mapNewFile(path, 8192)
  using reader = mapExistingFile(path, { readonly: true })
  new Uint8Array(writer.memory)[5000] = 3
  expect(new Uint8Array(reader.memory)[5000]).toBe(3)
})

test.runIf(process.platform === 'linux')('a write to a readonly mapping stays private on Linux', () => {
  const path = join(folder, 'guarded')
  using writer = mapNewFile(path, 8192)
  using reader = mapExistingFile(path, { readonly: true })
  new Uint8Array(reader.memory)[1] = 9
  expect(new Uint8Array(writer.memory)[1]).toBe(0)
})

test('MappedFile.close() turns late reads into zeros, and late writes into nothing', () => {
  const path = join(folder, 'closing')
  const file = mapNewFile(path, 8192)
  const words = new Int32Array(file.memory)
  words[0] = 1
  words[2000] = 2
  file.close()
  file.close()
  expect(file.isClosed).toBe(true)
  expect([words[0], words[2000], Atomics.load(words, 0)]).toEqual([0, 0, 0])
  words[0] = 77
  using again = mapExistingFile(path)
  expect(new Int32Array(again.memory)[0]).toBe(1)
  // The file's own fate is no longer ours.
  again.close()
  truncateSync(path, 0)
  expect(words[2000]).toBe(0)
})

test('MappedFile.sync() works while open, and says so when closed', () => {
  const file = mapNewFile(join(folder, 'synced'), 4096)
  file.sync()
  file[Symbol.dispose]()
  expect(() => file.sync()).toThrow(expect.objectContaining({ code: 'CLOSED' }))
})

test('mapNewFile() and mapExistingFile() map files of more than 2 GiB', () => {
  const path = join(folder, 'large')
  const length = 3 * 2 ** 30 + 8192
  using file = mapNewFile(path, length)
  expect(file.memory.byteLength).toBe(length)
  new Uint8Array(file.memory, length - 8, 8)[7] = 42
  using tail = mapExistingFile(path, { offset: 3 * 2 ** 30 })
  expect(new Uint8Array(tail.memory)[8191]).toBe(42)
})

// Later versions have no limit that a file could reach.
test.runIf(constants.MAX_LENGTH < 2 ** 40)(
  'a range too long for an ArrayBuffer is an error, and can be mapped in parts',
  () => {
    const path = join(folder, 'too-large')
    const length = constants.MAX_LENGTH + 65_536
    expect(errorOf(() => mapNewFile(path, length))).toMatchObject({ code: 'TOO_LARGE' })
    writeFileSync(path, '')
    truncateSync(path, length)
    expect(errorOf(() => mapExistingFile(path))).toMatchObject({ code: 'TOO_LARGE' })
    using tail = mapExistingFile(path, { offset: constants.MAX_LENGTH })
    expect(tail.length).toBe(65_536)
  },
)

test('a platform that is not supported is an error at the call', async () => {
  vi.resetModules()
  const real = Object.getOwnPropertyDescriptor(process, 'platform')!
  Object.defineProperty(process, 'platform', { ...real, value: 'win32' })
  try {
    const fresh = await import('./map-file.ts')
    expect(() => fresh.mapExistingFile('some-file')).toThrow(
      expect.objectContaining({ name: 'MmapError', code: 'UNSUPPORTED_PLATFORM', path: 'some-file' }),
    )
    expect(() => fresh.mapNewFile('some-file', 1)).toThrow(/Linux and macOS.*"win32"/)
  } finally {
    Object.defineProperty(process, 'platform', real)
  }
})

// A process of its own, because it forces garbage collection, and because what it guards against would kill it.
test.runIf(process.platform === 'linux')(
  'thousands of closed mappings survive late access, free the memory at once, and are unmapped in the end',
  async () => {
    const program = new URL('../test/late-access.ts', import.meta.url).pathname
    const args = ['--expose-gc', '--import', 'tsx', '--conditions=@x/source', program, folder]
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 })
    const seen = JSON.parse(stdout) as Record<string, number>
    expect(seen['rounds']).toBe(4000)
    expect(seen['wrongReads']).toBe(0)
    expect(seen['fileMappingsAfterClose']).toBe(0)
    expect(seen['openKilobytes']).toBeGreaterThan(60_000)
    expect(seen['closedKilobytes']).toBeLessThan(8192)
    expect(seen['mappingsLeft']).toBeLessThan(100)
    expect(seen['virtualGrowthKilobytes']).toBeLessThan(200_000)
  },
  60_000,
)
