import type { BenchCase } from '../bench-case.ts'
import { singleProcessCase } from '../single-process.ts'

const COUNT = 200

/** Heap of the client's objects; the logs are mapped files, of the same size for all, and not counted. */
export const memory: BenchCase = singleProcessCase({
  name: 'memory',
  title: 'heap of a publication, and of a subscription with one image, after a collection',
  program: 'memory',
  channel: 'aeron:ipc?term-length=64k',
  streams: 300,
  variants: [
    {
      name: 'objects',
      params: { count: COUNT },
      metrics: [
        { key: 'publicationBytes', title: 'exclusive publication', unit: 'bytes', better: 'less' },
        { key: 'imageBytes', title: 'subscription with one image', unit: 'bytes', better: 'less' },
      ],
    },
  ],
})
