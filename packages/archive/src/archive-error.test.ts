import { expect, test } from 'vitest'
import { archiveErrorCodeName, archiveErrorOf, ArchiveErrorCode, isArchiveError } from './archive-error.ts'

test('archiveErrorCodeName() names every code of the archive, and says so for others', () => {
  expect(Object.values(ArchiveErrorCode).map(archiveErrorCodeName)).toEqual(Object.keys(ArchiveErrorCode))
  expect(archiveErrorCodeName(17)).toBe('UNKNOWN_CODE')
  expect(archiveErrorCodeName(-1)).toBe('UNKNOWN_CODE')
})

test('isArchiveError() narrows the context to that of the code', () => {
  const error: unknown = archiveErrorOf('replay recording 9', 5, 77n, 'unknown recording id: 9')
  expect(isArchiveError(error, 'UNKNOWN_RECORDING') && error.context.correlationId).toBe(77n)
  expect(isArchiveError(error, 'RESPONSE_TIMEOUT')).toBe(false)
  expect(String(error)).toBe('ArchiveError: Cannot replay recording 9: unknown recording id: 9')
})
