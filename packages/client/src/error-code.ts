/** Error codes of the driver. Protocol: Aeron's `ErrorCode`. */
export const ErrorCode = {
  UNUSED: 0,
  INVALID_CHANNEL: 1,
  UNKNOWN_SUBSCRIPTION: 2,
  UNKNOWN_PUBLICATION: 3,
  CHANNEL_ENDPOINT_ERROR: 4,
  UNKNOWN_COUNTER: 5,
  UNKNOWN_COMMAND_TYPE_ID: 6,
  MALFORMED_COMMAND: 7,
  NOT_SUPPORTED: 8,
  UNKNOWN_HOST: 9,
  RESOURCE_TEMPORARILY_UNAVAILABLE: 10,
  GENERIC_ERROR: 11,
  STORAGE_SPACE: 12,
  IMAGE_REJECTED: 13,
  PUBLICATION_REVOKED: 14,
  UNKNOWN_CODE_VALUE: -1,
} as const

/** One of the driver's error codes. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

/** Name of a driver error code. */
export type ErrorCodeName = keyof typeof ErrorCode

/** The name of a code from the driver; `UNKNOWN_CODE_VALUE` for one that this version does not know. */
export function errorCodeName(code: number): ErrorCodeName {
  for (const [name, value] of Object.entries(ErrorCode)) {
    if (value === code) return name as ErrorCodeName
  }
  return 'UNKNOWN_CODE_VALUE'
}
