import type { TokenKind } from './token.js';

/** How a clause is joined to the one before it. */
export type Conjunction = 'and' | 'or' | undefined;

/** What stands right before a clause: `+`, or one of `-`, `!`, `NOT`. */
export type Modifier = 'must' | 'must_not' | undefined;

/** The name before a colon. */
export interface Field {
  /** With its escapes resolved. */
  readonly name: string;
  readonly start: number;
}

interface Clause {
  readonly conjunction: Conjunction;
  readonly modifier: Modifier;
  /** Where the clause begins, after its operators and before its field. */
  readonly start: number;
  /** Where it ends, after its boost. */
  readonly end: number;
  /** The field that is written before this very clause. */
  readonly field: Field | undefined;
  /** The number after `^`, as written. */
  readonly boost: string | undefined;
}

/** Words that Lucene analyses together, as one text. */
export interface WordsNode extends Clause {
  readonly kind: 'words';
  /** Start and end of each word. */
  readonly words: readonly (readonly [start: number, end: number])[];
}

/** One word, quoted text, wildcard, regular expression or range. */
export interface LeafNode extends Clause {
  readonly kind: 'leaf';
  readonly token: TokenKind;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Whether `~` follows: fuzzy, or sloppy where the leaf is quoted. */
  readonly fuzzy: boolean;
  /** `LEVEL:ID` after the shorthand, with a colon that Lucene's own grammar doesn't have there. */
  readonly code: boolean;
}

/** What stands between parentheses. */
export interface GroupNode extends Clause {
  readonly kind: 'group';
  readonly open: number;
  readonly clauses: readonly Node[];
}

export type Node = WordsNode | LeafNode | GroupNode;

/**
 * The clauses within groups that hold the whole string and so change nothing of what it matches: of `((a b)^2)`, a and b.
 * It goes no further than to the clause that begins at `until`.
 */
export function withoutGroups(clauses: readonly Node[], until?: number): readonly Node[] {
  let inner = clauses;
  for (;;) {
    const [node, more] = inner;
    if (node?.kind !== 'group' || more !== undefined || node.modifier !== undefined || node.start === until)
      return inner;
    inner = node.clauses;
  }
}
