import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import dns from 'node:dns'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import timers from 'node:timers'
import { promiseHooks } from 'node:v8'
import {
  activeCallback,
  enterCallback,
  outsideOfCallback,
  type NondeterminismKind,
} from '../guard/active-callback.ts'

/** Functions of one object that are watched, as they are named in a report. */
interface Watched {
  readonly kind: NondeterminismKind
  readonly owner: object
  /** Name of the owner; empty for a global. */
  readonly name: string
  readonly functions: readonly string[]
}

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate']

const WATCHED: readonly Watched[] = [
  { kind: 'clock', owner: Date, name: 'Date', functions: ['now'] },
  { kind: 'clock', owner: performance, name: 'performance', functions: ['now'] },
  { kind: 'clock', owner: process, name: 'process', functions: ['uptime', 'cpuUsage', 'memoryUsage'] },
  { kind: 'clock', owner: process.hrtime, name: 'process.hrtime', functions: ['bigint'] },
  { kind: 'random', owner: Math, name: 'Math', functions: ['random'] },
  {
    kind: 'random',
    owner: crypto,
    name: 'crypto',
    functions: ['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'getRandomValues'],
  },
  { kind: 'random', owner: crypto.webcrypto, name: 'crypto', functions: ['randomUUID', 'getRandomValues'] },
  { kind: 'timer', owner: globalThis, name: '', functions: [...TIMERS, 'queueMicrotask'] },
  { kind: 'timer', owner: timers, name: 'timers', functions: TIMERS },
  { kind: 'timer', owner: process, name: 'process', functions: ['nextTick'] },
  { kind: 'io', owner: globalThis, name: '', functions: ['fetch'] },
  {
    kind: 'io',
    owner: fs,
    name: 'fs',
    functions: namesOf(fs, /Sync$|^(read|write|open|append|stat|access)/),
  },
  {
    kind: 'io',
    owner: childProcess,
    name: 'child_process',
    functions: namesOf(childProcess, /^(exec|spawn|fork)/),
  },
  { kind: 'io', owner: net, name: 'net', functions: ['connect', 'createConnection'] },
  { kind: 'io', owner: dns, name: 'dns', functions: namesOf(dns, /^(lookup|resolve)/) },
]

type AnyFunction = (this: unknown, ...values: unknown[]) => unknown

let installCount = 0
let uninstall: (() => void) | undefined

/**
 * Puts a wrapper around what makes members differ, which tells the callback that runs, if one does. Gives what takes it away again; several
 * may be installed, and the last one to go takes the wrappers away.
 */
export function installPatches(): () => void {
  if (installCount++ === 0) uninstall = patchAll()
  let isInstalled = true
  return () => {
    if (!isInstalled) return
    isInstalled = false
    if (--installCount > 0) return
    uninstall?.()
    uninstall = undefined
  }
}

function patchAll(): () => void {
  const undo = [patchDate(), patchHrtime(), watchPromises(), letPass(process.stdout), letPass(process.stderr)]
  for (const watched of WATCHED) {
    for (const name of watched.functions) undo.push(patch(watched, name))
  }
  syncBuiltinESMExports()
  return () => {
    for (const restore of undo.reverse()) restore()
    syncBuiltinESMExports()
  }
}

function patch({ kind, owner, name: ownerName }: Watched, name: string): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name)
  const original: unknown = Reflect.get(owner, name)
  if (typeof original !== 'function' || descriptor?.configurable === false) return () => undefined
  const api = ownerName === '' ? name : `${ownerName}.${name}`
  const watching: AnyFunction = function (...values) {
    return aside(kind, api, watching, () => Reflect.apply(original, this, values) as unknown)
  }
  // Such as `promisify.custom`, `Symbol.species`, or `hrtime.bigint`.
  Object.defineProperties(watching, Object.getOwnPropertyDescriptors(original))
  return replace(owner, name, watching, descriptor)
}

function replace(
  owner: object,
  name: string,
  value: unknown,
  descriptor: PropertyDescriptor | undefined,
): () => void {
  Object.defineProperty(owner, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: descriptor?.enumerable ?? true,
  })
  return () => {
    if (descriptor === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, descriptor)
  }
}

function patchDate(): () => void {
  const construct = (target: DateConstructor, values: unknown[], newTarget: AnyFunction): Date => {
    if (values.length === 0) report('clock', 'new Date()', construct)
    return Reflect.construct(target, values, newTarget) as Date
  }
  const apply = (target: DateConstructor): string => {
    report('clock', 'Date()', apply)
    return target()
  }
  const watching = new Proxy(Date, { construct, apply })
  return replace(globalThis, 'Date', watching, Object.getOwnPropertyDescriptor(globalThis, 'Date'))
}

function patchHrtime(): () => void {
  const apply = (
    target: typeof process.hrtime,
    _self: unknown,
    values: [time?: [number, number]],
  ): [number, number] => {
    report('clock', 'process.hrtime', apply)
    return target(...values)
  }
  const watching = new Proxy(process.hrtime, { apply })
  return replace(process, 'hrtime', watching, Object.getOwnPropertyDescriptor(process, 'hrtime'))
}

/** What a service prints changes nothing, whatever the stream needs for it. */
function letPass(stream: NodeJS.WriteStream): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(stream, 'write')
  const original = Reflect.get(stream, 'write') as AnyFunction
  const passing: AnyFunction = (...values) => outsideOfCallback(() => Reflect.apply(original, stream, values))
  return replace(stream, 'write', passing, descriptor)
}

function watchPromises(): () => void {
  const onInit = (): void => report('promise', 'Promise', onInit)
  return promiseHooks.onInit(onInit) as () => void
}

/** Does what a watched function does; what that uses itself is not the callback's doing. */
function aside<T>(kind: NondeterminismKind, api: string, watching: AnyFunction, call: () => T): T {
  if (activeCallback() === undefined) return call()
  report(kind, api, watching)
  return outsideOfCallback(call)
}

/** Tells the callback that runs, if one does; the stack trace begins at whoever has called `watching`. */
function report(kind: NondeterminismKind, api: string, watching: (...values: never[]) => unknown): void {
  const callback = enterCallback(undefined)
  try {
    if (callback === undefined) return
    const holder: { stack?: string } = {}
    Error.captureStackTrace(holder, watching)
    callback.onFound(kind, api, (holder.stack ?? '').replace(/^Error.*\n/, ''))
  } finally {
    enterCallback(callback)
  }
}

function namesOf(owner: object, pattern: RegExp): string[] {
  return Object.keys(owner).filter((name) => pattern.test(name))
}
