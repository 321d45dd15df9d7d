/** How deep elements of a schema, or tokens of an IR file, may nest. Ours: far more than any schema has, and far less than the stack holds. */
export const MAX_NESTING = 100
