import { fileURLToPath } from 'node:url'
import { run } from '@x/sbe-tool'

const root = fileURLToPath(new URL('..', import.meta.url))
const numbers = 'orderId,accountId,price,quantity,timestampNs,instrumentId,legPrice'

function generate(folder: string, ...more: readonly string[]): number {
  const out = `${root}src/gen/${folder}`
  return run(['generate', `${root}schema/order.xml`, '--out', out, ...more, ...process.argv.slice(2)])
}

process.exitCode = Math.max(generate('bigints'), generate('numbers', '--number-fields', numbers))
