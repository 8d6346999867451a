import { EXTENDED, PRODUCTIONS, type Production, QUERIES } from '../../../src/query/grammar.js';

/** What a value is that a row describes: `map X` and `each X` are objects of X. */
interface Value {
  readonly kind: 'one' | 'names';
  readonly of: string;
}

function valueIn(spec: string): Value | undefined {
  const [first, second] = spec.split(' ') as [string, string?];
  if (first === 'text') return undefined;
  return second === undefined ? { kind: 'one', of: first } : { kind: 'names', of: second };
}

/** The rows of a production, each with its name: `searchBody.query`; of `query`, those inside every type: `bool.must`. */
function rowsOf(production: string): [name: string, key: string, spec: string, type?: string][] {
  if (production === 'query') {
    return Object.entries(QUERIES).flatMap(([type, { inside = {} }]) =>
      Object.entries(inside).map(([key, spec]): [string, string, string, string] => [
        `${type}.${key}`,
        key,
        spec,
        type,
      ]),
    );
  }
  if (production === 'roleQuery') return [['roleQuery.template', 'template', 'roleQueryTemplate']];
  const extended = EXTENDED[production];
  const rows: Production =
    extended === undefined
      ? ((PRODUCTIONS as Record<string, Production>)[production] ?? {})
      : { ...PRODUCTIONS[extended.of], ...extended.rows };
  return Object.entries(rows).map(([key, spec]) => [`${production}.${key}`, key, spec]);
}

/** The rows below a body under which a query may stand, by their names. */
export function rowsBelow(body: string): Set<string> {
  const leads = new Map<string, boolean>();
  const mayHold = (production: string): boolean => {
    if (production === 'query' || production === 'roleQuery') return true;
    const known = leads.get(production);
    if (known !== undefined) return known;
    leads.set(production, false);
    const found = rowsOf(production).some(([, , spec]) => {
      const value = valueIn(spec);
      return value !== undefined && mayHold(value.of);
    });
    leads.set(production, found);
    return found;
  };
  const names = new Set<string>();
  const seen = new Set<string>();
  const visit = (production: string): void => {
    if (seen.has(production)) return;
    seen.add(production);
    for (const [name, , spec] of rowsOf(production)) {
      const value = valueIn(spec);
      if (value === undefined || value.of === 'spanQuery' || value.of === 'multiTermQuery') continue;
      if (!mayHold(value.of)) continue;
      names.add(name);
      visit(value.of);
    }
  };
  visit(body);
  return names;
}

/**
 * The rows on the way to each `@` in a body. Throws where an `@` stands at a place that the grammar does not know.
 * @param production what the body is
 */
export function rowsTo(body: string, production: string): Set<string> {
  const names = new Set<string>();
  const holes = body.split('@').length - 1;
  const found = walk(JSON.parse(body.replaceAll('@', '"@"')), { kind: 'one', of: production });
  if (found !== holes) throw new Error(`${found} of the ${holes} places in ${body} are in the grammar`);
  return names;

  /** @returns how many holes lie below */
  function walk(value: unknown, { kind, of }: Value): number {
    if (value === '@') return of === 'query' || of === 'roleQuery' ? 1 : 0;
    if (typeof value !== 'object' || value === null) return 0;
    if (Array.isArray(value))
      return value.reduce(
        (sum: number, one) =>
          sum +
          walk(one, {
            kind:
              kind === 'names' && typeof one === 'object' && of !== 'query' ? 'names' : kind === 'names' ? 'one' : kind,
            of,
          }),
        0,
      );
    if (kind === 'names')
      return Object.values(value).reduce((sum: number, one) => sum + walk(one, { kind: 'one', of }), 0);
    let sum = 0;
    for (const [name, key, spec, type] of rowsOf(of)) {
      const holder = type === undefined ? value : (value as Record<string, unknown>)[type];
      if (typeof holder !== 'object' || holder === null || !(key in holder)) continue;
      const inner = valueIn(spec);
      if (inner === undefined) continue;
      const below = walk((holder as Record<string, unknown>)[key], inner);
      if (below > 0) names.add(name);
      sum += below;
    }
    return sum;
  }
}
