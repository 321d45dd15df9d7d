import { nameOf, readArchiveMarkFile, readCatalog, RecordingState } from '@x/archive'
import type { Report } from './output.ts'
import { errorLines, fieldsText, timeText } from './texts.ts'

/** What an archive is: the first part of Aeron's `ArchiveTool describe`. */
export function archiveReport(archiveDirectory: string): Report {
  const { errors, ...markFile } = readArchiveMarkFile(archiveDirectory)
  const { version, nextRecordingId, capacity, recordings } = readCatalog(archiveDirectory)
  const catalog = { version, nextRecordingId, capacity, recordingCount: recordings.length }
  const { startTimestamp, activityTimestamp } = markFile
  return {
    value: { markFile, catalog, errorCount: errors.length },
    lines: [
      `pid ${markFile.pid}, started ${timeText(startTimestamp)}, last alive ${timeText(activityTimestamp)}, ${errors.length} distinct errors`,
      `mark file: ${fieldsText(markFile)}`,
      `catalog: ${fieldsText(catalog)}`,
    ],
  }
}

/** The recordings of an archive: the second part of Aeron's `ArchiveTool describe` or `describe-all`. */
export function recordingsReport(archiveDirectory: string, isAll: boolean): Report {
  const recordings = readCatalog(archiveDirectory)
    .recordings.filter(({ state }) => isAll || state === RecordingState.VALID)
    .map((recording) => ({
      ...recording,
      state: recording.state === undefined ? 'UNKNOWN' : nameOf(RecordingState, recording.state),
    }))
  const lines = recordings.map((recording) =>
    fieldsText({
      ...recording,
      startTimestamp: timeText(recording.startTimestamp),
      stopTimestamp: timeText(recording.stopTimestamp),
    }),
  )
  return { value: recordings, lines }
}

/** The errors that an archive has logged: Aeron's `ArchiveTool errors`. */
export function archiveErrorsReport(archiveDirectory: string): Report {
  const { errors } = readArchiveMarkFile(archiveDirectory)
  return { value: errors, lines: errorLines(`Archive in ${archiveDirectory}`, errors) }
}
