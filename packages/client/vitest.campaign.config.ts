import { defineConfig } from 'vitest/config'

// What takes minutes: campaigns and soaks, apart from the normal run. CAMPAIGN_MINUTES sets how long each takes.
const conditions = ['@x/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'campaign',
    environment: 'node',
    include: ['packages/*/test/**/*.campaign.test.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    // The figures are what such a run is for.
    disableConsoleIntercept: true,
  },
})
