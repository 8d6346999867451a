import { z } from 'zod';
import { territorySchema } from '../../src/files/schema.js';
import { TerritoryTree } from '../../src/territory/index.js';

const tree = TerritoryTree.build([
  { code: 'REG:1', label: 'All' },
  { code: 'DEP:01', label: 'North', parents: ['REG:1'] },
  { code: 'DEP:02', label: 'South', parents: ['REG:1'], former_codes: ['DEP:99'] },
]);
const schema = territorySchema(tree);

describe('the schema of a territory', () => {
  it.each([
    ['an expression', 'REG:1 - DEP:01'],
    ['a list of codes', ['DEP:02']],
    ['a list of units', [tree.unit('DEP:02')!]],
    ['an object with codes', { codes: ['DEP:99'] }],
    ['an object with an expression', { expression: 'DEP:02' }],
    ['an object with units', { units: [{ code: 'DEP:02', label: 'South' }] }],
    ['what a territory is as JSON', JSON.parse(JSON.stringify(tree.territory('DEP:02')))],
    ['a territory', tree.territory('DEP:02')],
  ])('takes %s', (_, value) => {
    expect(schema.parse(value).equals(tree.territory('DEP:02'))).toBe(true);
  });

  it('gives JSON that comes back as the same territory', () => {
    const json = z.encode(schema, tree.parse('REG:1'));
    expect(json).toEqual({ version: tree.version, codes: ['REG:1'], atomCount: 2 });
    expect(schema.parse(json).codes).toEqual(['REG:1']);
  });

  it('can be a member of a larger schema', () => {
    const request = z.object({ where: schema, size: z.number() });
    expect(request.parse({ where: 'DEP:01', size: 3 }).where.codes).toEqual(['DEP:01']);
    const { error } = request.safeParse({ where: { codes: ['DEP:01', 'DEP:1'] }, size: 3 });
    expect(error?.issues).toMatchObject([{ path: ['where', 'codes', 1] }]);
  });

  it('makes an issue of each unknown code, at its place', () => {
    expect(schema.safeParse(['DEP:1', 'DEP:02', { code: 'DEP:77' }]).error?.issues).toEqual([
      {
        code: 'custom',
        path: [0],
        message: 'unknown unit [DEP:1] (did you mean DEP:01, REG:1?)',
        params: { type: 'unknown_unit_exception', units: ['DEP:1'], suggestions: { 'DEP:1': ['DEP:01', 'REG:1'] } },
      },
      {
        code: 'custom',
        path: [2, 'code'],
        message: 'unknown unit [DEP:77]',
        params: { type: 'unknown_unit_exception', units: ['DEP:77'], suggestions: { 'DEP:77': [] } },
      },
    ]);
  });

  it('makes one issue of an expression that can not be read, with the column', () => {
    expect(schema.safeParse({ expression: 'DEP:01 |' }).error?.issues).toMatchObject([
      { code: 'custom', path: ['expression'], params: { type: 'territory_syntax_exception', column: 8 } },
    ]);
    expect(schema.safeParse('DEP:77 | X:1').error?.issues).toMatchObject([
      { path: [], params: { units: ['DEP:77', 'X:1'] } },
    ]);
  });

  it('refuses other values with issues of its own', () => {
    for (const value of [7, null, {}, [7], { codes: 'DEP:01' }]) expect(schema.safeParse(value).success).toBe(false);
  });
});
