import { textsOf } from '../../../src/api/web/texts.js';

const [en, fr] = [textsOf('en'), textsOf('fr')];

describe('the words of the pages', () => {
  it('count one as one, and several as several', () => {
    expect([0, 1, 2].map((count) => en.level('COM', count))).toEqual(['communes', 'commune', 'communes']);
    expect([0, 1, 2].map((count) => fr.level('REG', count))).toEqual(['région', 'région', 'régions']);
    expect([en.level('STATE', 1), fr.level('STATE', 2)]).toEqual(['STATE', 'STATE']);
    expect([en.explorer.atoms(1, '1'), fr.explorer.atoms(66, '66')]).toEqual([
      '1 smallest unit',
      '66 plus petites unités',
    ]);
    expect([en.map.more(1, '1'), fr.map.more(1, '1'), fr.map.more(2, '2')]).toEqual([
      'and 1 more',
      'et 1 autre',
      'et 2 autres',
    ]);
    expect(en.explorer.mapText(1, 'Rhône')).toBe('1 department shares communes with it: Rhône');
    expect(fr.explorer.mapText(1, 'Rhône')).toBe('1 département a des communes en commun avec lui : Rhône');
  });

  it('say in French of communes that they are “supprimées”, of departments that they are “supprimés”', () => {
    expect(fr.map.change('removed', 'COM', 68)).toBe('supprimées');
    expect(fr.map.change('removed', 'COM', 1)).toBe('supprimée');
    expect(fr.map.change('added', 'DEP', 2)).toBe('ajoutés');
    expect(fr.map.change('renamed', 'DEP', 1)).toBe('renommé');
    expect(en.map.change('moved', 'DEP', 2)).toBe('moved');
  });
});
