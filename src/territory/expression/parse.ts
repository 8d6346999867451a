import { TerritorySyntaxError, TerritoryTooLargeError } from '../errors.js';
import { type Expression, type Operation, operationNode, PRECEDENCE } from './node.js';
import { type OperatorToken, scan, type Token } from './scan.js';

/** What is open while a text is read: an operation that still waits for operands, or a parenthesis. */
type Open =
  | { readonly kind: '('; readonly column: number }
  | { readonly kind: Operation; readonly operands: Expression[] };

/** How deep parentheses may be nested unless a caller says otherwise. */
const MAX_DEPTH = 1000;

/**
 * Reads a set expression: codes and `@names`, `-` (binds tightest), `&`, `|`, from left to right, and parentheses.
 * Nothing here recurses, so the depth of parentheses is limited only for the sake of time.
 *
 * @throws TerritorySyntaxError with the 1-based column of what can't be read
 * @throws TerritoryTooLargeError where parentheses are nested deeper than `depth`
 */
export function parseExpression(text: string, { depth = MAX_DEPTH }: { depth?: number } = {}): Expression {
  const tokens = scan(text);
  if (tokens.length === 0) throw new TerritorySyntaxError('the expression is empty', 1);
  checkDepth(tokens, depth);
  const open: Open[] = [];
  let operand: Expression | undefined;
  for (const [i, token] of tokens.entries()) {
    if (operand === undefined) {
      if (token.kind === 'operand') operand = token.node;
      else if (token.kind === '(') open.push({ kind: '(', column: token.column });
      else throw missingOperand(token, tokens[i - 1]);
    } else if (token.kind === 'operator') {
      operand = pushOperator(open, operand, token);
    } else if (token.kind === ')') {
      operand = closeOperations(open, operand, 0);
      if (open.pop() === undefined) throw new TerritorySyntaxError('no parenthesis is open for this [)]', token.column);
    } else {
      throw new TerritorySyntaxError(
        `one of the operators [|], [&] and [-] is missing before [${token.text}]`,
        token.column,
      );
    }
  }
  if (operand === undefined) throw missingOperand(undefined, tokens.at(-1));
  const expression = closeOperations(open, operand, 0);
  const unclosed = open.at(-1);
  if (unclosed?.kind === '(') throw new TerritorySyntaxError('this parenthesis is not closed', unclosed.column);
  return expression;
}

function checkDepth(tokens: readonly Token[], most: number): void {
  let depth = 0;
  for (const { kind, column } of tokens) {
    if (kind === '(') depth++;
    else if (kind === ')') depth--;
    if (depth > most) {
      throw new TerritoryTooLargeError(
        `parentheses are nested deeper than ${most} at column ${column} of the expression`,
      );
    }
  }
}

/** Gives the operand to the operation that it belongs to; afterwards the next operand is awaited. */
function pushOperator(open: Open[], operand: Expression, { operation }: OperatorToken): undefined {
  const left = closeOperations(open, operand, PRECEDENCE[operation] + 1);
  const last = open.at(-1);
  if (last && last.kind !== '(' && last.kind === operation) last.operands.push(left);
  else open.push({ kind: operation, operands: [left] });
  return undefined;
}

/** Completes the operations, up to the innermost parenthesis, that bind at least as tightly as `precedence`. */
function closeOperations(open: Open[], operand: Expression, precedence: number): Expression {
  let node = operand;
  for (let last = open.at(-1); last && last.kind !== '(' && PRECEDENCE[last.kind] >= precedence; last = open.at(-1)) {
    open.pop();
    node = operationNode(last.kind, [...last.operands, node]);
  }
  return node;
}

function missingOperand(found: Token | undefined, before: Token | undefined): TerritorySyntaxError {
  if (found?.kind === ')' && before?.kind === '(') {
    return new TerritorySyntaxError('there is nothing between these parentheses', before.column);
  }
  const place = before ? `after [${before.text}]` : `before [${found!.text}]`;
  return new TerritorySyntaxError(`a code, a name or a parenthesis is missing ${place}`, (before ?? found!).column);
}
