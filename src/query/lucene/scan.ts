import { TerritorySyntaxError } from '../../territory/errors.js';
import { isWhitespace, type Token, type TokenKind } from './token.js';

/** Characters that end a word unless a backslash stands before them. `+` and `-` may stand inside one. */
const ENDS_WORD = new Set(' \t\n\r\u3000!():^[]"{}~*?\\/');

const SINGLE: Readonly<Record<string, TokenKind>> = { '(': 'open', ')': 'close', ':': 'colon' };

const WORDS: Readonly<Record<string, TokenKind>> = {
  AND: 'and',
  '&&': 'and',
  OR: 'or',
  '||': 'or',
  NOT: 'not',
};

/**
 * Cuts a query string into tokens, as the token manager of Lucene's classic parser does (`QueryParser.jj`): the longest
 * match wins, and so `a&&b` is one word, `foo*bar` one wildcard, and `- foo` no negation but a word `-` and a word
 * `foo`. A boost (`^2`) and a range (`[a TO b]`) are one token each. The last token has the kind `end`.
 *
 * @throws TerritorySyntaxError with the 1-based column of what Lucene can't read either
 */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (isWhitespace(text[at])) {
      at++;
      continue;
    }
    const token = next(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

function next(text: string, start: number): Token {
  const char = text[start] as string;
  const single = SINGLE[char];
  if (single !== undefined) return { kind: single, start, end: start + 1 };
  switch (char) {
    case '+':
    case '-':
    case '!':
      if (isWhitespace(text[start + 1])) return { kind: 'bareOperator', start, end: start + 2 };
      return { kind: char === '+' ? 'plus' : char === '-' ? 'minus' : 'not', start, end: start + 1 };
    case '^':
      return { kind: 'boost', start, end: boostEnd(text, start) };
    case '"':
      return { kind: 'quoted', start, end: quotedEnd(text, start) };
    case '~':
      return { kind: 'fuzzy', start, end: wordEnd(text, start + 1, false) };
    case '/':
      return { kind: 'regexp', start, end: regexpEnd(text, start) };
    case '[':
    case '{':
      return { kind: 'range', start, end: rangeEnd(text, start) };
  }
  const end = wordEnd(text, start, true);
  if (end === start) throw unreadable(text, start);
  return { kind: wordKind(text, start, end), start, end };
}

/** Where the word that begins at `at` ends; `wild`: whether `*` and `?` may stand in it. */
function wordEnd(text: string, at: number, wild: boolean): number {
  let end = at;
  while (end < text.length) {
    const char = text[end] as string;
    if (char === '\\' && end + 1 < text.length) end += 2;
    else if (!ENDS_WORD.has(char) || (wild && (char === '*' || char === '?'))) end++;
    else break;
  }
  return end;
}

function wordKind(text: string, start: number, end: number): TokenKind {
  const first = firstWild(text, start, end);
  if (first < 0) return WORDS[text.slice(start, end)] ?? 'term';
  if (text[first] === '*' && first === end - 1) return first === start ? 'star' : 'prefix';
  return 'wildcard';
}

function firstWild(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '*' || char === '?') return i;
  }
  return -1;
}

function boostEnd(text: string, start: number): number {
  const number = /\d+(?:\.\d+)?/y;
  number.lastIndex = start + 1;
  if (!number.test(text)) throw unreadable(text, start + 1, 'a boost is a number right after ^');
  return number.lastIndex;
}

function quotedEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  throw unreadable(text, start, 'the quote is never closed');
}

/** A slash after a backslash may stand inside, but ends the expression where no other slash follows. */
function regexpEnd(text: string, start: number): number {
  let end = -1;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] !== '/') continue;
    end = i + 1;
    if (text[i - 1] !== '\\' || i - 1 === start) break;
  }
  if (end < 0) throw unreadable(text, start, 'a regular expression ends with /; a slash in a word is written \\/');
  return end;
}

/** `[a TO b]` or `{a TO b}`, in any mix of brackets; its ends have a syntax of their own. */
function rangeEnd(text: string, start: number): number {
  const parts: string[] = [];
  let at = start + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined) throw unreadable(text, start, 'the range is never closed');
    const end = rangePartEnd(text, at);
    if (end > at) {
      parts.push(text.slice(at, end));
      at = end;
    } else if (isWhitespace(char)) at++;
    else {
      at++;
      break;
    }
  }
  if (parts.length !== 3 || parts[1] !== 'TO') throw unreadable(text, start, 'a range is written [a TO b]');
  return at;
}

/** Where a word, a quoted word or `TO` in a range ends; `at` itself where none begins there. */
function rangePartEnd(text: string, at: number): number {
  let goop = at;
  while (goop < text.length && text[goop] !== ' ' && text[goop] !== ']' && text[goop] !== '}') goop++;
  // A lone white space character is skipped: the grammar names that first, and both are one character long.
  if (goop === at + 1 && isWhitespace(text[at])) goop = at;
  return Math.max(goop, rangeQuotedEnd(text, at));
}

function rangeQuotedEnd(text: string, at: number): number {
  if (text[at] !== '"' || text[at + 1] === '"') return at;
  let end = at;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] !== '"') continue;
    end = i + 1;
    if (text[i - 1] !== '\\') break;
  }
  return end;
}

function unreadable(text: string, at: number, why?: string): TerritorySyntaxError {
  const what = at < text.length ? `[${text[at]}]` : 'the end';
  const reason = `the query string can't be read at column ${at + 1}, ${what}`;
  return new TerritorySyntaxError(why === undefined ? reason : `${reason}: ${why}`, at + 1);
}
