import { UnknownUnitError } from '../errors.js';
import { type Expression, isOperation, type OperationNode } from './node.js';

/** The sets that an expression is evaluated in. */
export interface SetAlgebra<T> {
  /** Whether a code is that of a unit, or a former code. */
  has(code: string): boolean;
  /** The union of units and former codes, all of which `has` knows; the empty set for none. */
  territory(codes: readonly string[]): T;
  union(a: T, b: T): T;
  intersection(a: T, b: T): T;
  difference(a: T, b: T): T;
  /** The set saved under a name, if there is one. */
  resolve?(name: string): T | undefined;
  /** What may have been meant by codes that are unknown. */
  suggest?(codes: readonly string[]): Readonly<Record<string, readonly string[]>>;
}

/**
 * The set that an expression means.
 *
 * @throws UnknownUnitError that names all codes and `@names` that are unknown, in the order of the text
 */
export function evaluateExpression<T>(expression: Expression, algebra: SetAlgebra<T>): T {
  const names = resolveLeaves(expression, algebra);
  /** Operations whose operands are being evaluated, outermost first, each with the sets it has so far. */
  const stack: Frame<T>[] = [];
  let set = leafSet(expression, names, algebra);
  if (set === undefined) stack.push(frameOf(expression as OperationNode, algebra));
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const operand = frame.operands[frame.next++];
    if (operand !== undefined) {
      const operandSet = leafSet(operand, names, algebra);
      if (operandSet === undefined) stack.push(frameOf(operand as OperationNode, algebra));
      else frame.sets.push(operandSet);
      continue;
    }
    stack.pop();
    set = combine(frame, algebra);
    stack.at(-1)?.sets.push(set);
  }
  return set!;
}

interface Frame<T> {
  readonly kind: OperationNode['kind'];
  /** Operands that are not among `sets` yet from `next` on. */
  readonly operands: readonly Expression[];
  next: number;
  readonly sets: T[];
}

/** The codes in a union, and those that a difference takes away, become one set at once. */
function frameOf<T>(node: OperationNode, algebra: SetAlgebra<T>): Frame<T> {
  const { kind, operands } = node;
  if (kind === 'intersection') return { kind, operands, next: 0, sets: [] };
  const first = kind === 'difference' ? [operands[0]!] : [];
  const rest = kind === 'difference' ? operands.slice(1) : operands;
  const codes = rest.flatMap((operand) => (operand.kind === 'code' ? [operand.code] : []));
  if (codes.length < 2) return { kind, operands, next: 0, sets: [] };
  const others = rest.filter((operand) => operand.kind !== 'code');
  if (kind === 'union') return { kind, operands: others, next: 0, sets: [algebra.territory(codes)] };
  const together: OperationNode = { kind: 'union', operands: codes.map((code) => ({ kind: 'code', code })) };
  return { kind, operands: [...first, together, ...others], next: 0, sets: [] };
}

function combine<T>({ kind, sets }: Frame<T>, algebra: SetAlgebra<T>): T {
  if (kind === 'intersection') return sets.reduce((a, b) => algebra.intersection(a, b));
  if (kind === 'union') return unionOf(sets, algebra);
  return algebra.difference(sets[0]!, unionOf(sets.slice(1), algebra));
}

/** In pairs, so that many sets take hardly longer than their members. */
function unionOf<T>(sets: readonly T[], algebra: SetAlgebra<T>): T {
  let round = sets;
  while (round.length > 1) {
    const next: T[] = [];
    for (let i = 0; i < round.length; i += 2) {
      next.push(i + 1 < round.length ? algebra.union(round[i]!, round[i + 1]!) : round[i]!);
    }
    round = next;
  }
  return round[0]!;
}

function leafSet<T>(node: Expression, names: ReadonlyMap<string, T>, algebra: SetAlgebra<T>): T | undefined {
  if (node.kind === 'code') return algebra.territory([node.code]);
  if (node.kind === 'name') return names.get(node.name)!;
  if (node.kind === 'empty') return algebra.territory([]);
  return undefined;
}

/** Asks for every code and name once; throws for all that are unknown. */
function resolveLeaves<T>(expression: Expression, algebra: SetAlgebra<T>): Map<string, T> {
  const names = new Map<string, T>();
  const unknown = new Set<string>();
  for (const leaf of leavesOf(expression)) {
    if (leaf.kind === 'code' && !algebra.has(leaf.code)) unknown.add(leaf.code);
    if (leaf.kind !== 'name' || names.has(leaf.name)) continue;
    const set = algebra.resolve?.(leaf.name);
    if (set === undefined) unknown.add(`@${leaf.name}`);
    else names.set(leaf.name, set);
  }
  if (unknown.size > 0) {
    const codes = [...unknown].filter((code) => !code.startsWith('@'));
    throw new UnknownUnitError([...unknown], algebra.suggest?.(codes) ?? {});
  }
  return names;
}

/** The codes, names and empty sets of an expression, in the order of the text. */
export function* leavesOf(expression: Expression): IterableIterator<Exclude<Expression, OperationNode>> {
  const rest: Expression[] = [expression];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (!isOperation(node)) yield node;
    else for (let i = node.operands.length - 1; i >= 0; i--) rest.push(node.operands[i]!);
  }
}

/** The codes as written, each once, when there is nothing but codes, `∅` and `|`; else `undefined`. */
export function writtenCodes(expression: Expression): readonly string[] | undefined {
  const nodes = expression.kind === 'union' ? expression.operands : [expression];
  const codes = new Set<string>();
  for (const node of nodes) {
    if (node.kind === 'code') codes.add(node.code);
    else if (node.kind !== 'empty') return undefined;
  }
  return [...codes];
}
