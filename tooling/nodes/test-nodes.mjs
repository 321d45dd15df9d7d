// Runs the tests on every supported release of Node.js: node test-nodes.mjs [--integration] [releases ...] [folders or files ...]
import { spawnSync } from 'node:child_process'

const RELEASES = ['20', '22', '24', '26']
/** Packages of the npm registry that hold the executable of Node.js. */
const executable = `node-${process.platform}-${process.arch}`

const asked = process.argv.slice(2)
const isRelease = (/** @type {string} */ argument) => /^\d+(?:\.\d+)*$/.test(argument)
const project = asked.includes('--integration') ? 'integration*' : 'unit*'
const releases = asked.filter(isRelease)
const filters = asked.filter((argument) => !argument.startsWith('--') && !isRelease(argument))

const failed = []
for (const release of releases.length > 0 ? releases : RELEASES) {
  process.stdout.write(`Node.js ${release}\n`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...filters]
  const args = ['-y', '-p', `${executable}@${release}`, '--', 'node', ...vitest]
  const { status } = spawnSync('npx', args, { stdio: 'inherit' })
  if (status !== 0) failed.push(release)
}
if (failed.length > 0) {
  process.stderr.write(`Failed on Node.js ${failed.join(', ')}\n`)
  process.exitCode = 1
}
