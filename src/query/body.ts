import { TerritorySyntaxError, TerritoryUnsupportedError } from '../territory/errors.js';
import { fromBase64 } from './base64.js';
import { mayHold, refuseForeign } from './encoding.js';
import { collectUnknown, type Expander } from './expander.js';
import { withExtras } from './expansion-text.js';
import { InvalidJson } from './json/scanner.js';
import { stringOffsets } from './json/string-offsets.js';
import { type JsonMember, type JsonValue, memberOf, readMember, readValue } from './json/value.js';
import type { Edit, SplitFrame } from './lucene/index.js';
import { rewriteLucene } from './lucene-place.js';
import { ShorthandReader } from './shorthand.js';
import { type Splice, splice } from './splice.js';
import type { Target } from './target.js';
import type { Replacement, RewriterOptions } from './types.js';
import { type Place, type Walk, Walker } from './walker.js';

export interface BodyRewrite {
  readonly body: Buffer;
  readonly replaced: readonly Replacement[];
  readonly places: number;
  /** Unknown codes that were left out. */
  readonly dropped: readonly string[];
  /** Indices that the body itself names. */
  readonly indices?: readonly string[];
}

interface Piece {
  readonly splices: readonly Splice[];
  readonly replaced: readonly Replacement[];
  readonly dropped: readonly string[];
}

/** Which indices a body is for, from those that it names itself. */
export type TargetOf = (named: readonly string[]) => Target;

/** Rewrites one JSON body: walks it by the grammar, expands what it finds, and splices. */
export class BodyRewriter {
  readonly #name: Buffer;
  readonly #walker: Walker;
  readonly #reader: ShorthandReader;

  constructor(
    readonly expander: Expander,
    readonly options: Pick<RewriterOptions, 'shorthand' | 'limits' | 'definitions'>,
  ) {
    this.#name = Buffer.from(options.shorthand, 'utf8');
    this.#walker = new Walker(options.shorthand, options.limits.depth);
    this.#reader = new ShorthandReader(options.shorthand);
  }

  /**
   * @param spec what the grammar calls the body
   * @param definition what is stored, if anything is: then the shorthand is refused, unless the options let it be expanded
   * @returns `undefined` where nothing changes: no shorthand, no JSON, or no configured index
   * @throws TerritoryError
   */
  rewrite(body: Buffer, spec: string, targetOf: TargetOf, definition?: string): BodyRewrite | undefined {
    if (!mayHold(body, this.#name)) return undefined;
    try {
      return this.#rewrite(body, this.#walker.walk(body, spec), targetOf, definition);
    } catch (error) {
      if (error instanceof InvalidJson) return undefined;
      throw error;
    }
  }

  #rewrite(body: Buffer, walk: Walk, targetOf: TargetOf, definition: string | undefined): BodyRewrite | undefined {
    if (walk.places.length === 0) return undefined;
    const target = targetOf(walk.indices);
    if (target.clauses.length === 0) return undefined;
    const refused = walk.places.find((place) => place.form === 'refused');
    if (refused !== undefined) throw new TerritoryUnsupportedError(`${refused.reason} (at ${refused.path})`);
    const pieces = collectUnknown(walk.places, (place) => atPlace(place, () => this.#piece(body, place, target)));
    const splices: Splice[] = [];
    const replaced: Replacement[] = [];
    const dropped: string[] = [];
    let places = 0;
    for (const piece of pieces) {
      if (piece.splices.length > 0) places++;
      for (const one of piece.splices) splices.push(one);
      for (const one of piece.replaced) replaced.push(one);
      for (const code of piece.dropped) dropped.push(code);
    }
    if (splices.length === 0) return undefined;
    if (definition !== undefined && this.options.definitions === 'reject') {
      const first = walk.places[0]!;
      throw new TerritoryUnsupportedError(
        `${definition} would keep today's map for good: send it the fields and codes themselves, ` +
          `or set "definitions: expand" if that is what you want (at ${first.path})`,
      );
    }
    const rewritten = splice(body, splices, this.options.limits.expandedBytes);
    return { body: rewritten, replaced, places, dropped, indices: walk.indices };
  }

  #piece(body: Buffer, place: Place, target: Target): Piece {
    switch (place.form) {
      case 'query_string':
        return this.#queryString(body, place, target);
      case 'wrapper':
        return this.#wrapper(body, place, target);
      case 'json':
        return this.#json(body, place, target);
      case 'refused':
        throw new TerritoryUnsupportedError(place.reason ?? '');
      default:
        return this.#leaf(body, place.form, place, target);
    }
  }

  #leaf(
    body: Buffer,
    form: Exclude<Place['form'], 'query_string' | 'wrapper' | 'json' | 'refused'>,
    place: Place,
    target: Target,
  ): Piece {
    const { start, end, path } = place;
    const key = `${form} ${body.toString('latin1', start, end)}`;
    const { text, use, known } = this.expander.written(key, () => ({
      text: body.toString('utf8', start, end),
      use: this.#reader.read(form, body, start),
    }));
    const { expanded, cache } = this.expander.expand({
      known,
      relation: use.relation,
      target,
      form: 'json',
      boost: undefined,
    });
    const { relation, terms } = expanded;
    const bytes = withExtras(expanded.printed, use.boost, use.name);
    return {
      splices: [{ start, end, bytes }],
      replaced: [{ place: path, written: text, codes: known.codes, relation, terms, cache }],
      dropped: known.dropped,
    };
  }

  #queryString(body: Buffer, place: Place, target: Target): Piece {
    const { value: query } = readMember(body, place.start);
    const text = memberOf(query, 'query');
    if (text?.kind !== 'string') return NOTHING;
    const setting = (name: string) => settingOf(memberOf(query, name));
    const rewrite = rewriteLucene(this.expander, this.options.shorthand, text.text, {
      place: place.path,
      target,
      defaultOperator: /^and$/i.test(String(setting('default_operator'))) ? 'and' : 'or',
      settings: {
        analyzer: setting('analyzer'),
        quote_analyzer: setting('quote_analyzer'),
        quote_field_suffix: setting('quote_field_suffix'),
        minimum_should_match: setting('minimum_should_match'),
        escape: setting('escape'),
      },
    });
    if (rewrite === undefined) return NOTHING;
    const { edits, replaced, dropped } = rewrite;
    if (edits !== undefined) return { splices: inString(body, text, edits), replaced, dropped };
    const bytes = Buffer.from(rewrite.split(frameOf(body, query, text)).slice(1, -1));
    return { splices: [{ start: place.start, end: place.end, bytes }], replaced, dropped };
  }

