import { constants, unzip } from 'node:zlib';

/** What the query log tells of an answer. */
export interface AnswerFacts {
  /** Elasticsearch's own time, in ms. */
  readonly took?: number;
  readonly hits?: number;
}

/** `took` and the total stand before the hits: no more of an answer is looked at. */
const LOOKED_AT = 8 * 1024;

/** Where they stand but for a long scroll id, or failed shards. */
const USUALLY_ENOUGH = 256;

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
  #length = 0;
  #facts: AnswerFacts | undefined;

  private constructor(zipped: boolean) {
    this.#zipped = zipped;
  }

  /** A tap for an answer with these headers, or `undefined` for one that is not looked at. */
  static for(status: number, type: string | undefined, encoding: string | undefined): AnswerTap | undefined {
    if (status !== 200 || type === undefined || !/json/i.test(type)) return undefined;
    if (encoding === undefined) return new AnswerTap(false);
    if (!/^(?:x-)?gzip$|^deflate$/i.test(encoding.trim())) return undefined;
    return AnswerTap.#compressed++ % SAMPLE === 0 ? new AnswerTap(true) : undefined;
  }

  /** @param chunk good during the call only: copied as far as it is still looked at */
  see(chunk: Buffer): void {
    const wanted = LOOKED_AT - this.#length;
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
    if (this.#facts !== undefined) done(this.#facts);
    else if (this.#length === 0) done({});
    else if (!this.#zipped) done(factsIn(join(this.#chunks)));
    else {
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * LOOKED_AT };
      // What can't be inflated is not known: the answer itself went to the client as it was.
      unzip(join(this.#chunks), options, (error, plain) => done(error === null ? factsIn(plain) : {}));
    }
  }
}

function join(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
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

function factsInText(text: string): AnswerFacts {
  const took = numberAt(text, '"took"', TOOK);
  const count = (): number | undefined => {
    const found = COUNT.exec(text);
    return found === null ? undefined : Number(found[1]);
  };
  const hits = numberAt(text, '"hits"', TOTAL) ?? count();
  return { ...(took === undefined ? {} : { took }), ...(hits === undefined ? {} : { hits }) };
}

/** @param pattern tried wherever `name` stands: to look for the name alone is far quicker */
function numberAt(text: string, name: string, pattern: RegExp): number | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return Number(found[1]);
  }
  return undefined;
}
