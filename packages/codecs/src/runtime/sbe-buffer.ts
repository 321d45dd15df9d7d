import type { AtomicBuffer } from '@x/atomic'

/** What a codec reads from and writes to. An AtomicBuffer or a DataView is wrapped without allocating. */
export type SbeBuffer = AtomicBuffer | Uint8Array | DataView

/** What a codec holds before its first wrap: every access to it is out of bounds. */
export const EMPTY_VIEW: DataView = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(0))

/**
 * Where a group is that is in front of its first entry: whatever offset of a field is added, it is outside of the buffer.
 * Not at the end of the buffer, which V8 may call a function for.
 */
export const NOWHERE = -0x4000_0000

/** The buffer as a DataView. Allocates one for a Uint8Array only. */
export function viewOf(buffer: SbeBuffer): DataView {
  if (buffer instanceof DataView) return buffer
  if (buffer instanceof Uint8Array) return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  return buffer.view
}

/** The buffer as bytes. Allocates a view for a DataView only. */
export function bytesOf(buffer: SbeBuffer): Uint8Array {
  // Not instanceof first: of what it does not hold, it goes through all prototypes.
  if (!ArrayBuffer.isView(buffer)) return buffer.bytes
  if (buffer instanceof Uint8Array) return buffer
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

/** A view of a span of the buffer, which is not copied. RangeError where the span is not within the buffer. */
export function bytesAt(buffer: SbeBuffer, offset: number, length: number): Uint8Array {
  if (offset < 0) throw new RangeError(`Cannot reach ${length} bytes: call next() before reading an entry`)
  if (buffer instanceof DataView) return new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)
  return bytesOf(buffer).subarray(offset, offset + length)
}
