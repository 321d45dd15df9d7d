import type { MemoryArchive } from './memory-archive.ts'
import { MessageAssembler } from './message-assembler.ts'

/** The messages of a recorded snapshot, the container's and the service's, one behind the other. */
export function snapshotBytes(
  archive: MemoryArchive,
  recordingId: bigint | undefined,
): Uint8Array | undefined {
  const recording = recordingId === undefined ? undefined : archive.recordings.get(recordingId)
  if (recording === undefined) return undefined
  const assembler = new MessageAssembler()
  return Buffer.concat(
    recording.blocks.flatMap((block) => assembler.take(block)).map(({ message }) => message),
  )
}
