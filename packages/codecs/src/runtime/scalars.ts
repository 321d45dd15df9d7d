// What the getters of generated code call in place of the DataView. V8 does not know how often a getter is called, and inlines it after
// everything else, unless it has 27 bytes of bytecode or fewer: with these, it has.

/** Reads an int16, little endian. RangeError where it is not within the buffer, as of all of these. */
export function getInt16Le(view: DataView, offset: number): number {
  return view.getInt16(offset, true)
}

/** Reads an int16, big endian. */
export function getInt16Be(view: DataView, offset: number): number {
  return view.getInt16(offset)
}

/** Reads a uint16, little endian. */
export function getUint16Le(view: DataView, offset: number): number {
  return view.getUint16(offset, true)
}

/** Reads a uint16, big endian. */
export function getUint16Be(view: DataView, offset: number): number {
  return view.getUint16(offset)
}

/** Reads an int32, little endian. */
export function getInt32Le(view: DataView, offset: number): number {
  return view.getInt32(offset, true)
}

/** Reads an int32, big endian. */
export function getInt32Be(view: DataView, offset: number): number {
  return view.getInt32(offset)
}

/** Reads a uint32, little endian. */
export function getUint32Le(view: DataView, offset: number): number {
  return view.getUint32(offset, true)
}

/** Reads a uint32, big endian. */
export function getUint32Be(view: DataView, offset: number): number {
  return view.getUint32(offset)
}

/** Reads a float, little endian. */
export function getFloat32Le(view: DataView, offset: number): number {
  return view.getFloat32(offset, true)
}

/** Reads a float, big endian. */
export function getFloat32Be(view: DataView, offset: number): number {
  return view.getFloat32(offset)
}

/** Reads a double, little endian. */
export function getFloat64Le(view: DataView, offset: number): number {
  return view.getFloat64(offset, true)
}

/** Reads a double, big endian. */
export function getFloat64Be(view: DataView, offset: number): number {
  return view.getFloat64(offset)
}

/** Reads an int64, little endian. */
export function getBigInt64Le(view: DataView, offset: number): bigint {
  return view.getBigInt64(offset, true)
}

/** Reads an int64, big endian. */
export function getBigInt64Be(view: DataView, offset: number): bigint {
  return view.getBigInt64(offset)
}

/** Reads a uint64, little endian. */
export function getBigUint64Le(view: DataView, offset: number): bigint {
  return view.getBigUint64(offset, true)
}

/** Reads a uint64, big endian. */
export function getBigUint64Be(view: DataView, offset: number): bigint {
  return view.getBigUint64(offset)
}
