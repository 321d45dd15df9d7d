export { publicationWritable } from './publication-writable.ts'
export { subscriptionReadable } from './subscription-readable.ts'
export type { PublicationWritableOptions } from './publication-writable.ts'
export type { SubscriptionReadableOptions } from './subscription-readable.ts'
