import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundle } from '../test/bundle/bundle.ts'
import { PROTOCOLS } from '../test/fuzz/protocols.ts'

test.each(PROTOCOLS)('importing nothing of $name takes nothing into a bundle', async ({ name }) => {
  const { text, inputs } = await bundle(`import '@x/codecs/${name}'`)
  expect([text.trim(), inputs]).toEqual(['', []])
  const type = await bundle(`import type { SbeBuffer } from '@x/codecs/${name}'`)
  expect(type.text.trim()).toBe('')
})

test('a bundle takes in only what it imports: one encoder', async () => {
  const { text, inputs } = await bundle(`
    import { MessageHeaderEncoder, SessionKeepAliveEncoder } from '@x/codecs/cluster'
    const encoder = new SessionKeepAliveEncoder()
    encoder.wrapAndApplyHeader(new Uint8Array(64), 0, new MessageHeaderEncoder())
    console.log(encoder.encodedLength)`)
  expect(inputs.filter((path) => path.startsWith('gen/')).toSorted()).toEqual([
    'gen/cluster/message-header-encoder.ts',
    'gen/cluster/session-keep-alive-encoder.ts',
  ])
  expect(inputs.filter((path) => !path.startsWith('gen/')).toSorted()).toEqual([
    'runtime/bounds.ts',
    'runtime/integers.ts',
    'runtime/sbe-buffer.ts',
  ])
  // Measured: 2,174 bytes, 846 compressed. All of the cluster are 218,350.
  expect(text.length).toBeLessThan(2_500)
  expect(gzipSync(text).length).toBeLessThan(1_200)
})

test('a bundle takes in only what it imports: one decoder of text', async () => {
  const { text, inputs } = await bundle(`
    import { MessageHeaderDecoder, SessionEventDecoder } from '@x/codecs/cluster'
    const decoder = new SessionEventDecoder()
    decoder.wrapAndApplyHeader(new Uint8Array(64), 0, new MessageHeaderDecoder())
    console.log(decoder.detail)`)
  expect(inputs.filter((path) => path.startsWith('gen/')).toSorted()).toEqual([
    'gen/cluster/event-code.ts',
    'gen/cluster/message-header-decoder.ts',
    'gen/cluster/session-event-decoder.ts',
  ])
  // Measured: 9,212 bytes, 3,074 compressed.
  expect(text.length).toBeLessThan(9_500)
  expect(gzipSync(text).length).toBeLessThan(3_200)
})

test.each(PROTOCOLS)(
  'nothing of $name stays where all of it is in one file, as it is published',
  async ({ name }) => {
    const folder = mkdtempSync(join(tmpdir(), 'codecs-bundle-'))
    try {
      const { text } = await bundle(`export * from '@x/codecs/${name}'`)
      writeFileSync(join(folder, 'one.js'), text)
      const rest = await bundle(
        `import { MessageHeaderEncoder } from './one.js'\nconsole.log(MessageHeaderEncoder.name)`,
        folder,
      )
      expect(rest.text.match(/class[ {]/g)).toHaveLength(1)
      expect(rest.text.length).toBeLessThan(1_600)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
