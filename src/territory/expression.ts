/** Set expressions such as `REG:84 - DEP:69 | @mine`: scan → node → print, and what they mean. */
export { evaluateExpression, leavesOf, type SetAlgebra, writtenCodes } from './expression/evaluate.js';
export {
  type CodeNode,
  codeNode,
  EMPTY_NODE,
  type EmptyNode,
  type Expression,
  type NameNode,
  nameNode,
  type Operation,
  type OperationNode,
  operationNode,
} from './expression/node.js';
export { parseExpression } from './expression/parse.js';
export { printExpression } from './expression/print.js';
