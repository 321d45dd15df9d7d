import { defineConfig } from 'vitest/config'

// '@x/source' makes a workspace import resolve to that package's TypeScript source, so no build is needed.
// TEST_DIST=1 tests what is in dist instead. The rest is Vite's default list for server code.
const server = ['module', 'node', 'development|production']
const conditions = process.env['TEST_DIST'] === '1' ? server : ['@x/source', ...server]

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
          // Seconds are much when other things run beside: a hang is meant, not a speed.
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{packages,tooling,apps}/*/test/**/*.integration.test.ts'],
          // Each file starts real Java processes: two cores carry one such file at a time.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
