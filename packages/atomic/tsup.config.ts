import { lib } from '@x/tsup-config'
import { defineConfig } from 'tsup'

export default defineConfig(
  lib({
    entry: ['src/index.ts', 'src/ring-buffer/index.ts', 'src/broadcast/index.ts', 'src/status/index.ts'],
  }),
)
