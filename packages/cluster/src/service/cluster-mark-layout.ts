// Layout of a mark file. Protocol: MarkFileHeader of schema 110 behind its SBE header, and Aeron's ClusterMarkFile. A test
// compares it with the generated codec. It is spelt out here because the codec has no ordered or atomic access, and the
// activity timestamp and the version need it:
//
//   0       8                    136                              8192               8192 + error buffer length
//   +-------+--------------------+--------------------------------+------------------+
//   | SBE   | block: numbers     | strings: u32 length, ASCII     | distinct errors  |
//   +-------+--------------------+--------------------------------+------------------+

const SIZE_OF_INT32 = 4
const SIZE_OF_INT64 = 8

/** Fields of the SBE header at the start of the file. */
export const MARK_SBE_HEADER = { blockLength: 128, templateId: 200, schemaId: 110, version: 2 } as const

/** Offset of the block, as written since Aeron 1.47; older files begin with the block. */
export const MARK_BLOCK_OFFSET = 8

// Offsets within the block.

/** Format of the file, int32; stored with release. */
export const VERSION_OFFSET = 0
/** Whose file it is, int32. */
export const COMPONENT_TYPE_OFFSET: number = VERSION_OFFSET + SIZE_OF_INT32
/** When its owner was last alive, in milliseconds of the epoch, int64; stored with release. */
export const ACTIVITY_TIMESTAMP_OFFSET: number = COMPONENT_TYPE_OFFSET + SIZE_OF_INT32
/** When its owner started, in milliseconds of the epoch, int64. */
export const START_TIMESTAMP_OFFSET: number = ACTIVITY_TIMESTAMP_OFFSET + SIZE_OF_INT64
/** Process id of its owner, int64. */
export const PID_OFFSET: number = START_TIMESTAMP_OFFSET + SIZE_OF_INT64
/** Of the consensus module, int64; kept for it. */
export const CANDIDATE_TERM_ID_OFFSET: number = PID_OFFSET + SIZE_OF_INT64
/** Control stream of the member's archive, int32. */
export const ARCHIVE_STREAM_ID_OFFSET: number = CANDIDATE_TERM_ID_OFFSET + SIZE_OF_INT64
/** Stream from the consensus module to the services, int32. */
export const SERVICE_STREAM_ID_OFFSET: number = ARCHIVE_STREAM_ID_OFFSET + SIZE_OF_INT32
/** Stream from the services to the consensus module, int32. */
export const CONSENSUS_MODULE_STREAM_ID_OFFSET: number = SERVICE_STREAM_ID_OFFSET + SIZE_OF_INT32
/** Of the consensus module, int32; -1 for a service. */
export const INGRESS_STREAM_ID_OFFSET: number = CONSENSUS_MODULE_STREAM_ID_OFFSET + SIZE_OF_INT32
/** Member that its owner belongs to, int32; -1 until known. */
export const MEMBER_ID_OFFSET: number = INGRESS_STREAM_ID_OFFSET + SIZE_OF_INT32
/** Service of its owner, int32. */
export const SERVICE_ID_OFFSET: number = MEMBER_ID_OFFSET + SIZE_OF_INT32
/** Bytes in front of the error log, int32. */
export const HEADER_LENGTH_OFFSET: number = SERVICE_ID_OFFSET + SIZE_OF_INT32
/** Bytes of the error log, int32. */
export const ERROR_BUFFER_LENGTH_OFFSET: number = HEADER_LENGTH_OFFSET + SIZE_OF_INT32
/** Cluster of its owner, int32. */
export const CLUSTER_ID_OFFSET: number = ERROR_BUFFER_LENGTH_OFFSET + SIZE_OF_INT32

/** Bytes in front of the error log. */
export const MARK_HEADER_LENGTH = 8192
/** The file's length is a multiple of this: the driver's default page size for files. */
export const MARK_FILE_ALIGNMENT = 4096

/** Format of the file: 0.3.0. */
export const MARK_FILE_VERSION: number = (0 << 16) | (3 << 8) | 0
/** Version of a file whose making failed. */
export const MARK_FILE_FAILED_VERSION = -1
/** Component type of a service container. */
export const COMPONENT_TYPE_CONTAINER = 2
/** Component type of a file that nobody has claimed yet. */
export const COMPONENT_TYPE_UNKNOWN = 0

/** An activity timestamp that says that nobody is active. */
export const NOT_ACTIVE = -1n
/** An activity timestamp that says that somebody is taking the file over. */
export const ACTIVATING: bigint = 2n ** 63n - 1n
