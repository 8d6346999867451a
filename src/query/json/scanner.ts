/**
 * Reads JSON as Elasticsearch's parser (Jackson) does, token by token, over bytes: line and block comments and a byte
 * order mark are allowed, unquoted names, single quotes and trailing commas are not. It is at least as lenient as the
 * server wherever that costs nothing, for what it takes for invalid goes on unread.
 */

/** The bytes are no JSON from this offset on. */
export class InvalidJson extends Error {
  constructor(readonly offset: number) {
    super(`no JSON at byte ${offset}`);
    this.name = 'InvalidJson';
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class JsonScanner {
  readonly buffer: Buffer;
  pos: number;
  readonly end: number;
  /** Whether the string just read holds an escape. */
  escaped = false;
  /** The hash of the key just read, by its raw bytes (see `hashOf`). */
  hash = 0;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.buffer = buffer;
    this.pos = start;
    this.end = end;
  }

  /** There is no JSON where the scanner stands. */
  fail(): never {
    throw new InvalidJson(this.pos);
  }

  /** Passes over a byte order mark. */
  mark(): void {
    const { buffer, pos } = this;
    if (buffer[pos] === 0xef && buffer[pos + 1] === 0xbb && buffer[pos + 2] === 0xbf) this.pos += 3;
  }

  /** Passes over white space and comments; returns the byte that follows, or -1 at the end. */
  space(): number {
    const { buffer, end } = this;
    let pos = this.pos;
    for (;;) {
      if (pos >= end) break;
      const c = buffer[pos]!;
      if (c > 0x20) {
        if (c !== SLASH) {
          this.pos = pos;
          return c;
        }
        pos = this.#comment(pos);
      } else if (c === 0x20 || c === NEWLINE || c === CARRIAGE_RETURN || c === 0x09) pos++;
      else throw new InvalidJson(pos);
    }
    this.pos = pos;
    return -1;
  }

  /**
   * From the opening quote past the closing one. Of a long string without escapes not every byte is looked at. Control
   * characters may stand in it: the server refuses them in text, but not in base64.
   */
  string(): void {
    const { buffer, end } = this;
    let pos = this.pos + 1;
    this.escaped = false;
    for (let jump = pos + LONG; pos < end; pos++) {
      if (pos === jump && !this.escaped) {
        const past = pastString(buffer, pos, end);
        if (!buffer.subarray(pos, past).includes(BACKSLASH)) {
          this.pos = past;
          return;
        }
      }
      const c = buffer[pos]!;
      if (c === QUOTE) {
        this.pos = pos + 1;
        return;
      }
      if (c === BACKSLASH) pos = this.#escape(pos);
    }
    throw new InvalidJson(pos);
  }

  /** As `string`, and takes the hash of what stands between the quotes. */
  key(): void {
    const { buffer, end } = this;
    let pos = this.pos + 1;
    let hash = 0;
    this.escaped = false;
    for (; pos < end; pos++) {
      const c = buffer[pos]!;
      if (c === QUOTE) {
        this.pos = pos + 1;
        this.hash = hash;
        return;
      }
      if (c < 0x20) break;
      if (c === BACKSLASH) pos = this.#escape(pos);
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    throw new InvalidJson(pos);
  }

  /** A number, `true`, `false` or `null`. */
  scalar(): void {
    const { buffer, end } = this;
    const start = this.pos;
    let pos = start;
    while (pos < end && isScalarByte(buffer[pos]!)) pos++;
    if (pos === start) throw new InvalidJson(pos);
    const first = buffer[start]!;
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) this.#number(start, pos);
    else if (!isLiteral(buffer, start, pos)) throw new InvalidJson(start);
    this.pos = pos;
  }

  /**
   * Passes over the object or array that opens here, whatever it holds, at most `levels` deep.
   *
   * @returns false where it nests deeper
   */
  container(levels: number): boolean {
    const { buffer } = this;
    // One entry a level: whether it is an array.
    const arrays: boolean[] = [];
    let depth = -1;
    let isArray = false;
    // What may follow: a value (1), a name (2), or the end of what is open (4).
    let expect = 1;
    for (;;) {
      const c = this.space();
      if (expect & 4 && c === (isArray ? 0x5d : 0x7d)) {
        this.pos++;
        if (--depth < 0) return true;
        isArray = arrays[depth]!;
        expect = 4;
        // A comma may follow, too.
      } else if (expect === 4) {
        if (c !== 0x2c) this.fail();
        this.pos++;
        expect = isArray ? 1 : 2;
      } else if (expect & 2) {
        if (c !== QUOTE) this.fail();
        this.string();
        // Almost always the colon stands right behind the name.
        if (buffer[this.pos] !== 0x3a && this.space() !== 0x3a) this.fail();
        this.pos++;
        expect = 1;
      } else if (c === 0x7b || c === 0x5b) {
        if (++depth >= levels) return false;
        isArray = c === 0x5b;
        arrays[depth] = isArray;
        this.pos++;
        expect = isArray ? 5 : 6;
      } else {
        if (c === QUOTE) this.string();
        else this.scalar();
        expect = 4;
      }
    }
  }

  /**
   * Passes over the object or array that opens here, and in a list over those that follow, a bare comma between them: by
   * strings, comments and brackets alone, for what is no JSON inside of them is left for the server to refuse.
   *
   * @param until no byte from here on is passed
   * @param ahead how far to look for the end of one; the scanner then stays before it
   * @returns how many were passed, or false where one nests deeper than `levels`
   */
  elements(levels: number, until: number, ahead: number, isList: boolean): number | false {
    const { buffer, end } = this;
    let passed = 0;
    let depth = 0;
    let limit = Math.min(until, this.pos + ahead);
    for (let pos = this.pos; pos < limit; ) {
      const c = buffer[pos++]!;
      if (c === QUOTE) {
        pos = pastShortString(buffer, pos, end);
        // What stands behind a string, almost always.
        const next = buffer[pos];
        if (next === 0x3a || next === 0x2c) pos++;
      } else if (c > 0x5a) {
        if ((c | 0x20) === 0x7b) {
          if (++depth > levels) return false;
        } else if ((c | 0x20) === 0x7d && --depth === 0) {
          this.pos = pos;
          passed++;
          if (!isList || buffer[pos] !== 0x2c || ((buffer[pos + 1] ?? 0) | 0x20) !== 0x7b) return passed;
          pos++;
          limit = Math.min(until, pos + ahead);
        }
      } else if (c === SLASH) pos = this.#comment(pos - 1);
    }
    if (limit >= end) throw new InvalidJson(end);
    return passed;
  }

  #number(start: number, end: number): void {
    const { buffer } = this;
    const digits = (from: number): number => {
      let pos = from;
      while (pos < end && buffer[pos]! >= 0x30 && buffer[pos]! <= 0x39) pos++;
      if (pos === from) throw new InvalidJson(pos);
      return pos;
    };
    let pos = buffer[start] === 0x2d ? start + 1 : start;
    const whole = digits(pos);
    if (buffer[pos] === 0x30 && whole > pos + 1) throw new InvalidJson(pos);
    pos = whole;
    if (pos < end && buffer[pos] === 0x2e) pos = digits(pos + 1);
    if (pos < end && (buffer[pos]! | 0x20) === 0x65) {
      const sign = buffer[pos + 1];
      pos = digits(sign === 0x2b || sign === 0x2d ? pos + 2 : pos + 1);
    }
    if (pos !== end) throw new InvalidJson(pos);
  }

