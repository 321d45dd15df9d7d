import { defineConfig, mergeConfig } from 'vitest/config'
import root from '../../vitest.config.ts'

// Tests that wait for long timeouts, or that need more rights than a developer has: a command of their own, `pnpm --filter @x/archive test:slow`.
const { projects: _projects, ...test } = root.test ?? {}

export default mergeConfig(
  { ...root, test },
  defineConfig({
    test: {
      name: 'slow',
      include: ['packages/archive/test/**/*.slow.test.ts'],
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 60_000,
    },
  }),
)
