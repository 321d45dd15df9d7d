/**
 * Flags of Node.js with which V8 inlines more than 920 bytes of bytecode into a function, as packages/codecs/docs/speed.md advises: a message of twenty fields
 * takes some thousands.
 */
export const INLINING_FLAGS: readonly string[] = [
  '--max-inlined-bytecode-size-cumulative=10000',
  '--max-inlined-bytecode-size-absolute=20000',
]
