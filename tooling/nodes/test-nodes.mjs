// Runs the unit tests of the foundation packages on every supported release of Node.js: node test-nodes.mjs [releases ...]
import { spawnSync } from 'node:child_process'

const RELEASES = ['20', '22', '24', '26']
const PACKAGES = ['atomic', 'idlestrategy', 'mmap', 'client'].map((name) => `packages/${name}/`)
/** Packages of the npm registry that hold the executable of Node.js. */
const executable = `node-${process.platform}-${process.arch}`

const asked = process.argv.slice(2)
const failed = []
for (const release of asked.length > 0 ? asked : RELEASES) {
  process.stdout.write(`Node.js ${release}\n`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...PACKAGES]
  const args = ['-y', '-p', `${executable}@${release}`, '--', 'node', ...vitest]
  const { status } = spawnSync('npx', args, { stdio: 'inherit' })
  if (status !== 0) failed.push(release)
}
if (failed.length > 0) {
  process.stderr.write(`Failed on Node.js ${failed.join(', ')}\n`)
  process.exitCode = 1
}
