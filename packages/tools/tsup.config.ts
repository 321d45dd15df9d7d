import { lib } from '@x/tsup-config'
import { defineConfig } from 'tsup'

export default defineConfig(lib({ entry: ['src/index.ts', 'src/bin.ts'] }))
