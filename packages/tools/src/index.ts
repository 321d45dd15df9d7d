export { run } from './cli.ts'
export type { Output } from './output.ts'
