import { TerritoryUnsupportedError } from '../../territory/errors.js';
import { withoutGroups } from './node.js';
import { luceneText } from './print.js';
import type { DefaultOperator, Reading, ShorthandUse } from './shorthand.js';
import { type QueryStringSettings, writeIn } from './write-in.js';

/** The most territories of one string that are split off without being required or excluded outright: each doubles it. */
export const MAX_BRANCHING = 4;

/** What comes in the place of a use: a clause within the text, or JSON text of an Elasticsearch query beside it. */
export type Piece = { readonly text: string } | { readonly query: string };

/** How the rest of the query is written. */
export interface SplitFrame {
  readonly settings: QueryStringSettings;
  readonly defaultOperator: DefaultOperator;
  /** JSON text of the `query_string` with that text, all its other parameters, and neither `boost` nor `_name`. */
  readonly queryString: (text: string) => string;
  /** Those two, as JSON members for the outer `bool`: `"boost":2,"_name":"x"`, or empty. */
  readonly outer: string;
}

/**
 * A query string whose territories stand beside it, as JSON text of a `bool`. Towards one territory a document is either
 * inside or not; for those inside, its place in the string is taken by a clause that matches everything, for the others by
 * one that matches nothing. Either way the string is parsed whole, so that operators, stop words and scores are those of
 * the string written by hand. A territory that the string requires or excludes needs only one of the two.
 *
 * @param pieces one for each of the reading's uses, in order
 * @throws TerritoryUnsupportedError with `minimum_should_match`, and for too many territories
 */
export function split(reading: Reading, pieces: readonly Piece[], frame: SplitFrame): string {
  if (pieces.length !== reading.uses.length)
    throw new RangeError(`${reading.uses.length} uses, but ${pieces.length} pieces`);
  if (frame.settings.minimum_should_match !== undefined && frame.settings.minimum_should_match !== null) {
    throw new TerritoryUnsupportedError(
      '[minimum_should_match] can not count the clauses of a query string whose territories do not stand in its text; ' +
        'leave the parameter out, or put the territory in a [bool] beside the [query_string]',
    );
  }
  return new Splitter(reading, pieces, frame).split();
}

const NOTHING = luceneText({ kind: 'none' });

class Splitter {
  private readonly occurs: readonly Occur[];
  private readonly filter: string[] = [];
  private readonly mustNot: string[] = [];

  constructor(
    private readonly reading: Reading,
    private readonly pieces: readonly Piece[],
    private readonly frame: SplitFrame,
  ) {
    this.occurs = occursOf(reading, frame.defaultOperator);
  }

  split(): string {
    const texts = this.pieces.map(() => '');
    const open: number[] = [];
    for (const [i, piece] of this.pieces.entries()) {
      const use = this.reading.uses[i] as ShorthandUse;
      if ('text' in piece) texts[i] = piece.text;
      else if (this.occurs[i] === 'must') {
        this.filter.push(piece.query);
        texts[i] = everything(use);
      } else if (this.occurs[i] === 'must_not') {
        this.mustNot.push(piece.query);
        texts[i] = NOTHING;
      } else open.push(i);
    }
    if (open.length > MAX_BRANCHING) throw tooMany(open.length);
    const must = this.isBareFilter() ? [] : [this.branches(texts, open)];
    return bool({ filter: this.filter, must, must_not: this.mustNot }, this.frame.outer);
  }

  /** Nothing but one unboosted territory: there is no text left, and no score. */
  private isBareFilter(): boolean {
    return this.reading.sole && this.filter.length === 1 && this.reading.uses[0]?.boost === undefined;
  }

  private branches(texts: readonly string[], open: readonly number[]): string {
    const [i, ...rest] = open;
    if (i === undefined) return this.frame.queryString(writeIn(this.reading, texts));
    const use = this.reading.uses[i] as ShorthandUse;
    const { query } = this.pieces[i] as { query: string };
    const inside = this.branches(texts.with(i, everything(use)), rest);
    const outside = this.branches(texts.with(i, NOTHING), rest);
    return `{"bool":{"should":[${bool({ filter: [query], must: [inside] })},${bool({ must: [outside], must_not: [query] })}],"minimum_should_match":1}}`;
  }
}

type Occur = 'must' | 'must_not' | 'other';

/**
 * Whether the string as a whole requires or excludes each of its uses, by the rules of `QueryParserBase.addClause`: AND
 * requires what stands on both its sides, and where AND is the default, OR frees them again. A clause that the analyzer
 * leaves nothing of counts for none, so an OR further on may free a use too.
 */
function occursOf({ uses, clauses }: Reading, operator: DefaultOperator): Occur[] {
  const sole = uses.length === 1 ? uses[0]?.start : undefined;
  const top = withoutGroups(clauses, sole);
  const places = new Map(top.map(({ start, end }, at) => [`${start}-${end}`, at]));
  const lastOr = top.findLastIndex(({ conjunction }) => conjunction === 'or');
  return uses.map(({ start, end }) => {
    const at = places.get(`${start}-${end}`);
    const node = at === undefined ? undefined : top[at];
    if (at === undefined || node === undefined) return 'other';
    if (node.modifier === 'must_not') return 'must_not';
    if (top.length === 1) return 'must';
    if (operator === 'and') return at <= lastOr ? 'other' : 'must';
    const required = node.modifier === 'must' || node.conjunction === 'and' || top[at + 1]?.conjunction === 'and';
    return required ? 'must' : 'other';
  });
}

/** In parentheses: a star would take the word before it out of the words it is analysed with. */
function everything({ boost }: ShorthandUse): string {
  return `(*:*)^${boost ?? 0}`;
}

function bool(clauses: Readonly<Record<string, readonly string[]>>, outer = ''): string {
  const members = Object.entries(clauses)
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `"${name}":[${list.join(',')}]`);
  if (outer !== '') members.push(outer);
  return `{"bool":{${members.join(',')}}}`;
}

function tooMany(count: number): TerritoryUnsupportedError {
  return new TerritoryUnsupportedError(
    `${count} territories of the query string can not stand in its text, and at most ${MAX_BRANCHING} can be split off; ` +
      'join them into one set expression, or put them in a [bool] beside the [query_string]',
  );
}
