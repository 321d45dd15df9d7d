import { expect, test } from 'vitest'
import { LocalLog } from '../../test/support/local-log.ts'
import { ACTIVE_TERM_COUNT_OFFSET } from '../logbuffer/log-buffer-descriptor.ts'
import { offerAsync } from './offer-async.ts'

test('offerAsync() leaves the event loop its turns while a rotation never ends', async () => {
  using log = new LocalLog()
  // A tail of another term than the active one: a log that contradicts itself, for good.
  log.file.metadata.putInt32(ACTIVE_TERM_COUNT_OFFSET, 1)
  const publication = log.concurrent()
  const signal = AbortSignal.timeout(50)
  let attempts = 0
  const offer = publication.offer.bind(publication)
  publication.offer = (...message) => {
    if (++attempts > 100_000) throw new Error('the event loop has no turn')
    return offer(...message)
  }
  await expect(offerAsync(publication, Buffer.from('never'), { signal })).rejects.toMatchObject({
    name: 'TimeoutError',
  })
})
