import { Writable } from 'node:stream'
import { callbackify } from 'node:util'
import { offerAsync, type OfferAsyncOptions } from '../publication/offer-async.ts'
import type { Publication } from '../publication/publication.ts'

/** How to write to a publication as a stream. */
export interface PublicationWritableOptions extends Pick<OfferAsyncOptions, 'whenNotConnected'> {
  /** Messages that the stream holds before `write` gives false. @default 16 */
  readonly highWaterMark?: number
  /** Whether to close the publication when the stream is finished or destroyed. @default false */
  readonly closesPublication?: boolean
}

/**
 * A publication as a Node.js stream, one message a chunk: bytes, or text, which is sent as UTF-8. A chunk is done when the log has taken it;
 * while the publication is back-pressured, so is the stream. It is destroyed with an `OFFER_FAILED` when the publication is closed.
 */
export function publicationWritable(
  publication: Publication,
  options: PublicationWritableOptions = {},
): Writable {
  const { highWaterMark = 16, closesPublication = false, whenNotConnected = 'wait' } = options
  const controller = new AbortController()
  const offer = callbackify((message: Uint8Array) =>
    offerAsync(publication, message, { signal: controller.signal, whenNotConnected }),
  )
  return new Writable({
    objectMode: true,
    highWaterMark,
    write(chunk: unknown, _encoding, callback) {
      const message = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      if (!(message instanceof Uint8Array)) {
        callback(
          new TypeError(
            `Cannot write to a publication: a chunk must be bytes or text, it is ${typeof chunk}`,
          ),
        )
        return
      }
      offer(message, callback)
    },
    destroy(error, callback) {
      controller.abort(error ?? new Error('The stream was destroyed'))
      if (closesPublication) publication.close()
      callback(error)
    },
  })
}
