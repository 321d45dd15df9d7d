import { defineConfig } from 'vitest/config'

// Programs that we did not write and that take minutes, apart from the normal run.
const conditions = ['@x/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'interop',
    environment: 'node',
    include: ['packages/client/test/**/*.interop.test.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 60_000,
    // The figures are what such a run is for.
    disableConsoleIntercept: true,
  },
})
