/*
 * What is asked of typed arrays for each message, looked up once.
 *
 * V8 leaves each look-up of a property of a typed array (`byteLength`, `byteOffset`, `set`, not `length`) to a call when it compiles in the background, as it
 * does: 10 to 20 ns on Node.js 20, and `byteOffset` 1.5 with `--no-concurrent-recompilation`. A method or getter that is called as what it is, it compiles in.
 */

interface TypedArrayGetters {
  readonly buffer: (this: Uint8Array) => ArrayBufferLike
  readonly byteLength: (this: Uint8Array) => number
  readonly byteOffset: (this: Uint8Array) => number
}

function getter<K extends keyof TypedArrayGetters>(name: K): TypedArrayGetters[K] {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object
  // oxlint-disable-next-line typescript/unbound-method
  return Object.getOwnPropertyDescriptor(prototype, name)!.get as TypedArrayGetters[K]
}

/** `target.set(source, offset)` */
export const setBytes: (target: Uint8Array, source: Uint8Array, offset: number) => void = (() => {
  // In a function, as a bundler makes a variable of what is a constant of the module.
  // oxlint-disable-next-line typescript/unbound-method
  const { set } = Uint8Array.prototype
  return (target, source, offset) => {
    set.call(target, source, offset)
  }
})()

/** `array.byteLength`; throws a TypeError for what is no typed array, which a data view is not. */
export const byteLengthOf: (array: Uint8Array) => number = (() => {
  const get = getter('byteLength')
  return (array) => get.call(array)
})()

/** `new Uint8Array(array.buffer, array.byteOffset + offset, length)` */
export const windowOf: (array: Uint8Array, offset: number, length: number) => Uint8Array = (() => {
  const buffer = getter('buffer')
  const byteOffset = getter('byteOffset')
  return (array, offset, length) =>
    new Uint8Array(buffer.call(array), byteOffset.call(array) + offset, length)
})()
