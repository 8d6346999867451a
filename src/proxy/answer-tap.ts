import { constants, unzip } from 'node:zlib';
import { ResponsesScan, type SearchFacts } from './responses-scan.js';

/** What the query log tells of an answer. */
export interface AnswerFacts {
  /** Elasticsearch's own time, in ms. */
  readonly took?: number | undefined;
  /** Absent also where shards failed or time ran out: what was found then is not all there is. */
  readonly hits?: number | undefined;
  /** Of an `_msearch`: what each search found that Elasticsearch was sent, in their order, as far as it is known. */
  readonly searches?: readonly SearchFacts[];
}

/** `took` and the total stand before the hits: no more of an answer is looked at. */
const LOOKED_AT = 8 * 1024;

/** Where they stand but for a long scroll id, or failed shards. */
const USUALLY_ENOUGH = 256;

/** Of a compressed answer of an `_msearch`, and what of it is inflated. */
const ZIPPED = { bytes: 64 * 1024, inflated: 4 * 1024 * 1024 };

/** Of compressed answers one in so many is inflated. */
const SAMPLE = 16;

/**
 * Looks at the beginning of an answer while it passes, and never holds it up: a compressed one is read afterwards, in
 * another thread, and only now and then.
 */
export class AnswerTap {
  static #compressed = 0;
  readonly #chunks: Buffer[] = [];
  readonly #zipped: boolean;
  /** Searches that were sent with an `_msearch`. */
  readonly #searches: number | undefined;
  readonly #scan: ResponsesScan | undefined;
  #length = 0;
  #facts: AnswerFacts | undefined;

  private constructor(zipped: boolean, searches: number | undefined) {
    this.#zipped = zipped;
    this.#searches = searches;
    if (searches !== undefined && !zipped) this.#scan = new ResponsesScan();
  }

  /**
   * A tap for an answer with these headers, or `undefined` for one that is not looked at.
   *
   * @param searches of an `_msearch`: how many searches were sent
   */
  static for(
    status: number,
    type: string | undefined,
    encoding: string | undefined,
    searches?: number,
  ): AnswerTap | undefined {
    if (status !== 200 || type === undefined || !/json/i.test(type)) return undefined;
    if (encoding === undefined) return new AnswerTap(false, searches);
    if (!/^(?:x-)?gzip$|^deflate$/i.test(encoding.trim())) return undefined;
    return AnswerTap.#compressed++ % SAMPLE === 0 ? new AnswerTap(true, searches) : undefined;
  }

  /** @param chunk good during the call only: copied as far as it is still looked at */
  see(chunk: Buffer): void {
    if (this.#scan !== undefined) {
      this.#scan.read(chunk);
      return;
    }
    const wanted = (this.#searches === undefined ? LOOKED_AT : ZIPPED.bytes) - this.#length;
    if (wanted <= 0 || this.#facts !== undefined) return;
    if (this.#length === 0 && !this.#zipped) {
      const facts = factsInText(chunk.toString('latin1', 0, USUALLY_ENOUGH));
      if (facts.took !== undefined && facts.hits !== undefined) {
        this.#facts = facts;
        return;
      }
    }
    this.#chunks.push(Buffer.from(chunk.subarray(0, wanted)));
    this.#length += chunk.length;
  }

  /** Tells what was seen: at once for a plain answer, later for a compressed one. */
  facts(done: (facts: AnswerFacts) => void): void {
    const searches = this.#searches;
    const read = (plain: Buffer) => (searches === undefined ? factsIn(plain) : factsOfSearches(plain, searches));
    if (this.#facts !== undefined) done(this.#facts);
    else if (this.#scan !== undefined) done(told(this.#scan, searches!));
    else if (this.#length === 0) done({});
    else if (!this.#zipped) done(factsIn(join(this.#chunks)));
    else {
      const options = {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: searches === undefined ? 64 * LOOKED_AT : ZIPPED.inflated,
      };
      // What can't be inflated is not known: the answer itself went to the client as it was.
      unzip(join(this.#chunks), options, (error, plain) => done(error === null ? read(plain) : {}));
    }
  }
}

function join(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Reads what each search found from the answer of an `_msearch`. @param sent how many searches Elasticsearch was sent */
export function factsOfSearches(answer: Buffer, sent: number): AnswerFacts {
  const scan = new ResponsesScan();
  scan.read(answer);
  return told(scan, sent);
}

function told(scan: ResponsesScan, sent: number): AnswerFacts {
  const { took } = scan;
  return { ...(took === undefined ? {} : { took }), searches: scan.found(sent) };
}

/** Reads `took` and the total from the beginning of an answer of `_search`, or the count from one of `_count`. */
export function factsIn(answer: Buffer): AnswerFacts {
  const first = factsInText(answer.toString('latin1', 0, USUALLY_ENOUGH));
  if (first.hits !== undefined || answer.length <= USUALLY_ENOUGH) return first;
  return factsInText(answer.toString('latin1', 0, LOOKED_AT));
}

/** Numbers are whole only when something follows. */
const TOOK = /"took"\s*:\s*(\d+)\D/y;
const TOTAL = /"hits"\s*:\s*\{\s*"total"\s*:\s*(?:\{\s*"value"\s*:\s*)?(\d+)\D/y;
const COUNT = /^\s*\{\s*"count"\s*:\s*(\d+)\D/;
/** Stands before the total: some shards failed, time ran out, or an asynchronous search still runs. */
const PARTIAL = /"failed"\s*:\s*[1-9]|"(?:timed_out|is_partial)"\s*:\s*true/;

function factsInText(text: string): AnswerFacts {
  const took = numberAt(text, '"took"', TOOK)?.value;
  const total = numberAt(text, '"hits"', TOTAL);
  const hits = total === undefined ? countIn(text) : PARTIAL.test(text.slice(0, total.at)) ? undefined : total.value;
  // Not by spreads: this is done for every answer.
  return { took, hits };
}

function countIn(text: string): number | undefined {
  const found = COUNT.exec(text);
  return found === null || PARTIAL.test(text) ? undefined : Number(found[1]);
}

/** @param pattern tried wherever `name` stands: to look for the name alone is far quicker */
function numberAt(text: string, name: string, pattern: RegExp): { at: number; value: number } | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return { at, value: Number(found[1]) };
  }
  return undefined;
}
