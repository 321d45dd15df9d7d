import { defineConfig } from 'vitest/config'

// Tests that wait for long timeouts, or that need more rights than a developer has: a command of their own, `pnpm --filter @x/archive test:slow`.
// Workspace imports resolve to TypeScript source, as in the configuration of the other tests.
const conditions = ['@x/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'slow',
    environment: 'node',
    include: ['packages/archive/test/**/*.slow.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
