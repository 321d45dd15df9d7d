import { aeronJar, findJava } from '@x/aeron-tooling'
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** Compiles a program that uses Aeron's jar into a folder. @throws Error with the compiler's output, or when the JDK has no compiler */
export async function compileJava(source: string, folder: string): Promise<void> {
  const compiler = join(dirname((await findJava()).path), 'javac')
  await promisify(execFile)(compiler, ['-cp', await aeronJar(), '-d', folder, source])
}
