import { lib } from '@x/tsup-config'
import { defineConfig } from 'tsup'

export default defineConfig(lib({ entry: ['src/runtime/index.ts', 'src/archive.ts', 'src/cluster.ts', 'src/cluster-mark.ts'] }))
