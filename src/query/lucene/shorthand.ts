import { TerritorySyntaxError, TerritoryUnsupportedError } from '../../territory/errors.js';
import { isRelation, RELATIONS, type Relation } from '../../territory/relation.js';
import { discardEscapes } from './discard-escapes.js';
import { type GroupNode, type LeafNode, type Node, withoutGroups } from './node.js';
import { parse } from './parse.js';
import { scan } from './scan.js';

/** The operator between clauses that have none. */
export type DefaultOperator = 'and' | 'or';

/** One place in a query string where the shorthand stands. */
export interface ShorthandUse {
  /** Offsets in UTF-16 units of the clause: field, value and boost, without the operators before it. */
  readonly start: number;
  readonly end: number;
  /** Absent where the name has no `.relation`: the index's own holds. */
  readonly relation: Relation | undefined;
  /** `codes`: every value is a code, and their union is meant. `expression`: one set expression. `exists`: no values. */
  readonly kind: 'codes' | 'expression' | 'exists';
  /** With their escapes resolved. */
  readonly values: readonly string[];
  /** The number after `^`, as written. */
  readonly boost: string | undefined;
}

/** What a query string says of the shorthand. */
export interface Reading {
  readonly text: string;
  /** From left to right; none: the string doesn't use the shorthand, or is no query string at all. */
  readonly uses: readonly ShorthandUse[];
  /** `territory:` before a group whose values stand for themselves (`territory:(A AND B)`); goes when they are replaced. */
  readonly cuts: readonly (readonly [start: number, end: number])[];
  /** Whether the string is nothing but one use. */
  readonly sole: boolean;
  /** The clauses of the whole string. */
  readonly clauses: readonly Node[];
}

const CODE = /^[A-Z][A-Z0-9_]*:[A-Za-z0-9._-]+$/;
const EXISTS = '_exists_';

/**
 * Finds the shorthand in a Lucene query string: as a field (`territory:COM:69123`, `territory.intersects:"REG:84 - DEP:69"`,
 * `territory:(COM:69123 OR DEP:01)`), as `_exists_:territory`, and as `territory:*`, which in Elasticsearch's syntax says
 * the same. Names are compared with their escapes resolved.
 *
 * A group of values joined by OR is one use, their union. In any other group (`territory:(COM:69123 AND DEP:01)`) each
 * value is a use, as in Lucene the field of a group is that of each of its values.
 *
 * A string that Lucene can't read and that doesn't name the shorthand has no uses: Elasticsearch will say what is wrong.
 *
 * @param defaultOperator what the query says; it decides what `territory:(A B)` means
 * @throws TerritorySyntaxError with a 1-based column; TerritoryUnsupportedError for forms that have no expansion
 */
export function findShorthand(text: string, shorthand: string, defaultOperator: DefaultOperator = 'or'): Reading {
  const nothing = { text, uses: [], cuts: [], sole: false, clauses: [] };
  if (!text.includes(shorthand) && !text.includes('\\')) return nothing;
  const finder = new Finder(text, shorthand, defaultOperator);
  let clauses: Node[];
  try {
    clauses = parse(text, scan(text), (field) => finder.names(field));
  } catch (error) {
    if (error instanceof TerritorySyntaxError && !seemsToUse(text, shorthand)) return nothing;
    throw error;
  }
  finder.walk(clauses);
  return { text, uses: finder.uses, cuts: finder.cuts, sole: finder.isSole(clauses), clauses };
}

