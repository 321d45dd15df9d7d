/** The release of V8 in Node.js 24, from which on a call of utf8Write takes half the time. */
const FAST_V8 = 13
/** A loop and a call take 60 and 110 ns for 32 characters on Node.js 20, 118 and 132 for 64, 143 and 146 for 80; 71 and 45 for 32 on Node.js 24. */
const LEAST = 80
const LEAST_WHEN_FAST = 32

let found = 0

/** Characters from which on text is written by a call into Node.js. Looked for when first asked: what is made while a module loads stays in every bundle. */
export function leastToWrite(): number {
  if (found === 0) found = find()
  return found
}

function find(): number {
  const { process } = globalThis as { readonly process?: { readonly versions?: { readonly v8?: string } } }
  return Number.parseInt(process?.versions?.v8 ?? '', 10) >= FAST_V8 ? LEAST_WHEN_FAST : LEAST
}
