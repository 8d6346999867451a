import { TerritorySyntaxError } from '../../territory/errors.js';
import { discardEscapes } from './discard-escapes.js';
import type { Conjunction, Field, Modifier, Node } from './node.js';
import type { Token, TokenKind } from './token.js';

/** Tokens that may not follow the next word if the two are to be analysed together. */
const ENDS_RUN: ReadonlySet<TokenKind> = new Set<TokenKind>(['colon', 'star', 'fuzzy', 'boost', 'and', 'or']);

const VALUES: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'term',
  'star',
  'prefix',
  'wildcard',
  'regexp',
  'bareOperator',
  'quoted',
  'range',
]);

/** What has been read of a clause before its value. */
interface Head {
  readonly conjunction: Conjunction;
  readonly modifier: Modifier;
  readonly start: number;
  readonly field: Field | undefined;
}

/** A query that is still open: the whole string, or a group. */
interface Frame {
  readonly clauses: Node[];
  /** The head and opening parenthesis of the group; the string itself has none. */
  readonly group: { readonly head: Head; readonly open: number } | undefined;
  /** The field that holds inside, or undefined for the default ones. */
  readonly field: string | undefined;
}

/**
 * Reads the tokens of a query string by the grammar of Lucene's classic parser, and gives its clauses. It is wider in one
 * place only: where `takesCodes` says so of the field that holds, a word, a colon and a word make one value, a code.
 *
 * @throws TerritorySyntaxError with the 1-based column of what Lucene would reject too
 */
export function parse(text: string, tokens: readonly Token[], takesCodes: (field: string) => boolean): Node[] {
  return new Parser(text, tokens, takesCodes).parse();
}