  /** A query in base64 is a body of its own. */
  #wrapper(body: Buffer, place: Place, target: Target): Piece {
    const text = readValue(body, place.start);
    if (text.kind !== 'string') return NOTHING;
    const inner = fromBase64(text.text);
    const first = inner
      .toString('latin1', 0, 64)
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .trimStart()[0];
    if (inner.length > 0 && first !== '{' && first !== '/') {
      throw new TerritoryUnsupportedError('a [wrapper] query can be read only where it holds JSON, in base64');
    }
    refuseForeign(inner, undefined);
    return this.#inside(inner, place, target, (rewritten) => `"${rewritten.toString('base64')}"`);
  }

  /** A query written as JSON in a string is a body of its own. */
  #json(body: Buffer, place: Place, target: Target): Piece {
    const text = readValue(body, place.start);
    if (text.kind !== 'string') return NOTHING;
    const inner = Buffer.from(text.text);
    return this.#inside(inner, place, target, (rewritten) => JSON.stringify(rewritten.toString()));
  }

  #inside(inner: Buffer, place: Place, target: Target, write: (rewritten: Buffer) => string): Piece {
    const rewrite = this.rewrite(inner, 'query', () => target);
    if (rewrite === undefined) return NOTHING;
    const bytes = Buffer.from(write(rewrite.body));
    const replaced = rewrite.replaced.map((one) => ({ ...one, place: `${place.path}: ${one.place}` }));
    return { splices: [{ start: place.start, end: place.end, bytes }], replaced, dropped: rewrite.dropped };
  }
}

const NOTHING: Piece = { splices: [], replaced: [], dropped: [] };

/** Edits of a string's text as splices of its bytes. */
function inString(body: Buffer, text: Extract<JsonValue, { kind: 'string' }>, edits: readonly Edit[]): Splice[] {
  const offsets = stringOffsets(body, text.start, text.end);
  if (offsets === undefined || offsets.length !== text.text.length + 1) {
    throw new TerritorySyntaxError('the query string is no UTF-8');
  }
  return edits.map(({ start, end, text: replacement }) => ({
    start: offsets[start]!,
    end: offsets[end]!,
    bytes: Buffer.from(JSON.stringify(replacement).slice(1, -1)),
  }));
}

/** The parameters of a `query_string`, as bytes: those that stay with its text, and those of the query around it. */
function frameOf(body: Buffer, query: JsonValue, text: JsonValue): Pick<SplitFrame, 'queryString' | 'outer'> {
  const members = query.kind === 'object' ? query.members.filter(({ value }) => value !== text) : [];
  const raw = ({ start, value }: JsonMember) => body.toString('utf8', start, value.end);
  const isOuter = ({ name }: JsonMember) => name === 'boost' || name === '_name';
  const kept = members.filter((member) => !isOuter(member)).map((member) => `,${raw(member)}`);
  return {
    queryString: (piece) => `{"query_string":{"query":${JSON.stringify(piece)}${kept.join('')}}}`,
    outer: members.filter(isOuter).map(raw).join(','),
  };
}

/** A parameter as JavaScript has it; `null` counts as not given. */
function settingOf(value: JsonValue | undefined): unknown {
  if (value === undefined || (value.kind === 'scalar' && value.text === 'null')) return undefined;
  return value.kind === 'string' || value.kind === 'scalar' ? value.text : value.kind;
}

/** Says where in the request an error came up. Unknown units name themselves. */
function atPlace<T>(place: Place, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const where = ` (at ${place.path})`;
    if (error instanceof TerritorySyntaxError) throw new TerritorySyntaxError(error.message + where, error.column);
    if (error instanceof TerritoryUnsupportedError && place.form !== 'refused') {
      throw new TerritoryUnsupportedError(error.message + where, { cause: error });
    }
    throw error;
  }
}
