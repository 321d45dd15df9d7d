import { launchJava, readDriverState } from '@x/aeron-tooling'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Aeron, isAeronError } from '@x/client'
import { eventually } from './support/eventually.ts'
import { proveItWorks } from './support/prove-it-works.ts'

// Mounting needs rights that not every user has: a campaign, and not a part of the normal run.
/** Mounts a small memory file system for the time of a test. */
function mountSmall(megabytes: number): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'small-memory-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path])
  return {
    path,
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}

test('full shared memory fails the command with the reason of the driver, and the client goes on when there is room', async () => {
  using memory = mountSmall(24)
  const aeronDirectory = join(memory.path, 'aeron')
  await using program = await launchJava('io.aeron.driver.MediaDriver', {
    aeronDirectory,
    properties: {
      'aeron.threading.mode': 'SHARED',
      'aeron.shared.idle.strategy': 'org.agrona.concurrent.SleepingMillisIdleStrategy',
      'aeron.counters.buffer.length': '1m',
      'aeron.perform.storage.checks': 'true',
      'aeron.term.buffer.sparse.file': 'false',
    },
  })
  await eventually(
    () => program.exit !== undefined || (readDriverState(aeronDirectory)?.heartbeatMs ?? 0) > 0,
    20_000,
  )
  expect(program.exit, program.output).toBeUndefined()
  const errors: Error[] = []
  using aeron = await Aeron.connect({ aeronDirectory, errorHandler: (error) => errors.push(error) })
  const filler = join(memory.path, 'filler')
  writeFileSync(filler, Buffer.alloc(8 * 2 ** 20))
  const error = await aeron
    .addPublication('aeron:ipc?term-length=4m', 1)
    .catch((rejection: unknown) => rejection)
  if (!isAeronError(error, 'REGISTRATION_FAILED')) throw error
  expect([error.context.errorCodeName, error.context.errorCode]).toEqual(['STORAGE_SPACE', 12])
  unlinkSync(filler)
  await proveItWorks(aeron)
  expect(errors).toEqual([])
})
