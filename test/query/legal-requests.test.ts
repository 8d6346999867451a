import { readFileSync } from 'node:fs';
import { TerritoryError } from '../../src/territory/errors.js';
import type { Relation } from '../../src/territory/relation.js';
import { Random } from '../integration/support/random.js';
import { runs, SEED } from '../support/seed.js';
import { head, rewriterWith, tree } from './small-tree.js';

/**
 * Legal requests at random, from a table of where queries stand that was made apart from the rewriter's own, out of
 * Elasticsearch's official specification: `production: {property and shape: what stands there}`. In a shape `[?]` is a
 * value or an array of them, `.*` an object whose keys are names; `|` is a choice. With the shorthand at legal places a request becomes
 * what it is with the clauses written by hand; with its name at places that only look so it stays as it is.
 */
const { endpoints, oneOf, productions } = JSON.parse(
  readFileSync(new URL('fixtures/positions.json', import.meta.url), 'utf8'),
) as {
  endpoints: Record<string, string>;
  oneOf: readonly string[];
  productions: Record<string, Record<string, string>>;
};

const RUNS = runs(4000);

const FIELDS = { units: 'territories', ancestors: 'territory_path' };
const rewriter = rewriterWith({
  indices: [['articles*', FIELDS]],
  definitions: 'expand',
  limits: { depth: 1000, expandedBytes: 1 << 24 },
});

/** Server's own data, in which no document has a territory. */
const SYSTEM = /^\w+ \/_(?:security\/_query|watcher\/_query)\//;
const CONTAINERS = new Set(['Query', 'ApiKeyQueryContainer', 'RoleQueryContainer', 'UserQueryContainer']);

/** A value with the shorthand, and as it is written by hand. */
interface Pair {
  readonly short: unknown;
  readonly hand: unknown;
}

const same = (value: unknown): Pair => ({ short: value, hand: value });

/** Makes one request. */
class Maker {
  shorthands = 0;
  /** How many of these stand where no territory can. */
  illegal = 0;
  /** How many places only look so. */
  decoys = 0;

  constructor(
    readonly random: Random,
    readonly kind: 'shorthand' | 'decoy',
  ) {}

  object(name: string, depth: number): Pair {
    const rows = Object.entries(productions[name]!);
    const wanted = oneOf.includes(name) ? 1 : 1 + this.random.below(2);
    const chosen = new Map<string, Pair>();
    for (let i = 0; i < wanted && rows.length > 0 && depth > 0; i++) {
      const [key, target] = this.random.of(rows);
      const [, property, shape] = /^(.*?)((?:\[\??\]|\.\*|\.\{\w+\})*)$/.exec(key)!;
      const field = property === '{field}' ? this.#name() : property!;
      const restricted = name === 'SpanMultiTermQuery';
      if (chosen.has(field)) continue;
      chosen.set(
        field,
        this.#shaped(shape!, () => this.#value(this.random.of(target.split('|')), depth - 1, restricted)),
      );
    }
    const isOpen = !oneOf.includes(name) && !name.startsWith('RoleTemplate');
    if (this.kind === 'decoy' && isOpen && this.random.below(3) === 0) {
      chosen.set(this.random.of(['meta', 'params', 'ext', '_meta', 'metadata']), same(this.#decoy()));
    }
    return joined(chosen);
  }

  #shaped(shape: string, make: () => Pair): Pair {
    const [step, rest] = /^(\[\??\]|\.\*|\.\{\w+\})(.*)$/.exec(shape)?.slice(1) ?? ['', ''];
    const inner = () => this.#shaped(rest!, make);
    if (step === '') return make();
    if (step === '[?]' && this.random.below(2) === 0) return inner();
    if (step!.startsWith('[')) {
      const items = Array.from({ length: 1 + this.random.below(3) }, inner);
      return { short: items.map(({ short }) => short), hand: items.map(({ hand }) => hand) };
    }
    return joined(new Map([[this.#name(), inner()]]));
  }

  #value(target: string, depth: number, restricted: boolean): Pair {
    switch (target) {
      case 'lucene': {
        if (this.kind === 'decoy')
          return same(this.random.of(['tax', 'place:territory', 'territory', '"territory:DEP:69"']));
        this.#count(restricted);
        return { short: 'tax AND territory:DEP\\:69', hand: 'tax AND territory_path:"DEP:69"^0' };
      }
      case 'base64': {
        const { short, hand } = this.#query(depth, restricted);
        const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
        return { short: encoded(short), hand: encoded(hand) };
      }
      case 'json': {
        const { short, hand } = this.#query(depth, restricted);
        return { short: JSON.stringify(short), hand: JSON.stringify(hand) };
      }
    }
    if (CONTAINERS.has(target)) return this.#query(depth, restricted, target);
    // A span query is no place for a territory.
    if (target === 'SpanQuery' && this.kind === 'shorthand' && this.random.below(8) === 0) return this.#territory(true);
    return this.object(target, depth);
  }

  #query(depth: number, restricted: boolean, container = 'Query'): Pair {
    const dice = this.random.below(10);
    if (depth > 0 && dice < 5 && !restricted) return this.object(container, depth);
    if (this.kind === 'shorthand' && dice < 9) return this.#territory(restricted);
    return same(this.random.of(PLAIN));
  }

  #territory(isIllegal: boolean): Pair {
    this.#count(isIllegal);
    const relation = this.random.of<Relation>(['within', 'within', 'intersects', 'contains', 'disjoint', 'exact']);
    const code = this.random.of(['DEP:69', 'DEP:01', 'COM:69123', 'EPCI:200046977', 'COM:01091', 'CNTRY:F']);
    const extras = this.random.of([{}, {}, { boost: 2 }, { _name: 'territory' }, { boost: 0.5, _name: 'é' }]);
    const field = relation === 'within' && this.random.below(2) === 0 ? 'territory' : `territory.${relation}`;
    const short = this.random.of<object>([
      { term: { [field]: { value: code, ...extras } } },
      { match: { [field]: { query: code, ...extras } } },
      { match_phrase: { [field]: { query: code, ...extras } } },
      { terms: { [field]: [code], ...extras } },
      { territory: { codes: [code], relation, ...extras } },
      { territory: { expression: code, relation, ...extras } },
    ]);
    return { short, hand: tree.territory(code).toQuery({ ...FIELDS, relation, ...extras }) };
  }

  #count(isIllegal: boolean): void {
    this.shorthands++;
    if (isIllegal) this.illegal++;
  }

