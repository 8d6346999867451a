import { printBranch } from '../../src/query/expansion-text.js';
import { expand, RELATIONS, TerritoryTree } from '../../src/territory/index.js';

const tree = TerritoryTree.build([
  { code: 'REG:84', label: 'Auvergne-Rhône-Alpes', parents: [] },
  ...['01', '69'].map((id) => ({ code: `DEP:${id}`, label: '', parents: ['REG:84'] })),
  ...Array.from({ length: 600 }, (_, i) => ({
    code: `COM:${i}`,
    label: '',
    parents: [i % 2 === 0 ? 'DEP:01' : 'DEP:69'],
    ...(i === 7 && { former_codes: ['COM:7bis'] }),
  })),
]);

describe('the text of an expansion', () => {
  it.each(RELATIONS)('%s: is the clause that the library gives, to the letter', (relation) => {
    for (const code of ['REG:84', 'DEP:69', 'COM:7', 'REG:84 - COM:1 - COM:2']) {
      if (relation === 'exact' && code.includes(' - ')) continue;
      for (const layout of [{ units: 'tu' }, { units: 'tu', ancestors: 'path' }] as const) {
        for (const style of ['terms', 'term'] as const) {
          const territory = tree.parse(code);
          const branch = { pattern: '*', exclude: [], fields: { ...layout, style } };
          const printed = printBranch({ ...branch, expansion: expand(territory, layout, relation) });
          expect(`{${printed}}`).toBe(JSON.stringify(territory.toQuery({ ...layout, relation, style })));
        }
      }
    }
  });

  it('is so where the codes are more than one `terms` takes', () => {
    const communes = Array.from({ length: 65_600 }, (_, i) => ({ code: `COM:${i}`, label: '', parents: ['DEP:1'] }));
    const territory = TerritoryTree.build([{ code: 'DEP:1', label: '', parents: [] }, ...communes]).territory('DEP:1');
    const fields = { units: 'tu' };
    const printed = printBranch({ pattern: '*', exclude: [], fields, expansion: expand(territory, fields, 'within') });
    expect(`{${printed}}`).toBe(JSON.stringify(territory.toQuery(fields)));
    expect(printed.match(/"terms"/g)).toHaveLength(2);
  });
});
