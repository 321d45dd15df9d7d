import { lib } from '@x/tsup-config'
import { defineConfig } from 'tsup'

export default defineConfig(
  lib({
    entry: {
      index: 'src/index.ts',
      'testing/index': 'src/testing/index.ts',
      'watching-thread-main': 'src/service/stall/watching-thread-main.ts',
      'service-worker-main': 'src/service/worker/service-worker-main.ts',
    },
  }),
)
