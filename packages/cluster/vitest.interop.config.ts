import { defineConfig } from 'vitest/config'

// Older consensus modules, and programs that we did not write: minutes, apart from the normal run. `pnpm --filter @x/cluster test:interop`.
const conditions = ['@x/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'interop',
    environment: 'node',
    include: ['packages/cluster/test/**/*.interop.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // What such a run shows is told.
    disableConsoleIntercept: true,
  },
})
