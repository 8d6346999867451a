import { PlaceNames } from '../../scripts/lib/place-names.mjs';

const unit = (code, label, inhabitants) => ({ code, level: code.split(':')[0], label, inhabitants });
const names = new PlaceNames([
  unit('REG:52', 'Pays de la Loire'),
  unit('REG:53', 'Bretagne'),
  unit('REG:01', 'Guadeloupe'),
  unit('DEP:971', 'Guadeloupe'),
  unit('DEP:01', 'Ain'),
  unit('DEP:42', 'Loire'),
  unit('DEP:46', 'Lot'),
  unit('DEP:59', 'Nord'),
  unit('DEP:75', 'Paris'),
  unit('DEP:77', 'Seine-et-Marne'),
  unit('DEP:79', 'Deux-Sèvres'),
  unit('DEP:86', 'Vienne'),
  unit('COM:75056', 'Paris', 2_000_000),
  unit('COM:38544', 'Vienne', 30_000),
  unit('COM:44109', 'Nantes', 300_000),
  unit('COM:92072', 'Sèvres', 23_000),
  unit('COM:93048', 'Montreuil', 110_000),
  unit('COM:93066', 'Saint-Denis', 149_000),
  unit('COM:97411', 'Saint-Denis', 155_000),
  unit('COM:92046', 'Malakoff', 30_000),
  unit('COM:01234', 'Marignieu', 200),
]);

describe('names of places in a text', () => {
  test.each([
    ['dans le département de l’Ain et la région Bretagne', ['DEP:01', 'REG:53']],
    ['un ain, la loire, AIN', []],
    ['Pays de la Loire', ['REG:52']],
    ['Seine et Marne, Deux-Sèvres', ['DEP:77', 'DEP:79']],
    ['à Sèvres', ['COM:92072']],
    ['à Marignieu, un village', []],
    ['12, rue de Nantes, 93514 Montreuil', ['COM:93048']],
    ['à Nantes', ['COM:44109']],
    ['62170 Montreuil', []],
    ['l’Amérique du Nord, la Grande Bretagne, le Val de Loire', []],
    ['le Nord', ['DEP:59']],
    ['Lot 1 – assurance', []],
    ['du Lot, du Tarn', ['DEP:46']],
    ['Malakoff Humanis Prévoyance, 92240 Malakoff', ['COM:92046']],
    ['Malakoff Humanis Prévoyance', []],
  ])('%s', (text, codes) => {
    expect(names.find(text)).toEqual(codes);
  });

  test('one land with several names is tagged once, as the lower unit', () => {
    expect(names.find('Fait à Paris. Applicable en Guadeloupe.')).toEqual(['COM:75056', 'DEP:971']);
  });

  test('a name of two places is what its postal code says, and else the department', () => {
    expect(names.find('38200 Vienne')).toEqual(['COM:38544']);
    expect(names.find('la Vienne (86)')).toEqual(['DEP:86']);
    expect(names.find('Saint-Denis, le 9 décembre')).toEqual([]);
    expect(names.find('97400 Saint-Denis')).toEqual(['COM:97411']);
  });
});
