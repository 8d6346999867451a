/** `_msearch`: lines of headers and bodies, each pair a search of its own; refused ones take their errors to their places. */
import { TerritoryError } from '../territory/errors.js';
import type { BodyRewrite, BodyRewriter } from './body.js';
import { GrowingBody } from './growing-body.js';
import { elementsOf } from './json/elements.js';
import { InvalidJson } from './json/scanner.js';
import { indicesOf, type SearchLines } from './search-lines.js';
import type { Target } from './target.js';
import type { RefusedSearch, Replacement } from './types.js';

const EMPTY_HEADER = Buffer.from('{}\n');

export interface MsearchRewrite {
  /** The searches that are left. */
  readonly body: Buffer;
  readonly replaced: readonly Replacement[];
  readonly places: number;
  readonly dropped: readonly string[];
  readonly refused: readonly RefusedSearch[];
  readonly total: number;
}

/**
 * Rewrites each search by itself. The last line may lack its newline, for Elasticsearch to say so.
 *
 * @param spec what the grammar calls the body of a search
 * @param targetOf the indices of a search by those its header names; `undefined` where it names none
 * @returns `undefined` where nothing changes
 * @throws TerritoryTooLargeError as soon as what is made is longer than it may be
 */
export function rewriteMsearch(
  rewriter: BodyRewriter,
  { lead, searches, rest }: SearchLines,
  spec: string,
  targetOf: (indices: string | undefined) => Target,
): MsearchRewrite | undefined {
  const made = new GrowingBody(rewriter.options.limits.expandedBytes);
  made.keep(lead);
  const replaced: Replacement[] = [];
  const dropped: string[] = [];
  const refused: RefusedSearch[] = [];
  let places = 0;
  let before = 0;
  for (const [position, search] of searches.entries()) {
    if ('error' in search) {
      refused.push({ position, error: search.error, status: search.status });
      before++;
      continue;
    }
    let rewrite: BodyRewrite | undefined;
    try {
      rewrite = rewriter.rewrite(search.body, spec, () => targetOf(indicesOf(search.header)));
    } catch (error) {
      if (!(error instanceof TerritoryError)) throw error;
      const { error: cause, status } = error.toBody();
      refused.push({ position, error: cause, status });
      continue;
    }
    // Where those before it are gone, its empty header must not become a newline at the very start, which may be skipped.
    const isFirstNow = position > 0 && refused.length === position;
    made.keep(isFirstNow && search.header.length === 1 ? EMPTY_HEADER : search.header);
    if (rewrite === undefined) {
      made.keep(search.body);
      continue;
    }
    made.expand(rewrite.body);
    for (const one of rewrite.replaced) {
      replaced.push({ ...one, place: `[${position}].${one.place}`, search: position });
    }
    dropped.push(...rewrite.dropped);
    places += rewrite.places;
  }
  if (places === 0 && refused.length === before) return undefined;
  made.keep(rest);
  return { body: made.whole(), replaced, places, dropped, refused, total: searches.length };
}

/** The answer where every search was refused. */
export function answerOfRefused(refused: readonly RefusedSearch[]): Buffer {
  const responses = refused.map(({ error, status }) => ({ error, status }));
  return Buffer.from(JSON.stringify({ took: 0, responses }));
}

/**
 * Elasticsearch's answer to the searches that were left, with the errors of the others put back in their places. An
 * answer without `responses` (an error of its own) stays as it is.
 *
 * @param answer uncompressed JSON
 * @param total how many searches the client sent
 */
export function mergeMsearch(answer: Buffer, refused: readonly RefusedSearch[], total: number): Buffer {
  const elements = responsesOf(answer);
  if (elements === undefined || elements.length !== total - refused.length) return answer;
  const errors = new Map(refused.map(({ position, error, status }) => [position, { error, status }]));
  const parts: Buffer[] = [];
  let next = 0;
  for (let position = 0; position < total; position++) {
    const error = errors.get(position);
    const element = error === undefined ? elements[next++]! : undefined;
    parts.push(
      element === undefined ? Buffer.from(JSON.stringify(error)) : answer.subarray(element.start, element.end),
    );
  }
  const list = parts.flatMap((part, i) => (i === 0 ? [part] : [COMMA, part]));
  return Buffer.concat([answer.subarray(0, elements.start), ...list, answer.subarray(elements.end)]);
}

const COMMA = Buffer.from(',');

function responsesOf(answer: Buffer): ReturnType<typeof elementsOf> {
  try {
    return elementsOf(answer, 'responses');
  } catch (error) {
    if (error instanceof InvalidJson) return undefined;
    throw error;
  }
}