class Parser {
  private at = 0;
  private frame: Frame = { clauses: [], group: undefined, field: undefined };
  /** Groups around the one that is being read. A list, not recursion: strings may be nested deeper than a stack is. */
  private readonly around: Frame[] = [];

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
    private readonly takesCodes: (field: string) => boolean,
  ) {}

  parse(): Node[] {
    // Elasticsearch looks for text before it parses, and to its `trim` an ideographic space is text.
    if (this.kind() === 'end' && !this.text.includes('\u3000')) return [];
    for (;;) {
      if (this.frame.clauses.length > 0 && this.kind() === 'close') this.closeGroup();
      else if (this.frame.clauses.length > 0 && this.kind() === 'end') {
        const open = this.frame.group?.open;
        if (open === undefined) return this.frame.clauses;
        throw this.unexpected(`the parenthesis at column ${open + 1} is never closed`);
      } else this.clause();
    }
  }

  private kind(ahead = 0): TokenKind {
    return this.tokens[this.at + ahead]?.kind ?? 'end';
  }

  private take(): Token {
    const token = this.tokens[this.at] as Token;
    this.at++;
    return token;
  }

  private clause(): void {
    if (this.words()) return;
    const conjunction = this.frame.clauses.length > 0 ? this.conjunction() : undefined;
    const modifier = this.modifier();
    const start = this.tokens[this.at]?.start ?? this.text.length;
    const codes = this.holdsCodes(this.frame.field);
    const field = codes && this.code() ? undefined : this.field();
    const head = { conjunction, modifier, start, field };
    if (this.kind() === 'open') {
      const open = this.take().start;
      this.around.push(this.frame);
      this.frame = { clauses: [], group: { head, open }, field: field?.name ?? this.frame.field };
    } else this.leaf(head);
  }

  /** A run of words that are analysed together; the shorthand's own values are never one. */
  private words(): boolean {
    if (this.kind() !== 'term' || !this.continuesRun(1) || this.holdsCodes(this.frame.field)) return false;
    const words: [number, number][] = [];
    do {
      const { start, end } = this.take();
      words.push([start, end]);
    } while (this.continuesRun(0));
    const start = words[0]?.[0] as number;
    const end = words.at(-1)?.[1] as number;
    const nothing = { conjunction: undefined, modifier: undefined, field: undefined, boost: undefined };
    this.frame.clauses.push({ kind: 'words', words, start, end, ...nothing });
    return true;
  }

  private continuesRun(ahead: number): boolean {
    return this.kind(ahead) === 'term' && !ENDS_RUN.has(this.kind(ahead + 1));
  }

  private conjunction(): Conjunction {
    const kind = this.kind();
    if (kind !== 'and' && kind !== 'or') return undefined;
    this.at++;
    return kind;
  }

  private modifier(): Modifier {
    const kind = this.kind();
    if (kind !== 'plus' && kind !== 'minus' && kind !== 'not') return undefined;
    this.at++;
    return kind === 'plus' ? 'must' : 'must_not';
  }

  private field(): Field | undefined {
    if (this.kind(1) !== 'colon') return undefined;
    if (this.kind() !== 'term' && this.kind() !== 'star') return undefined;
    const { start, end } = this.take();
    this.at++;
    return { name: discardEscapes(this.text.slice(start, end), start), start };
  }

  private holdsCodes(field: string | undefined): boolean {
    return field !== undefined && this.takesCodes(field);
  }

  /** Whether a word, a colon and a value stand here without space between them. */
  private code(): boolean {
    const [level, colon, id] = this.tokens.slice(this.at, this.at + 3);
    if (level?.kind !== 'term' || colon?.kind !== 'colon' || colon.start !== level.end) return false;
    if (this.takesCodes(discardEscapes(this.text.slice(level.start, level.end), level.start))) return false;
    return (
      id !== undefined && id.start === colon.end && (isWord(id.kind) || id.kind === 'prefix' || id.kind === 'wildcard')
    );
  }

  private leaf(head: Head): void {
    const code = this.holdsCodes(head.field?.name ?? this.frame.field) && this.code();
    const first = this.tokens[this.at] as Token;
    if (code) this.at += 2;
    else if (!VALUES.has(first.kind)) throw this.unexpected('a word, a quoted text or a group is expected here');
    const last = this.take();
    let boost: string | undefined;
    let fuzzy = false;
    for (;;) {
      const kind = this.kind();
      if (kind === 'boost' && boost === undefined) boost = this.boost();
      else if (kind === 'fuzzy' && !fuzzy && last.kind !== 'range') {
        fuzzy = true;
        this.at++;
      } else break;
    }
    const end = this.tokens[this.at - 1]?.end as number;
    const token = isWord(last.kind) ? 'term' : last.kind;
    const value = { valueStart: first.start, valueEnd: last.end, fuzzy, code };
    this.frame.clauses.push({ kind: 'leaf', token, ...value, ...head, boost, end });
  }

  private closeGroup(): void {
    const { clauses, group } = this.frame;
    const outer = this.around.pop();
    if (outer === undefined || group === undefined) throw this.unexpected('no parenthesis is open here');
    const close = this.take();
    const boost = this.kind() === 'boost' ? this.boost() : undefined;
    const end = boost === undefined ? close.end : (this.tokens[this.at - 1]?.end as number);
    this.frame = outer;
    outer.clauses.push({ kind: 'group', open: group.open, clauses, ...group.head, boost, end });
  }

  private boost(): string {
    const { start, end } = this.take();
    return this.text.slice(start + 1, end);
  }

  private unexpected(why: string): TerritorySyntaxError {
    const token = this.tokens[this.at] as Token;
    const what = token.kind === 'end' ? 'its end' : `[${this.text.slice(token.start, token.end)}]`;
    const column = token.start + 1;
    return new TerritorySyntaxError(`the query string can't be read at column ${column}, ${what}: ${why}`, column);
  }
}

/** `OR` right after a colon is text, since a code has no operators in it. */
function isWord(kind: TokenKind): boolean {
  return kind === 'term' || kind === 'and' || kind === 'or' || kind === 'not';
}
