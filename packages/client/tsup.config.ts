import { lib } from '@x/tsup-config'
import { defineConfig } from 'tsup'

export default defineConfig(
  lib({
    entry: [
      'src/index.ts',
      'src/internal/index.ts',
      'src/stream/index.ts',
      'src/worker/index.ts',
      'src/worker/worker-main.ts',
    ],
  }),
)
