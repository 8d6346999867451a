import fc from 'fast-check';
import { TerritorySyntaxError, TerritoryTooLargeError, UnknownUnitError } from '../../src/territory/errors.js';
import {
  codeNode,
  EMPTY_NODE,
  type Expression,
  evaluateExpression,
  nameNode,
  type Operation,
  operationNode,
  parseExpression,
  printExpression,
  type SetAlgebra,
  writtenCodes,
} from '../../src/territory/expression.js';
import { runs } from '../support/seed.js';

const code = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,3}:[A-Za-z0-9._-]{1,4}$/);
const name = fc.stringMatching(/^[a-zé0-9_][a-zé0-9_.-]{0,4}$/u);
const expressions = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(code.map(codeNode), name.map(nameNode), fc.constant(EMPTY_NODE)),
    fc
      .tuple(
        fc.constantFrom<Operation>('union', 'intersection', 'difference'),
        fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
      )
      .map(([kind, operands]) => operationNode(kind, operands)),
  ),
})).node;

/** Sets of letters; the code `U:abc` is the set of a, b and c. */
function algebra(names: Record<string, string> = {}): SetAlgebra<Set<string>> {
  return {
    has: (text) => text.startsWith('U:'),
    territory: (codes) => new Set(codes.flatMap((text) => [...text.slice(2)])),
    union: (a, b) => new Set([...a, ...b]),
    intersection: (a, b) => new Set([...a].filter((member) => b.has(member))),
    difference: (a, b) => new Set([...a].filter((member) => !b.has(member))),
    resolve: (text) => (text in names ? new Set(names[text]) : undefined),
    suggest: (codes) => Object.fromEntries(codes.map((text) => [text, ['U:a']])),
  };
}

function evaluate(text: string, names?: Record<string, string>): string {
  return [...evaluateExpression(parseExpression(text), algebra(names))].sort().join('');
}

function fault(text: string): [message: string, column: number | undefined] {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof TerritorySyntaxError) return [error.message, error.column];
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('reading', () => {
  it('reads `-` before `&` before `|`, from left to right', () => {
    expect(evaluate('U:abc | U:bcd & U:cde - U:d')).toBe('abc');
    expect(evaluate('U:abc - U:b - U:c')).toBe('a');
    expect(evaluate('U:abc - (U:b - U:b)')).toBe('abc');
    expect(evaluate('U:a & U:b | U:c')).toBe('c');
    expect(evaluate('U:a & (U:b | U:a)')).toBe('a');
  });

  it('takes a hyphen within a code as part of it', () => {
    expect(parseExpression('ISO:FR-69 - ISO:FR-01')).toEqual(
      operationNode('difference', [codeNode('ISO:FR-69'), codeNode('ISO:FR-01')]),
    );
  });

  it('needs spaces around no operator but `-`', () => {
    expect(evaluate('(U:a|U:b)&U:bc|\tU:d\n- U:d')).toBe('b');
  });

  it('drops superfluous parentheses', () => {
    expect(parseExpression('((A:1 | (A:2)) | (A:3 | A:4))')).toEqual(parseExpression('A:1 | A:2 | A:3 | A:4'));
    expect(parseExpression('(A:1 - A:2) - A:3')).toEqual(parseExpression('A:1 - A:2 - A:3'));
    expect(parseExpression('A:1 - (A:2 - A:3)')).not.toEqual(parseExpression('A:1 - A:2 - A:3'));
  });

  it('reads what an empty territory is printed as', () => {
    expect(evaluate('∅')).toBe('');
    expect(evaluate('U:ab - ∅ | ∅ & U:c')).toBe('ab');
  });

  it('gives frozen nodes', () => {
    const node = parseExpression('A:1 | @x');
    expect(Object.isFrozen(node)).toBe(true);
    expect(node.kind === 'union' && Object.isFrozen(node.operands) && node.operands.every(Object.isFrozen)).toBe(true);
  });

  it('reads ten thousand codes, and parentheses as deep as allowed', () => {
    const codes = Array.from({ length: 10_000 }, (_, i) => `U:${i}`);
    expect(writtenCodes(parseExpression(codes.join(' | ')))).toEqual(codes);
    const deep = `${'U:a | U:b & ('.repeat(1000)}U:c | U:d${')'.repeat(1000)}`;
    expect(evaluate(deep)).toBe('a');
    expect(printExpression(parseExpression(deep)) === deep).toBe(true);
  });

  it('refuses parentheses deeper than the limit, without reading them', () => {
    expect(() => parseExpression(`${'('.repeat(1001)}A:1${')'.repeat(1001)}`)).toThrow(TerritoryTooLargeError);
    expect(() => parseExpression('((A:1))', { depth: 1 })).toThrow(
      'parentheses are nested deeper than 1 at column 2 of the expression',
    );
    expect(() => parseExpression('('.repeat(1_000_000))).toThrow(TerritoryTooLargeError);
  });
});

