import { cogUnits } from '../../src/files/cog.js';
import { FRANCE_PARTITIONS } from '../../src/files/partitions.js';
import { diffTrees } from '../../src/territory/diff.js';
import { diffText } from '../../src/territory/diff-text.js';
import { TerritoryTree, type Unit, UnknownUnitError } from '../../src/territory/index.js';

const codes = (units: readonly Unit[]) => units.map(({ code }) => code);

async function treeOf(year: number): Promise<TerritoryTree> {
  return TerritoryTree.build(await cogUnits({ year }), { partitions: FRANCE_PARTITIONS });
}

describe('the map of France of 2026', () => {
  let france: TerritoryTree;
  beforeAll(async () => {
    france = await treeOf(2026);
  }, 60_000);

  it('is made of 35,011 atoms and covered by one unit', () => {
    expect(france.atomCount).toBe(35_011);
    expect(france.territory('CNTRY:F').atomCount).toBe(35_011);
    expect(codes(france.territory('CNTRY:F').covering())).toEqual(['CNTRY:F']);
    expect(france.parse('CNTRY:F').toString()).toBe('CNTRY:F');
  });

  it('has all departments of Auvergne-Rhône-Alpes as that region', () => {
    const departments = ['01', '03', '07', '15', '26', '38', '42', '43', '63', '69', '73', '74'].map(
      (id) => `DEP:${id}`,
    );
    const region = france.territory(...departments);
    expect(region.codes).toEqual(['REG:84']);
    expect(region.equals(france.territory('REG:84'))).toBe(true);
    expect(codes(region.children())).toEqual(departments);
    expect(france.parse('REG:84 - DEP:69').codes).toEqual(departments.filter((code) => code !== 'DEP:69'));
  });

  it('has the Métropole de Lyon inside the Rhône, though no arrow joins them', () => {
    const metropole = france.territory('EPCI:200046977');
    expect(metropole.isSubsetOf(france.territory('DEP:69'))).toBe(true);
    expect(france.unit('EPCI:200046977')?.parents).toEqual([]);
    expect(codes(metropole.around())).toEqual(['ARR:691', 'CNTRY:F', 'DEP:69', 'EPCI:200046977', 'REG:84']);
    expect(codes(france.territory('DEP:69').inside({ levels: ['EPCI'] }))).toContain('EPCI:200046977');
    expect(codes(france.territory('DEP:69').descendants())).not.toContain('EPCI:200046977');
    expect(metropole.codes).toHaveLength(58);
    expect(codes(metropole.covering())).toEqual(['EPCI:200046977']);
    expect(metropole.lowestCommonAncestor()?.code).toBe('EPCI:200046977');
  });

  it('has 89 EPCI that cross departments', () => {
    const crossing = [...france.units()].filter(
      ({ level, code }) => level === 'EPCI' && france.territory(code).touching({ levels: ['DEP'] }).length > 1,
    );
    expect(crossing).toHaveLength(89);
    const one = france.territory('EPCI:200040715');
    expect(codes(one.touching({ levels: ['DEP'] }))).toEqual(['DEP:38']);
    const vienne = france.territory('EPCI:200077014');
    expect(codes(vienne.touching({ levels: ['DEP'] }))).toEqual(['DEP:38', 'DEP:69']);
    expect(vienne.isSubsetOf(france.territory('DEP:38'))).toBe(false);
    expect(vienne.lowestCommonAncestor()?.code).toBe('EPCI:200077014');
    expect(vienne.union(france.territory('COM:38001')).lowestCommonAncestor()?.code).toBe('REG:84');
  });

  it('has Paris as its arrondissements, its department and its arrondissement', () => {
    const arrondissements = Array.from({ length: 20 }, (_, i) => `ARM:${75101 + i}`);
    const paris = france.territory(...arrondissements);
    expect(paris.codes).toEqual(['DEP:75']);
    expect(codes(paris.covering())).toEqual(['ARR:751', 'COM:75056', 'DEP:75']);
    expect(codes(france.territory('COM:75056').children())).toEqual(['COM:75056']);
    expect(paris.isSubsetOf(france.territory('REG:11'))).toBe(true);
    expect(france.territory('REG:11').has('DEP:75')).toBe(true);
    expect(france.parse('REG:11 - DEP:75').codes).toEqual([
      'DEP:77',
      'DEP:78',
      'DEP:91',
      'DEP:92',
      'DEP:93',
      'DEP:94',
      'DEP:95',
    ]);
    expect(france.unit('COM:75056')?.inhabitants).toBe(2_103_778);
    expect(france.unit('DEP:75')?.inhabitants).toBe(2_103_778);
  });

  it('has 38 groups of units with equal atoms', () => {
    const groups = new Map<string, number>();
    for (const { code } of france.units()) {
      const territory = france.territory(code);
      const key = territory.spans.join();
      groups.set(key, (groups.get(key) ?? 0) + 1);
    }
    expect([...groups.values()].filter((size) => size > 1)).toHaveLength(38);
  });

  it('writes a department that is a region as the region', () => {
    expect(france.territory('DEP:971').codes).toEqual(['REG:01']);
    expect(france.territory('DEP:971').equals(france.territory('REG:01'))).toBe(true);
  });

  it('has Corsica in two departments with letters in their codes', () => {
    expect(france.parse('DEP:2A | DEP:2B').codes).toEqual(['REG:94']);
    expect(france.territory('COM:2A004').lowestCommonAncestor()?.label).toBe('Ajaccio');
  });

  it('has holes across: 98 communes in no EPCI, 111 in no arrondissement', () => {
    const communes = [...france.units()].filter(({ level }) => level === 'COM');
    const without = (level: string) =>
      communes.filter(({ parents }) => !parents.some((parent) => parent.startsWith(`${level}:`))).length;
    expect([without('EPCI'), without('ARR')]).toEqual([98, 111]);
  });

  it('resolves a former code, and says so', () => {
    const lyon = france.territory('COM:69232');
    expect(lyon.codes).toEqual(['COM:69123']);
    expect(lyon.resolved).toEqual({ 'COM:69232': ['COM:69123'] });
    expect(france.unit('COM:69232')).toBeUndefined();
    expect(france.suggest('COM:69232')[0]).toBe('COM:69123');
  });

  it('names unknown codes with what may have been meant', () => {
    try {
      france.parse('COM:234 | DEP:1 & EPCI:69123 | REG:84');
      throw new Error('was read');
    } catch (error) {
      expect(error).toBeInstanceOf(UnknownUnitError);
      const { units, suggestions } = error as UnknownUnitError;
      expect(units).toEqual(['COM:234', 'DEP:1', 'EPCI:69123']);
      expect(suggestions['COM:234']?.slice(0, 2)).toEqual(['COM:01234', 'COM:02234']);
      expect(suggestions['COM:234']).toHaveLength(5);
      expect(suggestions['DEP:1']?.[0]).toBe('DEP:01');
      expect(suggestions['EPCI:69123']).toContain('COM:69123');
    }
    expect([france.unit('COM:01234')?.label, france.unit('COM:02234')?.label]).toEqual(['Marignieu', 'Craonne']);
  });

  it('finds places by name', () => {
    const found = (text: string, level?: string) => codes(france.search(text, { level, size: 3 }));
    expect(found('lyon', 'COM')).toEqual(['COM:69123', 'COM:27377', 'COM:69202']);
    expect(found('LYON')).toEqual(['ARR:691', 'COM:69123', 'ARM:69383']);
    expect(found('st etienne', 'COM')[0]).toBe('COM:42218');
    expect(found('saint-étienne', 'COM')).toEqual(found('St Etienne', 'COM'));
    expect(found('metropole de lyon')).toEqual(['EPCI:200046977']);
    expect(found('l hay les roses', 'COM')).toEqual(['COM:94038']);
    expect(found('69001', 'ARM')).toEqual(['ARM:69381']);
    expect(found('2A004')).toEqual(['COM:2A004']);
  });
});

