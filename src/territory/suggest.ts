/** What suggestions are looked up in. */
export interface SuggestSource {
  readonly levels: readonly string[];
  /** The index of a unit of today, negative for any other code. */
  indexOf(code: string): number;
  /** The codes of today that a code means, if it means any. */
  resolve(code: string): readonly string[] | undefined;
}

const MOST = 5;
/** Three lost digits make 1,110 codes to look up. */
const LOST_DIGITS = 3;
/** Identifiers that are longer were not typed by a person, and would take long to vary. */
const LONGEST = 32;
/** Look-ups that `suggestForAll` spends altogether; about 50 ms. */
const BUDGET = 300_000;

const DIGITS = [...'0123456789'];
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const SMALL_LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const SIGNS = [...'._-'];

/**
 * What a person may have meant by a code: at most five codes of today. First the successors of a former code, then
 * codes that have digits in front of these, then the same identifier at another level, then codes that are one slip of
 * the fingers away (a character more, less, other, or two exchanged); each kind in code order.
 *
 * Nothing is scanned: a code costs at most some 6,000 look-ups, most far fewer.
 */
export function suggestCodes(code: string, source: SuggestSource): string[] {
  const suggestions = new Set<string>();
  for (const kind of [successors, lostDigits, otherLevels, slips]) {
    const candidates = [...kind(code, source)].filter((candidate) => candidate !== code);
    for (const candidate of candidates.sort(inCodeOrder)) {
      if (suggestions.size === MOST) return [...suggestions];
      suggestions.add(candidate);
    }
    if (suggestions.size === MOST) break;
  }
  return [...suggestions];
}

/**
 * Suggestions for many codes. So that a request full of unknown codes can't keep the process busy, the look-ups are
 * limited altogether: from the several hundredth unknown code on there may be no suggestions.
 */
export function suggestForAll(codes: readonly string[], source: SuggestSource): Record<string, readonly string[]> {
  let left = BUDGET;
  const counted: SuggestSource = {
    levels: source.levels,
    indexOf: (code) => {
      left--;
      return source.indexOf(code);
    },
    resolve: (code) => source.resolve(code),
  };
  const suggestions: [string, string[]][] = codes.map((code) => [code, left > 0 ? suggestCodes(code, counted) : []]);
  return Object.fromEntries(suggestions);
}

function successors(code: string, source: SuggestSource): readonly string[] {
  return source.indexOf(code) < 0 ? (source.resolve(code) ?? []) : [];
}

/** `COM:234` may be `COM:01234`, `COM:02234`, … The first of each length are enough, being first in code order. */
function* lostDigits(code: string, source: SuggestSource): Iterable<string> {
  const { level, id } = split(code);
  if (!/^[0-9]/.test(id) || id.length > LONGEST) return;
  for (let lost = 1; lost <= LOST_DIGITS; lost++) {
    let found = 0;
    for (let prefix = 0; prefix < 10 ** lost && found < MOST; prefix++) {
      const candidate = `${level}:${String(prefix).padStart(lost, '0')}${id}`;
      if (source.indexOf(candidate) < 0) continue;
      found++;
      yield candidate;
    }
  }
}

function* otherLevels(code: string, source: SuggestSource): Iterable<string> {
  const { id } = split(code);
  for (const level of source.levels) if (source.indexOf(`${level}:${id}`) >= 0) yield `${level}:${id}`;
}

function* slips(code: string, source: SuggestSource): Iterable<string> {
  const { level, id } = split(code);
  if (id.length > LONGEST) return;
  for (const candidate of neighbours(id)) {
    if (source.indexOf(`${level}:${candidate}`) >= 0) yield `${level}:${candidate}`;
  }
}

/** All texts that one slip may have turned into this one. */
function* neighbours(text: string): Iterable<string> {
  const letters = [
    ...DIGITS,
    ...CAPITALS,
    ...(/[a-z]/.test(text) ? SMALL_LETTERS : []),
    ...(/[._-]/.test(text) ? SIGNS : []),
  ];
  for (let i = 0; i <= text.length; i++) {
    const before = text.slice(0, i);
    const after = text.slice(i);
    for (const letter of letters) yield before + letter + after;
    if (after === '') break;
    const rest = after.slice(1);
    yield before + rest;
    for (const letter of letters) yield before + letter + rest;
    if (rest !== '') yield before + rest[0] + after[0] + rest.slice(1);
  }
}

function split(code: string): { level: string; id: string } {
  const colon = code.indexOf(':');
  return { level: code.slice(0, Math.max(colon, 0)), id: code.slice(colon + 1) };
}

/** Codes are ASCII, so that their order as strings is that of their bytes. */
function inCodeOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