/** For a string that can't be read: whether its author may have meant the shorthand. */
function seemsToUse(text: string, shorthand: string): boolean {
  const plain = text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\(.)/gs, '$1');
  const name = shorthand.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${name}(?:\\.\\w+)?"?\\s*:|${EXISTS}\\s*:[\\s("]*${name}`).test(plain);
}

/** Walks the clauses of one string and collects the uses. */
class Finder {
  readonly uses: ShorthandUse[] = [];
  readonly cuts: [number, number][] = [];

  constructor(
    private readonly text: string,
    private readonly shorthand: string,
    private readonly defaultOperator: DefaultOperator,
  ) {}

  names(field: string): boolean {
    return field === this.shorthand || field.startsWith(`${this.shorthand}.`);
  }

  isSole(clauses: readonly Node[]): boolean {
    const [use, second] = this.uses;
    if (use === undefined || second !== undefined) return false;
    const [node, more] = withoutGroups(clauses, use.start);
    return more === undefined && node?.start === use.start && node.modifier === undefined;
  }

  walk(clauses: readonly Node[]): void {
    const open: { nodes: readonly Node[]; field: string | undefined }[] = [{ nodes: clauses, field: undefined }];
    for (let level = open.pop(); level !== undefined; level = open.pop()) {
      this.refuseBareExpression(level.nodes);
      for (const node of level.nodes) {
        const field = node.field?.name ?? level.field;
        if (node.field !== undefined) this.refuseGluedOperator(node.field.name, node.start);
        if (node.kind === 'group') {
          if (!this.group(node, field)) open.push({ nodes: node.clauses, field });
        } else if (field === EXISTS) this.exists(node);
        else if (field !== undefined && this.names(field) && node.kind === 'leaf') this.leaf(node, field);
      }
    }
    this.uses.sort((a, b) => a.start - b.start);
    this.cuts.sort((a, b) => a[0] - b[0]);
  }

  /** True where the whole group is one use. */
  private group(node: GroupNode, field: string | undefined): boolean {
    if (node.field === undefined || field === undefined || !this.names(field)) return false;
    const leaves = this.alternatives(node);
    if (leaves !== undefined) {
      const values = leaves.map((leaf) => this.value(leaf));
      this.use(node, field, values);
      return true;
    }
    if (node.boost !== undefined) {
      throw new TerritoryUnsupportedError(
        `the boost ^${node.boost} stands on a group of [${field}] that is more than a list of codes joined by OR; ` +
          'put it on the codes, or around the group with parentheses',
      );
    }
    this.cuts.push([node.field.start, node.open]);
    return false;
  }

  /** The values of a group that is only a list joined by OR. */
  private alternatives(group: GroupNode): LeafNode[] | undefined {
    const leaves: LeafNode[] = [];
    for (const [i, node] of group.clauses.entries()) {
      const joined = i === 0 || (node.conjunction ?? this.defaultOperator) === 'or';
      if (!joined || node.modifier !== undefined || node.kind !== 'leaf') return undefined;
      if (node.boost !== undefined || node.field !== undefined || node.token === 'star') return undefined;
      leaves.push(node);
    }
    return leaves;
  }

  private leaf(node: LeafNode, field: string): void {
    if (node.token === 'star' && !node.fuzzy) this.use(node, field, undefined);
    else this.use(node, field, [this.value(node)]);
  }

  private exists(node: Node): void {
    if (node.kind === 'words') {
      if (!node.words.some(([start, end]) => this.names(this.plain(start, end)))) return;
      throw new TerritoryUnsupportedError(`[${EXISTS}] takes one field; write OR between them`);
    }
    if (node.kind !== 'leaf' || (node.token !== 'term' && node.token !== 'quoted')) return;
    const name = this.valueText(node);
    if (name === this.shorthand) this.use(node, name, undefined);
    else if (this.names(name)) {
      throw new TerritoryUnsupportedError(`[${EXISTS}:${name}] has no meaning; write ${EXISTS}:${this.shorthand}`);
    }
  }

  /** The value of a leaf under the shorthand, or why it can have none. */
  private value(node: LeafNode): string {
    const shown = this.text.slice(node.valueStart, node.valueEnd);
    const refusal = refusalOf(node, shown);
    if (refusal !== undefined)
      throw new TerritoryUnsupportedError(`${refusal} on [${this.shorthand}], here [${shown}]: ${ADVICE}`);
    const value = this.valueText(node);
    if (node.token === 'term' && /^[<>]/.test(value)) {
      throw new TerritoryUnsupportedError(`ranges have no meaning on [${this.shorthand}], here [${shown}]: ${ADVICE}`);
    }
    return value;
  }

  private valueText(node: LeafNode): string {
    const inset = node.token === 'quoted' ? 1 : 0;
    return this.plain(node.valueStart + inset, node.valueEnd - inset);
  }

  private plain(start: number, end: number): string {
    return discardEscapes(this.text.slice(start, end), start);
  }

  private use(node: Node, field: string, values: readonly string[] | undefined): void {
    const place = { start: node.start, end: node.end, relation: this.relation(field), boost: node.boost };
    if (values === undefined) this.uses.push({ ...place, kind: 'exists', values: [] });
    else if (values.every((value) => CODE.test(value))) this.uses.push({ ...place, kind: 'codes', values });
    else this.uses.push({ ...place, kind: 'expression', values: [union(values)] });
  }

  private relation(field: string): Relation | undefined {
    if (field === this.shorthand) return undefined;
    const name = field.slice(this.shorthand.length + 1);
    if (isRelation(name)) return name;
    throw new TerritoryUnsupportedError(`[${name}] in [${field}] is no relation; there are ${RELATIONS.join(', ')}`);
  }

  /** `territory:REG:84 - DEP:69` reads well and means something else: a word `-`, and a field `DEP`. */
  private refuseBareExpression(nodes: readonly Node[]): void {
    for (const [i, node] of nodes.entries()) {
      const [operator, right] = [nodes[i + 1], nodes[i + 2]];
      if (node.kind !== 'leaf' || !node.code || operator?.kind !== 'leaf' || right?.kind !== 'leaf') continue;
      const sign = this.text.slice(operator.start, operator.end).trim();
      if (!['-', '|', '&'].includes(sign) || operator.field !== undefined) continue;
      if (!right.code && !CODE.test(this.text.slice(right.start, right.end))) continue;
      const meant = `${this.shorthand}:"${this.text.slice(node.valueStart, right.end)}"`;
      throw new TerritorySyntaxError(`a set expression stands in quotes: ${meant}`, operator.start + 1);
    }
  }

  /** To Lucene `&&` without a space behind it is part of the name. */
  private refuseGluedOperator(field: string, start: number): void {
    const at = Math.max(field.lastIndexOf('&&'), field.lastIndexOf('||'));
    const [operator, name] = [field.slice(at, at + 2), field.slice(at + 2)];
    if (at < 0 || !this.names(name)) return;
    throw new TerritorySyntaxError(`a space is missing between ${operator} and ${name} in [${field}]`, start + 1);
  }
}

const ADVICE = 'write codes such as COM:69123, or a set expression in quotes';

function refusalOf(node: LeafNode, shown: string): string | undefined {
  if (node.fuzzy) return 'fuzzy search and slop (~) have no meaning';
  switch (node.token) {
    case 'star':
    case 'prefix':
    case 'wildcard':
      return 'wildcards have no meaning';
    case 'regexp':
      return 'regular expressions have no meaning';
    case 'range':
      return 'ranges have no meaning';
    case 'bareOperator':
      return `the lone [${shown.trim()}] has no meaning`;
    default:
      return undefined;
  }
}

/** Parentheses keep each value an expression of its own. */
function union(values: readonly string[]): string {
  return values.length === 1 ? (values[0] as string) : values.map((value) => `(${value})`).join(' | ');
}