describe('printing', () => {
  it('gives text that reads as the same nodes', () => {
    fc.assert(
      fc.property(expressions, (node) => {
        expect(parseExpression(printExpression(node))).toEqual(node);
      }),
    );
  });

  it('writes no more parentheses than needed', () => {
    const texts = [
      'A:1 | B:2 & C:3 - D:4',
      '(A:1 | B:2) & (C:3 - D:4)',
      '(A:1 & B:2) - (C:3 | @x - ∅)',
      'A:1 - (B:2 - C:3) - D:4',
    ];
    for (const text of texts) {
      const printed = printExpression(parseExpression(text));
      expect(printed).toBe(text.replace('(C:3 - D:4)', 'C:3 - D:4'));
    }
  });
});

describe('meaning', () => {
  it('does not change when an expression is printed and read again', () => {
    const letters = fc.stringMatching(/^U:[a-e]{1,4}$/).map(codeNode);
    const trees = fc.letrec<{ node: Expression }>((tie) => ({
      node: fc.oneof(
        letters,
        fc
          .tuple(
            fc.constantFrom<Operation>('union', 'intersection', 'difference'),
            fc.array(tie('node'), { minLength: 1, maxLength: 5 }),
          )
          .map(([kind, operands]) => operationNode(kind, operands)),
      ),
    })).node;
    fc.assert(
      fc.property(trees, (node) => {
        const members = evaluateExpression(node, algebra());
        expect(members).toEqual(naive(node));
        expect(evaluateExpression(parseExpression(printExpression(node)), algebra())).toEqual(members);
      }),
    );
  });

  it('asks the resolver for each name once', () => {
    const asked: string[] = [];
    const resolve = (text: string) => {
      asked.push(text);
      return new Set(['a']);
    };
    const sets = { ...algebra(), resolve };
    evaluateExpression(parseExpression('@my-bu.1 | @été & @my-bu.1'), sets);
    expect(asked).toEqual(['my-bu.1', 'été']);
  });

  it('makes one set of all codes of a union, and of all codes taken away', () => {
    const asked: (readonly string[])[] = [];
    const territory = (codes: readonly string[]) => {
      asked.push(codes);
      return new Set<string>();
    };
    const sets = { ...algebra(), territory };
    evaluateExpression(parseExpression('U:a | U:b | U:c'), sets);
    evaluateExpression(parseExpression('U:a - U:b - U:c'), sets);
    expect(asked).toEqual([['U:a', 'U:b', 'U:c'], ['U:a'], ['U:b', 'U:c']]);
  });

  it('names all unknown codes and names in one error', () => {
    const evaluateUnknown = () => evaluate('X:1 | U:a & (@who - X:2) | X:1', {});
    expect(evaluateUnknown).toThrow(UnknownUnitError);
    try {
      evaluateUnknown();
    } catch (error) {
      expect(error).toMatchObject({
        units: ['X:1', '@who', 'X:2'],
        suggestions: { 'X:1': ['U:a'], 'X:2': ['U:a'] },
      });
    }
  });
});

describe('the codes as written', () => {
  it('are there when there are only codes and `|`', () => {
    expect(writtenCodes(parseExpression('A:2 | (A:1 | A:2)'))).toEqual(['A:2', 'A:1']);
    expect(writtenCodes(parseExpression('A:1'))).toEqual(['A:1']);
  });

  it('are not there otherwise', () => {
    for (const text of ['A:1 - A:2', 'A:1 | @x', 'A:1 | A:2 & A:3']) {
      expect(writtenCodes(parseExpression(text))).toBeUndefined();
    }
  });
});

