/** What Node.js has for text in bytes, made of machine code. A DataView is as good a receiver as its Buffer. */
interface NativeText {
  readonly utf8Write: (this: DataView, value: string, offset: number, length: number) => number
  readonly latin1Slice: (this: DataView, start: number, end: number) => string
}

let found: NativeText | null | undefined

/**
 * Found by what there is and not by an import, as a browser has none of it; null there, and where a runtime has a Buffer whose
 * methods refuse a DataView. Looked for when first asked: what is made while a module loads stays in every bundle.
 */
export function nativeText(): NativeText | null {
  if (found === undefined) found = findNativeText()
  return found
}

function findNativeText(): NativeText | null {
  const { Buffer } = globalThis as { readonly Buffer?: { readonly prototype: NativeText } }
  if (Buffer === undefined) return null
  const { utf8Write, latin1Slice } = Buffer.prototype
  const probe = new DataView(new ArrayBuffer(4), 1)
  try {
    const written = utf8Write.call(probe, 'ab', 1, 2)
    return written === 2 && latin1Slice.call(probe, 1, 3) === 'ab' ? { utf8Write, latin1Slice } : null
  } catch {
    return null
  }
}
