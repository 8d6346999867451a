import { type Expression, isOperation, OPERATOR, PRECEDENCE } from './node.js';

/** An expression as text, with no more parentheses than it needs: `parseExpression` gives the same nodes back. */
export function printExpression(expression: Expression): string {
  let text = '';
  /** What is still to print, last first. */
  const rest: (Expression | string)[] = [expression];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') text += next;
    else if (next.kind === 'code') text += next.code;
    else if (next.kind === 'name') text += `@${next.name}`;
    else if (next.kind === 'empty') text += '∅';
    else {
      const precedence = PRECEDENCE[next.kind];
      const operator = ` ${OPERATOR[next.kind]} `;
      for (let i = next.operands.length - 1; i >= 0; i--) {
        const operand = next.operands[i]!;
        // No operand has its parent's kind but a later one of a difference, and that one does need them.
        if (isOperation(operand) && PRECEDENCE[operand.kind] <= precedence) rest.push(')', operand, '(');
        else rest.push(operand);
        if (i > 0) rest.push(operator);
      }
    }
  }
  return text;
}
