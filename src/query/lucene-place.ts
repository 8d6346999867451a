import { TerritoryUnsupportedError } from '../territory/errors.js';
import { collectUnknown, type Expander } from './expander.js';
import { withExtras } from './expansion-text.js';
import {
  type DefaultOperator,
  type Edit,
  edits,
  findShorthand,
  type QueryStringSettings,
  type Reading,
  type ShorthandUse,
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
  /** What changes in the string; `undefined` where a query of its own must take its place. */
  readonly edits: readonly Edit[] | undefined;
  /** Where the string is nothing but one use: that use, as a member of a query. */
  readonly member: ((boost: string | undefined, name: string | undefined) => Buffer) | undefined;
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
 * they can't stand in it and it is nothing but one use, take its place.
 *
 * @throws TerritorySyntaxError, TerritoryUnsupportedError, UnknownUnitError
 */
export function rewriteLucene(
  expander: Expander,
  shorthand: string,
  text: string,
  context: LuceneContext,
): LuceneRewrite | undefined {
  const reading = findShorthand(text, shorthand, context.defaultOperator);
  if (reading.uses.length === 0) return undefined;
  const { place, target } = context;
  if (isTrue(context.settings.escape)) {
    throw new TerritoryUnsupportedError(
      `with "escape" the text of a query string has no fields, so [${shorthand}] would be searched as a word; leave it out`,
    );
  }
  const replaced: Replacement[] = [];
  const texts: string[] = [];
  const knowns = collectUnknown(reading.uses, (use) => known(expander, use));
  let codes = 0;
  for (const [i, use] of reading.uses.entries()) {
    const request = { known: knowns[i]!, relation: use.relation, target, form: 'lucene', boost: use.boost } as const;
    const { expanded, cache } = expander.expand(request);
    const { terms, relation } = expanded;
    texts.push(expanded.printed.toString());
    codes += terms;
    const written = text.slice(use.start, use.end);
    replaced.push({ place, written, codes: knowns[i]!.codes, relation, terms, cache });
  }
  const dropped = knowns.flatMap((one) => one.dropped);
  const obstacle = whyNotWrittenIn(context.settings, codes, reading, texts);
  if (obstacle === undefined) return { reading, replaced, dropped, edits: edits(reading, texts), member: undefined };
  if (!reading.sole) {
    throw new TerritoryUnsupportedError(
      `the shorthand can't be written into the query string: ${obstacle}; ` +
        `put the territory beside it, as the clause {"${shorthand}": …} in the "filter" of a "bool"`,
    );
  }
  const member = (boost: string | undefined, name: string | undefined) =>
    soleMember(expander, knowns[0]!, reading.uses[0]!, target, boost, name);
  return { reading, replaced, dropped, edits: undefined, member };
}

function known(expander: Expander, use: ShorthandUse): Known {
  const source = use.kind === 'exists' ? ({ kind: 'exists' } as const) : { kind: use.kind, values: use.values };
  const key = `lucene ${use.kind} ${use.values.join('\n')}`;
  return expander.written(key, () => ({ source, relation: use.relation, boost: undefined, name: undefined })).known;
}

/** Written into a string, a shorthand without a boost adds nothing to the score; so does its clause. */
function soleMember(
  expander: Expander,
  one: Known,
  use: ShorthandUse,
  target: Target,
  boost: string | undefined,
  name: string | undefined,
): Buffer {
  const { expanded } = expander.expand({ known: one, relation: use.relation, target, form: 'json', boost: undefined });
  const factor = use.boost === undefined ? 0 : Number(use.boost) * Number((boost ?? '1').replaceAll('"', ''));
  return withExtras(expanded.printed, String(factor), name);
}

function isTrue(setting: unknown): boolean {
  return setting === true || setting === 'true';
}
