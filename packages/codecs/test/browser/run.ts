import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { bundle } from '../bundle/bundle.ts'

// pnpm --filter @x/codecs test:browser: bundles the codecs for a browser, and runs them in Chromium. Exit code 0 where all
// is well, 1 where a check fails, 2 where there is no browser.

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url))
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const TIMEOUT_MS = 60_000

/** Serves a page with the script, isolated from other origins: only so has a page shared memory. */
function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    const isScript = request.url === '/program.js'
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><script type="module" src="/program.js"></script>')
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function runInBrowser(executablePath: string, url: string): Promise<string> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(url)
    const result = await page.waitForFunction('globalThis.result', undefined, { timeout: TIMEOUT_MS })
    return `${browser.version()}: ${String(await result.jsonValue())}`
  } finally {
    await browser.close()
  }
}

async function main(): Promise<number> {
  const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path))
  if (executablePath === undefined) {
    process.stderr.write(
      `Cannot run the browser test: no browser is at ${BROWSERS.join(', ')}; run "apt-get install chromium", or give its path in CHROMIUM\n`,
    )
    return 2
  }
  const { text } = await bundle(readFileSync(PROGRAM, 'utf8'), fileURLToPath(new URL('.', import.meta.url)))
  const server = await serve(text)
  try {
    const { port } = server.address() as AddressInfo
    const result = await runInBrowser(executablePath, `http://127.0.0.1:${port}/`)
    process.stdout.write(`Chromium ${result}\n`)
    return result.includes(': ok: ') ? 0 : 1
  } finally {
    server.close()
  }
}

process.exitCode = await main()
