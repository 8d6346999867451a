import { type SearchOptions, type SearchSource, searchIndex } from '../../src/territory/search.js';
import { buildSearchIndex, openSearchIndex } from '../../src/territory/search-index.js';

interface Place {
  readonly code: string;
  readonly label: string;
  readonly inhabitants?: number;
  readonly postal?: readonly string[];
}

/** Units in the order given, which is their code order too; `former` are former codes by what they mean now. */
function world(places: readonly Place[], former: Record<string, string> = {}): SearchSource {
  return {
    count: places.length,
    levels: ['COM', 'DEP'],
    label: (unit) => places[unit]!.label,
    postalCodes: (unit) => places[unit]!.postal ?? [],
    inhabitants: (unit) => places[unit]!.inhabitants,
    codeRank: (unit) => unit,
    find: (code) => places.flatMap((place, unit) => (place.code === (former[code] ?? code) ? [unit] : [])),
  };
}

function search(source: SearchSource, text: string, options?: SearchOptions): string[] {
  const index = openSearchIndex(buildSearchIndex(source));
  return searchIndex(index, source, text, options).map((unit) => source.label(unit));
}

const france = world(
  [
    { code: 'COM:01004', label: 'Ambérieu-en-Bugey', inhabitants: 15934, postal: ['01500'] },
    { code: 'COM:02691', label: 'Saint-Quentin', inhabitants: 53100, postal: ['02100'] },
    { code: 'COM:38553', label: "Villefontaine-l'Étang" },
    { code: 'COM:42218', label: 'Saint-Étienne', inhabitants: 174_000, postal: ['42000', '42100', '42230'] },
    { code: 'COM:62193', label: 'Clœur', inhabitants: 10 },
    { code: 'COM:67482', label: 'Strasbourg', inhabitants: 291_000 },
    { code: 'COM:69123', label: 'Lyon', inhabitants: 519_127, postal: ['69001', '69002'] },
    { code: 'COM:69381', label: 'Lyon 1er Arrondissement', inhabitants: 29_000, postal: ['69001'] },
    { code: 'COM:27048', label: 'Lyons-la-Forêt', inhabitants: 717 },
    { code: 'COM:69202', label: 'Sainte-Foy-lès-Lyon', inhabitants: 22_000 },
    { code: 'COM:69275', label: 'Métropole de Lyon', inhabitants: 1_400_000 },
    { code: 'COM:90001', label: 'Lyon', inhabitants: 12 },
    { code: 'COM:90002', label: 'Lyon', inhabitants: 12 },
    { code: 'DEP:42', label: '' },
  ],
  { 'COM:69232': 'COM:69123' },
);

describe('what a search finds', () => {
  it('puts exact names before names that begin so before names with such a word, larger ones first', () => {
    expect(search(france, 'lyon')).toEqual([
      'Lyon',
      'Lyon',
      'Lyon',
      'Lyon 1er Arrondissement',
      'Lyons-la-Forêt',
      'Métropole de Lyon',
      'Sainte-Foy-lès-Lyon',
    ]);
  });

  it('settles ties by code order', () => {
    const index = openSearchIndex(buildSearchIndex(france));
    expect(searchIndex(index, france, 'lyon', { size: 3 })).toEqual([6, 11, 12]);
  });

  it('does not mind case, accents, hyphens, apostrophes, ligatures and spaces', () => {
    expect(search(france, '  AMBERIEU en bugey ')).toEqual(['Ambérieu-en-Bugey']);
    expect(search(france, 'Ambe\u0301rieu')).toEqual(['Ambérieu-en-Bugey']);
    expect(search(france, 'villefontaine l’etang')).toEqual(["Villefontaine-l'Étang"]);
    expect(search(france, 'cloeur')).toEqual(['Clœur']);
    expect(search(france, 'CLŒUR')).toEqual(['Clœur']);
  });

  it('reads St and Ste as Saint and Sainte', () => {
    expect(search(france, 'st etienne')).toEqual(['Saint-Étienne']);
    expect(search(france, 'St. Quentin')).toEqual(['Saint-Quentin']);
    expect(search(france, 'ste foy')).toEqual(['Sainte-Foy-lès-Lyon']);
    expect(search(world([{ code: 'X:1', label: 'St-Gallen' }]), 'saint gall')).toEqual(['St-Gallen']);
  });

  it('reads a last word st as the beginning of a longer word, too', () => {
    expect(search(france, 'st')).toEqual(['Strasbourg', 'Saint-Étienne', 'Saint-Quentin', 'Sainte-Foy-lès-Lyon']);
  });

  it('finds several words in the middle of a name, the last one unfinished', () => {
    expect(search(france, 'foy les ly')).toEqual(['Sainte-Foy-lès-Lyon']);
  });

  it('finds words in any order after everything else', () => {
    expect(search(france, 'lyon foy')).toEqual(['Sainte-Foy-lès-Lyon']);
    expect(search(france, 'lyon nowhere')).toEqual([]);
  });

  it('finds codes, former codes and bare identifiers', () => {
    expect(search(france, 'COM:69123')).toEqual(['Lyon']);
    expect(search(france, 'com:69123')).toEqual(['Lyon']);
    expect(search(france, '69123')).toEqual(['Lyon']);
    expect(search(france, '69232')).toEqual(['Lyon']);
  });

  it('finds postal codes, larger units first', () => {
    expect(search(france, '69001')).toEqual(['Lyon', 'Lyon 1er Arrondissement']);
    expect(search(france, '42230')).toEqual(['Saint-Étienne']);
  });

  it('finds nothing for nothing', () => {
    expect(search(france, '')).toEqual([]);
    expect(search(france, ' - ')).toEqual([]);
    expect(search(france, 'lyonnais')).toEqual([]);
    expect(search(world([]), 'lyon')).toEqual([]);
  });

  it('keeps to the units accepted and to the size', () => {
    expect(search(france, 'lyon', { accept: (unit) => unit > 6, size: 2 })).toEqual(['Lyon', 'Lyon']);
    expect(search(france, 'lyon', { size: 0 })).toEqual([]);
  });

  it('finds names in other scripts', () => {
    const cities = world([
      { code: 'X:1', label: 'Αθήνα' },
      { code: 'X:2', label: 'Санкт-Петербург' },
      { code: 'X:3', label: '東京' },
      { code: 'X:4', label: 'दिल्ली' },
    ]);
    expect(search(cities, 'αθηνα')).toEqual(['Αθήνα']);
    expect(search(cities, 'петер')).toEqual(['Санкт-Петербург']);
    expect(search(cities, '東')).toEqual(['東京']);
    expect(search(cities, 'दिल्ली')).toEqual(['दिल्ली']);
  });
});