  /** Names may be anything, the shorthand's too. */
  #name(): string {
    const name = this.random.of(['a', 'territory', 'territory.within', 'place']);
    if (name.startsWith('territory')) this.decoys++;
    return name;
  }

  #decoy(): object {
    this.decoys++;
    return this.random.of<object>([
      { query: { term: { territory: 'DEP:69' } } },
      { territory: { codes: ['DEP:69'] } },
      { filter: [{ exists: { field: 'territory' } }] },
      { 'terri\\tory': 'territory:DEP:69', territory: 1e300 },
    ]);
  }
}

/** What only looks so, at the places of queries too. */
const PLAIN: readonly object[] = [
  { match_all: {} },
  { match: { title: 'territory' } },
  { term: { place: { value: 'territory:DEP:69', _name: 'territory' } } },
  { script: { script: { source: 'params.territory', params: { territory: { codes: ['DEP:69'] } } } } },
  { ids: { values: ['territory'] } },
  { term: { territories: 'DEP:69' } },
  { exists: { field: 'territory_path' } },
];

function joined(pairs: ReadonlyMap<string, Pair>): Pair {
  const entries = [...pairs];
  return {
    short: Object.fromEntries(entries.map(([key, { short }]) => [key, short])),
    hand: Object.fromEntries(entries.map(([key, { hand }]) => [key, hand])),
  };
}

/** White space and a long beginning change where things stand, and nothing else. */
function printed(value: unknown, random: Random): string {
  const text = JSON.stringify(value, undefined, random.of([undefined, undefined, 1, '\t']));
  return random.below(4) === 0 && text.length > 2
    ? `{"padding":${JSON.stringify('[{"'.repeat(2000))},${text.slice(1)}`
    : text;
}

function requests(
  kind: Maker['kind'],
): { maker: Maker; pair: Pair; endpoint: string; text: string; outcome: () => unknown }[] {
  const random = new Random(kind === 'decoy' ? SEED + 1 : SEED);
  const all = Object.entries(endpoints);
  return Array.from({ length: RUNS }, (_, i) => {
    const [endpoint, production] = all[i % all.length]!;
    const maker = new Maker(random, kind);
    const pair = maker.object(production, 7);
    const [method, path] = endpoint.split(' ') as [string, string];
    const target = path.replace(/\{(?:index|alias)\}/, 'articles').replace(/\{\w+\}/g, '1');
    const text = printed(pair.short, random);
    const outcome = () => {
      try {
        return rewriter.rewrite(head(method, target), Buffer.from(text));
      } catch (error) {
        if (error instanceof TerritoryError) return error;
        throw error;
      }
    };
    return { maker, pair, endpoint, text, outcome };
  });
}

describe('legal requests at random', () => {
  it('with the shorthand at legal places become what they are with the clauses written by hand', () => {
    const counts = { expanded: 0, refused: 0, untouched: 0 };
    for (const { maker, pair, endpoint, text, outcome } of requests('shorthand')) {
      const found = outcome();
      const seen = { endpoint, text };
      if (maker.shorthands === 0) {
        expect({ ...seen, found }).toEqual({ ...seen, found: { kind: 'pass' } });
        counts.untouched++;
      } else if (maker.illegal > 0 || SYSTEM.test(endpoint)) {
        expect({ ...seen, found }).toEqual({ ...seen, found: expect.any(TerritoryError) });
        counts.refused++;
      } else {
        const { body, places } = found as { body: Buffer; places: number };
        const { padding: _, ...after } = body === undefined ? { found } : JSON.parse(body.toString());
        expect({ ...seen, after }).toEqual({ ...seen, after: pair.hand });
        expect(places).toBeGreaterThan(0);
        counts.expanded++;
      }
    }
    expect(counts.expanded).toBeGreaterThan(RUNS / 3);
    expect(counts.refused).toBeGreaterThan(RUNS / 100);
    expect(counts.untouched).toBeGreaterThan(RUNS / 100);
  });

  it('with the name at places that only look so stay as they are', () => {
    let decoys = 0;
    for (const { maker, endpoint, text, outcome } of requests('decoy')) {
      const seen = { endpoint, text };
      expect({ ...seen, found: outcome() }).toEqual({ ...seen, found: { kind: 'pass' } });
      if (maker.decoys > 0) decoys++;
    }
    expect(decoys).toBeGreaterThan(RUNS / 4);
  });
});
