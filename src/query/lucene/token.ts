/** The kinds of token of Lucene's classic query syntax; the names are those of its grammar, `QueryParser.jj`. */
export type TokenKind =
  | 'and'
  | 'or'
  | 'not'
  | 'plus'
  | 'minus'
  | 'bareOperator'
  | 'open'
  | 'close'
  | 'colon'
  | 'star'
  | 'boost'
  | 'quoted'
  | 'term'
  | 'fuzzy'
  | 'prefix'
  | 'wildcard'
  | 'regexp'
  | 'range'
  | 'end';

/** A token and where it stands: offsets in UTF-16 units, `end` excluded. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** White space as Lucene's grammar has it: other Unicode spaces are letters to it. */
export function isWhitespace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r' || char === '\u3000';
}