  /** Past a comment, whose first slash stands at `pos`. A line comment may end with the input. */
  #comment(pos: number): number {
    const { buffer, end } = this;
    const kind = pos + 1 < end ? buffer[pos + 1] : -1;
    let at = pos + 2;
    if (kind === SLASH) {
      while (at < end && buffer[at] !== NEWLINE && buffer[at] !== CARRIAGE_RETURN) at++;
      return at;
    }
    if (kind !== STAR) throw new InvalidJson(pos);
    for (; at + 1 < end; at++) if (buffer[at] === STAR && buffer[at + 1] === SLASH) return at + 2;
    throw new InvalidJson(end);
  }

  /** The last byte of an escape, whose backslash stands at `pos`. */
  #escape(pos: number): number {
    this.escaped = true;
    const { buffer, end } = this;
    if (pos + 1 >= end) throw new InvalidJson(pos);
    switch (buffer[pos + 1]) {
      case QUOTE:
      case BACKSLASH:
      case SLASH:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        return pos + 1;
      case 0x75:
        if (pos + 5 >= end) throw new InvalidJson(pos);
        for (let i = pos + 2; i < pos + 6; i++) if (!isHex(buffer[i]!)) throw new InvalidJson(pos);
        return pos + 5;
      default:
        throw new InvalidJson(pos);
    }
  }
}

/** How long a string is before a search by the runtime is worth its call. */
const LONG = 128;

/**
 * As `pastString`, for strings that are short and plain: the first quote ends one, unless a backslash stands before it. Four
 * bytes at a time, for this is what passing over a body spends its time with.
 */
function pastShortString(buffer: Buffer, from: number, end: number): number {
  let pos = from;
  for (const stop = Math.min(from + LONG, end - 4); pos < stop; pos += 4) {
    if (buffer[pos] !== QUOTE) {
      if (buffer[pos + 1] === QUOTE) pos += 1;
      else if (buffer[pos + 2] === QUOTE) pos += 2;
      else if (buffer[pos + 3] === QUOTE) pos += 3;
      else continue;
    }
    return buffer[pos - 1] === BACKSLASH ? pastString(buffer, from, end) : pos + 1;
  }
  return pastString(buffer, from, end);
}

/** Past the closing quote of a string, of which the first byte stands at `from`. */
function pastString(buffer: Buffer, from: number, end: number): number {
  let pos = from;
  for (const stop = Math.min(from + LONG, end); pos < stop; pos++) {
    const c = buffer[pos]!;
    if (c === QUOTE) return pos + 1;
    if (c === BACKSLASH) pos++;
  }
  for (;;) {
    const quote = buffer.indexOf(QUOTE, pos);
    if (quote < 0 || quote >= end) throw new InvalidJson(end);
    let first = quote;
    while (first > pos && buffer[first - 1] === BACKSLASH) first--;
    // After an odd number of backslashes the quote is escaped.
    if ((quote - first) % 2 === 0) return quote + 1;
    pos = quote + 1;
  }
}

function isHex(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66);
}

function isScalarByte(c: number): boolean {
  return (
    (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a) || c === 0x2d || c === 0x2b || c === 0x2e
  );
}

const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text));

function isLiteral(buffer: Uint8Array, start: number, end: number): boolean {
  return LITERALS.some((text) => {
    if (text.length !== end - start) return false;
    for (let i = 0; i < text.length; i++) if (buffer[start + i] !== text[i]) return false;
    return true;
  });
}

/** The text of the string whose quotes stand at `start` and before `end`. Bytes that are no UTF-8 become U+FFFD. */
export function textOf(buffer: Buffer, start: number, end: number, escaped: boolean): string {
  if (!escaped) return buffer.toString('utf8', start + 1, end - 1);
  const text = buffer.toString('utf8', start, end);
  return JSON.parse(text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)) as string;
}

/** What may stand in a string that the scanner has passed, and not in one that JSON.parse reads. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x1f]/g;