describe('what became of France from 2024 to 2025', () => {
  it('is 8 communes created, all of them former codes until then, and 68 removed', async () => {
    const diff = diffTrees(await treeOf(2024), await treeOf(2025));
    const created = diff.created.filter(({ code }) => code.startsWith('COM:'));
    expect(created).toHaveLength(8);
    expect(created.every(({ from }) => from.length === 1)).toBe(true);
    expect(diff.levels.COM).toMatchObject({ created: 8, removed: 68 });
    const removed = diff.removed.filter(({ code }) => code.startsWith('COM:'));
    expect(removed.filter(({ into }) => into.length !== 1)).toEqual([]);
    const exchanged = created.filter(({ code, from }) =>
      removed.some((old) => old.code === from[0] && old.into[0] === code),
    );
    expect(exchanged).toHaveLength(4);
    // The other four were parts of Neussargues en Pinatelle, which stays.
    expect(diff.split.filter(({ code }) => code.startsWith('COM:'))).toEqual([
      {
        code: 'COM:15141',
        label: 'Neussargues en Pinatelle',
        into: ['COM:15031', 'COM:15035', 'COM:15047', 'COM:15141', 'COM:15171'],
      },
    ]);
    expect(diff.atoms).toMatchObject({ created: 8, removed: 68 });
    expect(diffText(diff)).toMatch(/\nCOM +8 +68 /);
  }, 60_000);
});
