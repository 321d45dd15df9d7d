import {
  type JavaProgram,
  launchJava,
  launchMediaDriver,
  type MediaDriverProcess,
  reservePorts,
} from '@x/aeron-tooling'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Aeron, channelUri, type Image, type Publication, type Subscription } from '@x/client'
import { eventually } from './support/eventually.ts'
import { compileJava } from './support/java/compile-java.ts'

// Response channels between this client and Aeron's own `ResponseServer` and `ResponseClient`.

const SOURCE = fileURLToPath(new URL('support/java/Responses.java', import.meta.url))
const REQUEST_STREAM_ID = 700
const RESPONSE_STREAM_ID = 701

let classes: string
let driver: MediaDriverProcess
let aeron: Aeron
let ports: Awaited<ReturnType<typeof reservePorts>>

beforeAll(async () => {
  classes = mkdtempSync(join(tmpdir(), 'responses-'))
  await compileJava(SOURCE, classes)
  ports = await reservePorts(4)
  driver = await launchMediaDriver()
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
  ports?.release()
  rmSync(classes, { recursive: true, force: true })
})

/** Addresses of the requests and of the control of the responses, for each test its own. */
function addresses(test: number): [string, string] {
  return [`localhost:${ports.ports[2 * test]}`, `localhost:${ports.ports[2 * test + 1]}`]
}

function launch(
  role: 'server' | 'client',
  [requests, control]: [string, string],
  name: string,
): Promise<JavaProgram> {
  const args = [role, driver.aeronDirectory, requests, REQUEST_STREAM_ID, control, RESPONSE_STREAM_ID, name]
  return launchJava('Responses', { classPath: [classes], args: args.map(String), name: `responses-${name}` })
}

function poll(subscription: Subscription): string[] {
  const texts: string[] = []
  subscription.poll((buffer, offset, length) => {
    texts.push(buffer.getStringWithoutLengthUtf8(offset, length))
  }, 10)
  return texts
}

interface Asker extends AsyncDisposable {
  readonly requests: Publication
  readonly responses: Subscription
}

async function connectAsker([endpoint, control]: [string, string]): Promise<Asker> {
  const responseChannel = channelUri({ media: 'udp', controlMode: 'response', control })
  const responses = await aeron.addSubscription(responseChannel, RESPONSE_STREAM_ID)
  const requestChannel = channelUri({
    media: 'udp',
    endpoint,
    responseCorrelationId: responses.registrationId,
  })
  const requests = await aeron.addExclusivePublication(requestChannel, REQUEST_STREAM_ID)
  await eventually(() => requests.isConnected && responses.isConnected, 60_000)
  return {
    requests,
    responses,
    [Symbol.asyncDispose]: async () => {
      requests.close()
      responses.close()
    },
  }
}

test("Java's ResponseServer answers each of ours, and nobody else", async () => {
  const at = addresses(0)
  await using server = await launch('server', at, 'java')
  await server.waitForOutput(/serving/)
  await using first = await connectAsker(at)
  await using second = await connectAsker(at)
  for (const [asker, text] of [
    [first, 'one'],
    [second, 'two'],
  ] as const) {
    await eventually(() => asker.requests.offer(Buffer.from(text)) > 0)
    const heard: string[] = []
    await eventually(() => heard.push(...poll(asker.responses)) > 0)
    expect(heard).toEqual([`java: ${text}`])
  }
  expect([...poll(first.responses), ...poll(second.responses)]).toEqual([])
})

test("Java's ResponseClients get from ours what each asked for", async () => {
  const at = addresses(1)
  const [endpoint, control] = at
  const images: Image[] = []
  using requests = await aeron.addSubscription(
    channelUri({ media: 'udp', endpoint, responseEndpoint: control }),
    REQUEST_STREAM_ID,
    { onAvailableImage: (image) => images.push(image) },
  )
  await using first = await launch('client', at, 'a')
  await using second = await launch('client', at, 'b')
  await eventually(() => images.length === 2, 60_000)
  const answers = new Map<number, Publication>()
  for (const { sessionId, correlationId } of images) {
    const channel = channelUri({
      media: 'udp',
      controlMode: 'response',
      control,
      responseCorrelationId: correlationId,
    })
    answers.set(sessionId, await aeron.addPublication(channel, RESPONSE_STREAM_ID))
  }
  const asked: [Publication, string][] = []
  await eventually(() => {
    requests.poll((buffer, offset, length, header) => {
      asked.push([answers.get(header.sessionId)!, buffer.getStringWithoutLengthUtf8(offset, length)])
    }, 10)
    return asked.length === 2
  }, 60_000)
  for (const [publication, request] of asked) {
    await eventually(() => publication.offer(Buffer.from(`ours: ${request}`)) > 0)
  }
  for (const [program, name] of [
    [first, 'a'],
    [second, 'b'],
  ] as const) {
    expect(await program.waitForExit()).toEqual({ code: 0, signal: null })
    expect(program.output.match(/answer <.*>/g)).toEqual([`answer <ours: request of ${name}>`])
  }
})
