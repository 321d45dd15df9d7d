import { join } from 'node:path'
import { aeronJar } from './aeron-jar.ts'
import type { Environment } from './executable.ts'
import { JavaProcess } from './java-process.ts'
import { findJava, requiredJvmFlags, SMALL_JVM_FLAGS } from './java-runtime.ts'
import type { RunDirectory } from './run-directory.ts'

/** Java system properties: Aeron's settings by their full names, such as `aeron.term.buffer.length`. */
export type Properties = Readonly<Record<string, string>>

/** What everything that is started here can be told. */
export interface JavaOptions {
  /** Aeron's settings; they win over those that are chosen here. */
  readonly properties?: Properties | undefined
  /** Heap, collector and compiler flags, in place of {@link SMALL_JVM_FLAGS}. */
  readonly jvmFlags?: readonly string[] | undefined
  /** Jars and folders to search before Aeron's jar. */
  readonly classPath?: readonly string[] | undefined
  /** Program and arguments that start `java`, such as `nsenter` with a network namespace; it must become `java`. @default none */
  readonly launcher?: readonly string[] | undefined
  /** True to keep all files after the end. @default true when AERON_KEEP_FILES is 1 */
  readonly keepFiles?: boolean | undefined
  /** Told in words what takes time. */
  readonly onProgress?: ((message: string) => void) | undefined
  /** Where PATH, JAVA_HOME, AERON_JAR and XDG_CACHE_HOME are looked up, and what Java sees. @default process.env */
  readonly environment?: Environment | undefined
}

/** One Java program to start in a run directory. */
export interface JavaStart {
  /** For messages. */
  readonly name: string
  /** Name of the log without ".log"; a restart has another. @default name */
  readonly logName?: string
  readonly mainClass: string
  readonly args?: readonly string[]
  readonly properties: Properties
  readonly input?: boolean
  readonly runDirectory: RunDirectory
}

/** The arguments of `java`: flags, properties, class path, main class and its arguments. */
export function javaArguments(
  start: JavaStart,
  classPath: readonly string[],
  jvmFlags: readonly string[],
): string[] {
  const properties = Object.entries(start.properties).map(([key, value]) => `-D${key}=${value}`)
  return [...jvmFlags, ...properties, '-cp', classPath.join(':'), start.mainClass, ...(start.args ?? [])]
}

/** Starts a main class of Aeron's jar, with `options` winning over the properties of `start`. */
export async function startJava(start: JavaStart, options: JavaOptions): Promise<JavaProcess> {
  const { environment = process.env, onProgress = () => {} } = options
  const java = await findJava(environment)
  const jar = await aeronJar({ environment, onProgress })
  const flags = [...(options.jvmFlags ?? SMALL_JVM_FLAGS), ...requiredJvmFlags(java.featureVersion)]
  onProgress(`starting ${start.name} ...`)
  const [program, ...programArgs] = [...(options.launcher ?? []), java.path]
  const merged = { ...start, properties: { ...start.properties, ...options.properties } }
  return JavaProcess.start({
    name: start.name,
    java: program ?? java.path,
    args: [...programArgs, ...javaArguments(merged, [...(options.classPath ?? []), jar], flags)],
    logPath: join(
      start.runDirectory.path,
      `${(start.logName ?? start.name).replaceAll(/[^\w.-]+/g, '-')}.log`,
    ),
    environment,
    input: start.input ?? false,
  })
}
