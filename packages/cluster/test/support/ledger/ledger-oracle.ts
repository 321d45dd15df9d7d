import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runJava, type ClusterMember } from '@x/aeron-tooling'
import type { JavaLedger } from './java-ledger.ts'
import type { LedgerReport } from './ledger-report.ts'

/**
 * Compares what a service said of itself with the recording of the log on the member's disk, read by Aeron's own decoders in Java from its
 * beginning: neither our code nor any snapshot has a part in it. Throws with both when they differ.
 */
export async function checkAgainstDisk(
  java: JavaLedger,
  member: ClusterMember,
  report: LedgerReport,
): Promise<void> {
  // Java's RecordingLog opens its file for writing: a copy leaves that of the living member alone.
  const folder = mkdtempSync(join(tmpdir(), 'ledger-oracle-'))
  try {
    cpSync(join(member.clusterDirectory, 'recording.log'), join(folder, 'recording.log'))
    const { code, output } = await runJava(java.oracleClass, {
      classPath: java.classPath,
      args: [member.archiveDirectory, folder, String(report.position)],
    })
    const { entries, timers, hash } = report
    const expected = `oracle entries ${entries} timers ${timers} hash ${hash}`
    if (code !== 0 || !output.includes(`${expected}\n`)) {
      throw new Error(`expected "${expected}" from the disk of member ${member.memberId}, got: ${output}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
