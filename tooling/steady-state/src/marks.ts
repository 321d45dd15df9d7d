/** Begins the line behind which a program is in the steady state of the case that is named in its rest. */
export const STEADY = 'steady: '
export const END = 'end'
