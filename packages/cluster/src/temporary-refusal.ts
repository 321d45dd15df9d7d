import { isAeronError } from '@x/client'

/** Whether the driver refused for the moment only, as while the channel's endpoint is still closing, so that asking again makes sense. */
export function isTemporary(error: unknown): error is Error {
  return (
    isAeronError(error, 'REGISTRATION_FAILED') &&
    error.context.errorCodeName === 'RESOURCE_TEMPORARILY_UNAVAILABLE'
  )
}
