import koffi from 'koffi'

/** The native calls of this package, with the numbers that differ between systems already filled in. All addresses are as the kernel gave them. */
export interface Libc {
  /** Mappings start at multiples of this in a file. */
  readonly pageSize: number
  /** Maps `length` bytes of an open file and returns their address. */
  map(fd: number, offset: number, length: number, readonly: boolean): bigint
  /** Lays private zero pages over a mapping; the file's pages are let go at once, and the address range stays valid. */
  coverWithZeroPages(address: bigint, length: number): void
  unmap(address: bigint, length: number): void
  /** Writes changed pages to the file and waits for it. */
  sync(address: bigint, length: number): void
  /** The mapping as memory; valid for as long as the address range is. */
  view(address: bigint, length: number): ArrayBuffer
}

/** A native call has failed; `code` is the name of its errno. */
export class LibcError extends Error {
  override readonly name = 'LibcError'
  readonly code: string

  constructor(call: string, errno: number) {
    const code = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`
    super(`${call} failed with ${code}`)
    this.code = code
  }
}

const PROT_READ = 0x1
const PROT_WRITE = 0x2
const MAP_SHARED = 0x1
const MAP_PRIVATE = 0x2
const MAP_FIXED = 0x10
const NO_FILE = -1
const MAP_FAILED = 0xffff_ffff_ffff_ffffn

interface PlatformFlags {
  readonly MAP_ANONYMOUS: number
  readonly MAP_NORESERVE: number
  readonly MS_SYNC: number
  /** How a read-only file is mapped. */
  readonly readonlyProtection: number
  readonly readonlyFlags: number
}

// From the systems' <sys/mman.h>.
const FLAGS: Readonly<Partial<Record<NodeJS.Platform, PlatformFlags>>> = {
  linux: {
    MAP_ANONYMOUS: 0x20,
    MAP_NORESERVE: 0x4000,
    MS_SYNC: 0x4,
    // Writable and private: JavaScript cannot be kept from writing to an ArrayBuffer, and a write to a read-only page would end the process.
    // Linux shows the writes of others in pages that were not written here.
    readonlyProtection: PROT_READ | PROT_WRITE,
    readonlyFlags: MAP_PRIVATE | 0x4000,
  },
  darwin: {
    MAP_ANONYMOUS: 0x1000,
    MAP_NORESERVE: 0x40,
    MS_SYNC: 0x10,
    // A private mapping is a snapshot on macOS, so that writes of others would not be seen.
    readonlyProtection: PROT_READ,
    readonlyFlags: MAP_SHARED,
  },
}

/** Whether this package knows how to map files on this system. */
export function isSupportedPlatform(platform: NodeJS.Platform): boolean {
  return FLAGS[platform] !== undefined
}

/** Binds the native calls; call it once, and only where {@link isSupportedPlatform}. */
export function bindLibc(platform: NodeJS.Platform): Libc {
  const flags = FLAGS[platform]
  if (flags === undefined) throw new Error(`Cannot bind libc: platform "${platform}" is not known`)
  // The process itself has libc loaded, whatever that file is called on this system.
  const lib = koffi.load(null)
  const mmap = lib.func(
    'void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)',
  ) as unknown as (
    address: bigint | null,
    length: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ) => bigint
  type RangeCall<Rest extends unknown[]> = (address: bigint, length: number, ...rest: Rest) => number
  const munmap = lib.func('int munmap(void *address, size_t length)') as unknown as RangeCall<[]>
  const msync = lib.func('int msync(void *address, size_t length, int flags)') as unknown as RangeCall<
    [number]
  >
  const getpagesize = lib.func('int getpagesize()') as unknown as () => number

  return {
    pageSize: getpagesize(),
    map(fd, offset, length, readonly) {
      const protection = readonly ? flags.readonlyProtection : PROT_READ | PROT_WRITE
      const address = mmap(null, length, protection, readonly ? flags.readonlyFlags : MAP_SHARED, fd, offset)
      if (address === MAP_FAILED) throw new LibcError('mmap', koffi.errno())
      return address
    },
    coverWithZeroPages(address, length) {
      const how = MAP_FIXED | MAP_PRIVATE | flags.MAP_ANONYMOUS | flags.MAP_NORESERVE
      const covered = mmap(address, length, PROT_READ | PROT_WRITE, how, NO_FILE, 0)
      if (covered === MAP_FAILED) throw new LibcError('mmap', koffi.errno())
    },
    unmap(address, length) {
      if (munmap(address, length) !== 0) throw new LibcError('munmap', koffi.errno())
    },
    sync(address, length) {
      if (msync(address, length, flags.MS_SYNC) !== 0) throw new LibcError('msync', koffi.errno())
    },
    view(address, length) {
      return koffi.view(address, length)
    },
  }
}
