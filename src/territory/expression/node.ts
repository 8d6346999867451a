/**
 * What a set expression is made of. Nodes are frozen, and always in one form: an operation has at least two operands,
 * an operand of a union is no union, one of an intersection no intersection, the first one of a difference no
 * difference. So two texts that differ in superfluous parentheses only are the same nodes.
 */
export type Expression = CodeNode | NameNode | EmptyNode | OperationNode;

/** A unit, or a former code: `COM:69123`. */
export interface CodeNode {
  readonly kind: 'code';
  readonly code: string;
}

/** A territory saved under a name: `@name`. */
export interface NameNode {
  readonly kind: 'name';
  readonly name: string;
}

/** `∅`, which is how an empty territory is printed. */
export interface EmptyNode {
  readonly kind: 'empty';
}

/** `a | b | c`, `a & b & c`, or `a - b - c` (first what is left, then all that is taken away). */
export interface OperationNode {
  readonly kind: Operation;
  readonly operands: readonly Expression[];
}

export type Operation = 'union' | 'intersection' | 'difference';

/** How tightly an operation binds. As with Python's sets, `-` does so most, then `&`, then `|`. */
export const PRECEDENCE: Readonly<Record<Operation, number>> = { union: 1, intersection: 2, difference: 3 };

export const OPERATOR: Readonly<Record<Operation, string>> = { union: '|', intersection: '&', difference: '-' };

export function codeNode(code: string): CodeNode {
  return Object.freeze({ kind: 'code', code });
}

export function nameNode(name: string): NameNode {
  return Object.freeze({ kind: 'name', name });
}

export const EMPTY_NODE: EmptyNode = Object.freeze({ kind: 'empty' });

/** An operation on one operand is that operand, and on none the empty one. */
export function operationNode(kind: Operation, operands: readonly Expression[]): Expression {
  const flat: Expression[] = [];
  for (const operand of operands) {
    const same = operand.kind === kind && (kind !== 'difference' || flat.length === 0);
    if (same) for (const inner of (operand as OperationNode).operands) flat.push(inner);
    else flat.push(operand);
  }
  if (flat.length < 2) return flat[0] ?? EMPTY_NODE;
  return Object.freeze({ kind, operands: Object.freeze(flat) });
}

export function isOperation(node: Expression): node is OperationNode {
  return node.kind === 'union' || node.kind === 'intersection' || node.kind === 'difference';
}
