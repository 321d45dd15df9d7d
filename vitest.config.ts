import { defineConfig } from 'vitest/config'

// '@x/source' makes a workspace import resolve to that package's TypeScript source, so no build is needed.
// TEST_DIST=1 tests what is in dist instead. The rest is Vite's default list for server code.
const server = ['module', 'node', 'development|production']
const conditions = process.env['TEST_DIST'] === '1' ? server : ['@x/source', ...server]

// They, or what they test, put functions of their own in place of those of Node.js.
const patching = ['packages/cluster/src/testing/**/*.test.ts']
// Seconds are much when other things run beside: a hang is meant, not a speed.
const unit = { testTimeout: 120_000, sequence: { groupOrder: 1 } }

// They measure stalls, or stop and kill what others wait for: a member that is late by its neighbour's load takes another way than the one meant.
// The litmus tests want both cores.
const alone = [
  'packages/client/test/client-faults.integration.test.ts',
  'packages/client/test/driver-faults.integration.test.ts',
  'packages/client/test/failure.integration.test.ts',
  'packages/client/test/litmus.integration.test.ts',
  'packages/client/test/resilient.integration.test.ts',
  'packages/cluster/test/client-failover.integration.test.ts',
  'packages/cluster/test/resilient-client.integration.test.ts',
  'packages/cluster/test/service-failover.integration.test.ts',
  'packages/cluster/test/service-liveness.integration.test.ts',
  'packages/cluster/test/three-members.integration.test.ts',
  'packages/cluster/test/three-members-mixed.integration.test.ts',
]
// Several times what they take on a machine that has nothing else to do.
const integration = { testTimeout: 180_000, hookTimeout: 180_000 }

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    coverage: { provider: 'v8', include: ['packages/*/src/**'], reporter: ['text', 'lcov'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,tooling,apps}/*/src/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...patching],
          // A process for each file takes as long as its tests.
          isolate: false,
          ...unit,
        },
      },
      {
        extends: true,
        test: { name: 'unit-isolated', include: patching, ...unit },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{packages,tooling,apps}/*/test/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', ...alone],
          // Each file starts real Java processes, and much of its time waits for their timeouts: two cores carry two such files at a time.
          maxWorkers: 2,
          ...integration,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration-alone',
          include: alone,
          fileParallelism: false,
          ...integration,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