describe('what can not be read', () => {
  it.each([
    ['', 'the expression is empty', 1],
    ['  ', 'the expression is empty', 1],
    ['DEP:01 DEP:03', 'one of the operators [|], [&] and [-] is missing before [DEP:03]', 8],
    ['DEP:01 (DEP:03)', 'one of the operators [|], [&] and [-] is missing before [(]', 8],
    ['DEP:01 |', 'a code, a name or a parenthesis is missing after [|]', 8],
    ['| DEP:01', 'a code, a name or a parenthesis is missing before [|]', 1],
    ['DEP:01 | & DEP:02', 'a code, a name or a parenthesis is missing after [|]', 8],
    ['(DEP:01 | )', 'a code, a name or a parenthesis is missing after [|]', 9],
    ['DEP:01 | ()', 'there is nothing between these parentheses', 10],
    ['DEP:02 & (DEP:01', 'this parenthesis is not closed', 10],
    ['DEP:01)', 'no parenthesis is open for this [)]', 7],
    ['DEP:01 || DEP:02', 'write a single [|] in place of [||]', 8],
    ['DEP:01 && DEP:02', 'write a single [&] in place of [&&]', 8],
    ['DEP:01 and DEP:02', 'write [&] in place of [and]', 8],
    ['DEP:01 OR DEP:02', 'write [|] in place of [OR]', 8],
    ['DEP:01 – DEP:02', 'write [-] in place of [–]', 8],
    ['DEP:01 -DEP:02', 'the operator [-] must stand between spaces, because a code may contain it', 8],
    ['(DEP:01)- DEP:02', 'the operator [-] must stand between spaces, because a code may contain it', 9],
    ['DEP:01-DEP:02', 'the operator [-] must stand between spaces, because a code may contain it', 7],
    ['dep:2A', 'levels are written in capitals: [DEP:2A] in place of [dep:2A]', 1],
    ['69123', '[69123] is no code; a code is a level and an identifier, as in [COM:69123]', 1],
    ['DEP:', '[DEP:] lacks the part after the colon, as in [COM:69123]', 1],
    ['DEP:01 | @', 'a name must follow [@]', 10],
    ["COM:691'23", "['23] can't follow [COM:691] at once; a code is made of letters, digits, [.], [_] and [-]", 8],
    ['COM:é', '[COM:é] is no code; a code is a level and an identifier, as in [COM:69123]', 1],
    ['"DEP:01"', '["DEP:01"] is no code; a code is a level and an identifier, as in [COM:69123]', 1],
  ])('says what is wrong with %j, and where', (text, message, column) => {
    expect(fault(text)).toEqual([message, column]);
  });

  it('keeps messages short', () => {
    expect(fault('x'.repeat(100_000))[0].length).toBeLessThan(200);
  });

  it('ends with an error of ours or an expression, whatever the text', () => {
    const pieces = fc.array(fc.constantFrom('A:1', '@x', '-', ' - ', '|', '&', '(', ')', ' ', ':', '∅', 'é'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((list) => list.join('')),
        ),
        (text) => {
          try {
            const node = parseExpression(text);
            expect(parseExpression(printExpression(node))).toEqual(node);
          } catch (error) {
            expect(error).toBeInstanceOf(TerritorySyntaxError);
            expect((error as TerritorySyntaxError).column).toBeGreaterThanOrEqual(1);
            expect((error as TerritorySyntaxError).column).toBeLessThanOrEqual(text.length + 1);
          }
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});

function naive(node: Expression): Set<string> {
  if (node.kind === 'code') return new Set(node.code.slice(2));
  if (node.kind === 'name' || node.kind === 'empty') return new Set();
  const sets = node.operands.map(naive);
  const [first, ...rest] = sets as [Set<string>, ...Set<string>[]];
  const all = [...new Set(sets.flatMap((set) => [...set]))];
  if (node.kind === 'union') return new Set(all);
  if (node.kind === 'intersection') return new Set(all.filter((member) => sets.every((set) => set.has(member))));
  return new Set([...first].filter((member) => !rest.some((set) => set.has(member))));
}
