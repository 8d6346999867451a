import { TerritorySyntaxError } from '../errors.js';
import { codeNode, EMPTY_NODE, type Expression, nameNode, type Operation } from './node.js';

/** A piece of an expression. `column` is 1-based, in UTF-16 units. */
export type Token = OperandToken | OperatorToken | ParenthesisToken;

export interface OperandToken {
  readonly kind: 'operand';
  readonly node: Expression;
  readonly text: string;
  readonly column: number;
}

export interface OperatorToken {
  readonly kind: 'operator';
  readonly operation: Operation;
  readonly text: string;
  readonly column: number;
}

export interface ParenthesisToken {
  readonly kind: '(' | ')';
  readonly text: string;
  readonly column: number;
}

const SPACE = /\s+/y;
const CODE = /[A-Z][A-Z0-9_]*:[A-Za-z0-9._-]+/y;
const NAME = /@([\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*)/uy;
/** A run of what could be meant as one code or word, for error messages. */
const WORD = /[^\s()|&]+/y;

const OPERATIONS: Readonly<Record<string, Operation>> = { '|': 'union', '&': 'intersection', '-': 'difference' };

/** Cuts a text into tokens; throws a `TerritorySyntaxError` at the first place that is none. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = match(SPACE, text, 0)?.length ?? 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    const end = at + token.text.length;
    at = end + (match(SPACE, text, end)?.length ?? 0);
    if (token.kind === 'operand' && at === end) checkEndOfOperand(text, token);
    tokens.push(token);
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  const column = at + 1;
  const char = text[at]!;
  if (char === '(' || char === ')') return { kind: char, text: char, column };
  if (char === '∅') return { kind: 'operand', node: EMPTY_NODE, text: char, column };
  if ((char === '|' || char === '&') && text[at + 1] === char) {
    throw new TerritorySyntaxError(`write a single [${char}] in place of [${char}${char}]`, column);
  }
  const operation = OPERATIONS[char];
  if (operation) {
    if (char === '-' && !standsBetweenSpaces(text, at)) {
      throw new TerritorySyntaxError(
        'the operator [-] must stand between spaces, because a code may contain it',
        column,
      );
    }
    return { kind: 'operator', operation, text: char, column };
  }
  const code = match(CODE, text, at);
  if (code !== undefined) return { kind: 'operand', node: codeNode(code), text: code, column };
  const name = match(NAME, text, at);
  if (name !== undefined) return { kind: 'operand', node: nameNode(name.slice(1)), text: name, column };
  throw new TerritorySyntaxError(whatIsWrongWith(match(WORD, text, at) ?? char), column);
}

function standsBetweenSpaces(text: string, at: number): boolean {
  const isSpace = (char: string | undefined) => char === undefined || match(SPACE, char, 0) !== undefined;
  return isSpace(text[at - 1]) && isSpace(text[at + 1]);
}

/** What follows a code or a name at once must be a parenthesis or an operator other than `-`. */
function checkEndOfOperand(text: string, { text: operand, column }: OperandToken): void {
  const next = column - 1 + operand.length;
  if (next >= text.length || '()|&'.includes(text[next]!)) return;
  const rest = match(WORD, text, next)!;
  if (/^[:@]/.test(rest) && operand.includes('-')) {
    const hyphen = column + operand.lastIndexOf('-');
    throw new TerritorySyntaxError('the operator [-] must stand between spaces, because a code may contain it', hyphen);
  }
  throw new TerritorySyntaxError(
    `[${short(rest)}] can't follow [${short(operand)}] at once; a code is made of letters, digits, [.], [_] and [-]`,
    next + 1,
  );
}

function whatIsWrongWith(word: string): string {
  const operator = { AND: '&', OR: '|', NOT: '-', '+': '|', ',': '|', ';': '|', '\u2212': '-', '–': '-', '—': '-' }[
    word.toUpperCase()
  ];
  if (operator) return `write [${operator}] in place of [${word}]`;
  if (word === '@') return 'a name must follow [@]';
  const [, level, id] = /^([A-Za-z][A-Za-z0-9_]*):(.*)$/.exec(word) ?? [];
  if (level !== undefined && id === '') return `[${short(word)}] lacks the part after the colon, as in [COM:69123]`;
  if (level !== undefined && level !== level.toUpperCase()) {
    return `levels are written in capitals: [${short(`${level.toUpperCase()}:${id}`)}] in place of [${short(word)}]`;
  }
  return `[${short(word)}] is no code; a code is a level and an identifier, as in [COM:69123]`;
}

/** Texts in messages are cut, so that a message stays readable whatever was sent. */
function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
