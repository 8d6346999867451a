import { TerritoryUnsupportedError } from '../territory/errors.js';
import { collectUnknown, type Expander } from './expander.js';
import {
  type DefaultOperator,
  type Edit,
  edits,
  findShorthand,
  MAX_CODES_WRITTEN_IN,
  type Piece,
  type QueryStringSettings,
  type Reading,
  type ShorthandUse,
  type SplitFrame,
  split,
  whyNotWrittenIn,
} from './lucene/index.js';
import type { Target } from './target.js';
import type { Replacement } from './types.js';
import type { Known } from './use.js';

/** A Lucene string with its shorthand, read and expanded. */
export interface LuceneRewrite {
  readonly reading: Reading;
  readonly replaced: readonly Replacement[];
  readonly dropped: readonly string[];
  /** What changes in the string; `undefined` where a query must take its place, since the expansions can't stand in it. */
  readonly edits: readonly Edit[] | undefined;
  /** That query, as JSON text. Throws TerritoryUnsupportedError where there is none. */
  readonly split: (frame: Pick<SplitFrame, 'queryString' | 'outer'>) => string;
}

/** What is around a Lucene string. */
export interface LuceneContext {
  readonly place: string;
  readonly target: Target;
  readonly defaultOperator: DefaultOperator;
  readonly settings: QueryStringSettings;
}

/**
 * Expands the shorthand in a Lucene string; `undefined` where it holds none. The expansions are written into it, or, where
 * they can't stand in it, beside it.
 *
 * @throws TerritorySyntaxError, TerritoryUnsupportedError, UnknownUnitError
 */
export function rewriteLucene(
  expander: Expander,
  shorthand: string,
  text: string,
  context: LuceneContext,
): LuceneRewrite | undefined {
  const { place, target, defaultOperator, settings } = context;
  const reading = read(expander, shorthand, text, defaultOperator);
  if (reading.uses.length === 0) return undefined;
  if (isTrue(settings.escape)) {
    throw new TerritoryUnsupportedError(
      `with "escape" the text of a query string has no fields, so [${shorthand}] would be searched as a word; leave it out`,
    );
  }
  const knowns = collectUnknown(reading.uses, (use) => known(expander, use));
  const looked = reading.uses.map(({ relation, boost }, i) =>
    expander.expand({ known: knowns[i]!, relation, target, form: 'lucene', boost }),
  );
  const texts = looked.map(({ expanded }) => expanded.printed.toString());
  const codes = looked.map(({ expanded }) => expanded.terms);
  const all = codes.reduce((sum, count) => sum + count, 0);
  const obstacle = whyNotWrittenIn(settings, all, reading, texts);
  return {
    reading,
    replaced: reading.uses.map(({ start, end }, i) => {
      const { expanded, cache } = looked[i]!;
      const { relation, terms } = expanded;
      return { place, written: text.slice(start, end), codes: knowns[i]!.codes, relation, terms, cache };
    }),
    dropped: knowns.flatMap((one) => one.dropped),
    edits: obstacle === undefined ? edits(reading, texts) : undefined,
    split: (frame) => {
      const beside = all > MAX_CODES_WRITTEN_IN && isWritable(settings) ? largest(codes) : undefined;
      const pieces = reading.uses.map((use, i): Piece => {
        if (beside !== undefined && !beside.has(i)) return { text: texts[i]! };
        const request = { known: knowns[i]!, relation: use.relation, target, form: 'json', boost: undefined } as const;
        return { query: `{${expander.expand(request).expanded.printed}}` };
      });
      return split(reading, pieces, { ...frame, settings, defaultOperator });
    },
  };
}

/** The uses that must leave the text for the others to stay in it. */
function largest(codes: readonly number[]): ReadonlySet<number> {
  const order = codes.map((_, i) => i).sort((a, b) => codes[b]! - codes[a]!);
  const chosen = new Set<number>();
  let left = codes.reduce((sum, count) => sum + count, 0);
  for (const i of order) {
    if (left <= MAX_CODES_WRITTEN_IN) break;
    chosen.add(i);
    left -= codes[i]!;
  }
  return chosen;
}

/** Whether codes can stand in the text at all. */
function isWritable({ analyzer, quote_analyzer, quote_field_suffix }: QueryStringSettings): boolean {
  return [analyzer, quote_analyzer, quote_field_suffix].every((setting) => setting === undefined || setting === null);
}

function read(expander: Expander, shorthand: string, text: string, operator: DefaultOperator): Reading {
  const key = `${operator} ${text}`;
  const cached = expander.cache.reading(key);
  if (cached !== undefined) return cached;
  const reading = findShorthand(text, shorthand, operator);
  if (reading.uses.length > 0) expander.cache.keepReading(key, reading);
  return reading;
}

function known(expander: Expander, use: ShorthandUse): Known {
  const source = use.kind === 'exists' ? ({ kind: 'exists' } as const) : { kind: use.kind, values: use.values };
  const key = `lucene ${use.kind} ${use.values.join('\n')}`;
  return expander.written(key, () => ({
    text: '',
    use: { source, relation: use.relation, boost: undefined, name: undefined },
  })).known;
}

function isTrue(setting: unknown): boolean {
  return setting === true || setting === 'true';
}
