import { lib } from '@x/tsup-config'
import { defineConfig } from 'tsup'

export default defineConfig(
  lib({
    entry: [
      'src/runtime/index.ts',
      'src/archive.ts',
      'src/archive-mark.ts',
      'src/cluster.ts',
      'src/cluster-mark.ts',
      'src/node-state.ts',
    ],
  }),
)
