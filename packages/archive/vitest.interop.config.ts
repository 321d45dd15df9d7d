import { defineConfig } from 'vitest/config'

// Older archives, and programs that we did not write: minutes, apart from the normal run. `pnpm --filter @x/archive test:interop`.
const conditions = ['@x/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'interop',
    environment: 'node',
    include: ['packages/archive/test/**/*.interop.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What could not be run is told.
    disableConsoleIntercept: true,
  },
})
