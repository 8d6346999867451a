import { Words } from '../../../src/stats/anomalies/words.js';
import type { Mark } from '../../../src/stats/history/types.js';

const NOW = Date.UTC(2026, 10, 24, 8, 30);
const words = (language: 'en' | 'fr', timeZone = 'Europe/Paris') =>
  new Words(language, timeZone, NOW, (code) => (code === 'DEP:69' ? 'Rhône' : undefined));

describe('words', () => {
  it.each([
    [
      'en',
      'Monday 09:05',
      '3 March 09:05',
      'DEP:69 (Rhône)',
      '1 department and 68 communes',
      '0.4 %',
      '12 345 requests',
    ],
    [
      'fr',
      'lundi 09:05',
      'le 3 mars 09:05',
      'DEP:69 (Rhône)',
      '1 département et 68 communes',
      '0,4 %',
      '12 345 requêtes',
    ],
  ] as const)('are those of a language: %s', (language, near, far, unit, counted, share, many) => {
    const w = words(language);
    expect(w.time(Date.UTC(2026, 10, 23, 8, 5))).toBe(near);
    expect(w.time(Date.UTC(2026, 2, 3, 8, 5))).toBe(far);
    expect(w.named('DEP:69')).toBe(unit);
    expect(w.counted({ COM: 68, DEP: 1, REG: 0 })).toBe(counted);
    expect(w.figure(0.4, '%')).toBe(share);
    expect(w.figure(12_345, 'requests').replace(',', ' ')).toBe(many);
  });

  it('speak of one thing in the singular, and French of none too', () => {
    const [en, fr] = [words('en'), words('fr')];
    expect([en.figure(1, 'units'), en.figure(0, 'units'), en.range([0, 1], 'hits')]).toEqual([
      '1 unit',
      '0 units',
      '0–1 hit',
    ]);
    expect([fr.figure(1.5, 'units'), fr.figure(0, 'requests'), fr.figure(2, 'documents')]).toEqual([
      '1,5 unité',
      '0 requête',
      '2 documents',
    ]);
    expect([en.counted({ DEP: 1 }), fr.counted({ DEP: 1 })]).toEqual(['1 department', '1 département']);
  });

  it('are in the time zone of the configuration, and name a level of another map by itself', () => {
    expect(words('en', 'America/New_York').time(NOW)).toBe('Tuesday 03:30');
    expect(words('en').counted({ KREIS: 2 })).toBe('2 KREIS');
    expect(words('en').named('KREIS:1')).toBe('KREIS:1');
  });

  it('say what happened in both languages, whatever the mark', () => {
    const mark = (kind: Mark['kind'], data: Mark['data'] = {}, text = '') => {
      const one: Mark = { kind, time: NOW, text, data };
      return [words('en').mark(one), words('fr').mark(one)];
    };
    expect(mark('tree', { from: 'a', to: 'b', removed: { COM: 68, DEP: 1 }, added: { EPCI: 2 } })).toEqual([
      'new tree b: 1 department and 68 communes removed, 2 EPCI added',
      'nouvelle carte b : supprimés : 1 département et 68 communes ; ajoutés : 2 EPCI',
    ]);
    expect(mark('tree', { from: 'a', to: 'b', removed: { COM: 68 }, renamed: { COM: 1 }, moved: { DEP: 1 } })).toEqual([
      'new tree b: 68 communes removed, 1 commune renamed, 1 department moved',
      'nouvelle carte b : supprimées : 68 communes ; renommée : 1 commune ; déplacé : 1 département',
    ]);
    expect(mark('tree', { from: 'a', to: 'b' })[1]).toBe('nouvelle carte b : autant d’unités qu’avant');
    expect(mark('tree', { to: 'b' })).toEqual([
      'new tree b; the history begins',
      'nouvelle carte b ; l’historique commence',
    ]);
    expect(mark('delivery', {}, '12')).toEqual(['a delivery came: 12', 'une livraison est arrivée']);
    expect(mark('start')).toEqual(['the proxy started', 'le proxy a démarré']);
    expect(mark('emergency', { what: 'declared' })[1]).toBe('une urgence a été déclarée');
    expect(mark('emergency', { what: 'closed' })).toEqual(['the emergency was closed', 'l’urgence a été close']);
  });

  it('say a range once where both ends are the same', () => {
    expect(words('en').range([2.04, 5.01], '%')).toBe('2–5 %');
    expect(words('en').range([0, 0], '%')).toBe('0 %');
    expect(words('fr').range([9.62, 14.3], '%')).toBe('9,6–14 %');
  });
});
