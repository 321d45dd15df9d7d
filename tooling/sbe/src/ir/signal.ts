/** What a token of the intermediate form stands for. Names as in SBE's own tool (uk.co.real_logic.sbe.ir.Signal). */
export const Signal = {
  BEGIN_MESSAGE: 'BEGIN_MESSAGE',
  END_MESSAGE: 'END_MESSAGE',
  BEGIN_COMPOSITE: 'BEGIN_COMPOSITE',
  END_COMPOSITE: 'END_COMPOSITE',
  BEGIN_FIELD: 'BEGIN_FIELD',
  END_FIELD: 'END_FIELD',
  BEGIN_GROUP: 'BEGIN_GROUP',
  END_GROUP: 'END_GROUP',
  BEGIN_ENUM: 'BEGIN_ENUM',
  VALID_VALUE: 'VALID_VALUE',
  END_ENUM: 'END_ENUM',
  BEGIN_SET: 'BEGIN_SET',
  CHOICE: 'CHOICE',
  END_SET: 'END_SET',
  BEGIN_VAR_DATA: 'BEGIN_VAR_DATA',
  END_VAR_DATA: 'END_VAR_DATA',
  ENCODING: 'ENCODING',
} as const
export type Signal = (typeof Signal)[keyof typeof Signal]