describe('the index', () => {
  it('is found to be the same as a scan of all names, for many units and every kind of query', () => {
    const syllables = ['la', 'le', 'saint', 'st', 'mont', 'val', 'sur', 'é', 'zœ', 'b'];
    let seed = 7;
    const random = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % n;
    };
    const name = () =>
      Array.from({ length: 1 + random(4) }, () => syllables[random(syllables.length)]! + syllables[random(10)]!).join(
        '-',
      );
    const places = Array.from({ length: 70_000 }, (_, i) => ({
      code: `X:${i}`,
      label: name(),
      inhabitants: random(50),
    }));
    const source = { ...world(places), find: () => [] };
    const index = openSearchIndex(buildSearchIndex(source));
    const plain = (label: string) => label.replaceAll('é', 'e').replaceAll('œ', 'oe').replaceAll('-', ' ');
    for (const query of ['lasaint', 'zoeb', 'mont', 'b', 'surval e', 'saintsaint lala valsur', 'ee']) {
      const scanned = places
        .map(({ label, inhabitants }, unit) => ({ unit, inhabitants, grade: gradeOf(plain(label), query) }))
        .filter(({ grade }) => grade < 4)
        .sort((a, b) => a.grade - b.grade || b.inhabitants - a.inhabitants || a.unit - b.unit)
        .map(({ unit }) => unit);
      expect(searchIndex(index, source, query, { size: 200 })).toEqual(scanned.slice(0, 200));
    }
  });

  it('has the same bytes for the same names', () => {
    expect(buildSearchIndex(france)).toEqual(buildSearchIndex(france));
  });

  it('takes less than ten bytes a unit', () => {
    expect(buildSearchIndex(france).length).toBeLessThan(16 + 10 * france.count);
  });

  it('leaves out words that begin beyond the 255th letter, and still finds the name', () => {
    const long = world([{ code: 'X:1', label: `${'a'.repeat(254)} b c` }]);
    expect(search(long, 'b')).toHaveLength(1);
    expect(search(long, 'c')).toEqual([]);
    expect(search(long, 'a'.repeat(200))).toHaveLength(1);
  });

  it('refuses bytes of another length than it says', () => {
    const bytes = buildSearchIndex(france);
    expect(() => openSearchIndex(bytes.subarray(0, bytes.length - 1))).toThrow(/a search index of \d+ bytes has \d+/);
  });
});

/** 0 for the same name, 1 for one that begins so, 2 with words that begin so, 3 with all the words, 4 for no match. */
function gradeOf(label: string, query: string): number {
  if (label === query) return 0;
  if (label.startsWith(query)) return 1;
  if (label.includes(` ${query}`)) return 2;
  const words = label.split(' ');
  return query.includes(' ') && query.split(' ').every((word) => words.some((w) => w.startsWith(word))) ? 3 : 4;
}
