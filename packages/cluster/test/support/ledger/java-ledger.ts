import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { aeronJar, findJava } from '@x/aeron-tooling'

const SOURCES = ['LedgerService.java', 'LedgerOracle.java'].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
)

/** The Java twin of the ledger and its oracle, compiled. */
export interface JavaLedger extends Disposable {
  readonly serviceClass: string
  readonly oracleClass: string
  readonly classPath: readonly string[]
}

/** Compiles the Java programs of the ledger against Aeron's jar. Throws what the compiler says. */
export async function compileJavaLedger(): Promise<JavaLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'java-ledger-'))
  const compiler = join(dirname((await findJava()).path), 'javac')
  await promisify(execFile)(compiler, ['-cp', await aeronJar(), '-d', folder, ...SOURCES])
  return {
    serviceClass: 'LedgerService',
    oracleClass: 'LedgerOracle',
    classPath: [folder],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
