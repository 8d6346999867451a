export { codesIn, escapeName, type Guarded, luceneText, luceneTextGuarded, quote } from './print.js';
export { type DefaultOperator, findShorthand, type Reading, type ShorthandUse } from './shorthand.js';
export { MAX_BRANCHING, type Piece, type SplitFrame, split } from './split.js';
export {
  applyEdits,
  type Edit,
  edits,
  MAX_CODES_WRITTEN_IN,
  type QueryStringSettings,
  whyNotWrittenIn,
  writeIn,
} from './write-in.js';
