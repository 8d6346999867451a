import fc from 'fast-check';
import { fold, foldLetters } from '../../src/territory/fold.js';

describe('folding', () => {
  it.each([
    ['Saint-Étienne', 'saint etienne'],
    ['ST. ETIENNE', 'saint etienne'],
    ['Ste-Foy-lès-Lyon', 'sainte foy les lyon'],
    ['  L’Haÿ - les  Roses ', 'l hay les roses'],
    ["Villers-l'Œuvre", 'villers l oeuvre'],
    ['Straße', 'strasse'],
    ['Łódź', 'lodz'],
    ['Ａ１', 'a1'],
    ['Est', 'est'],
    ['Αθήνα', 'αθηνα'],
    ['', ''],
    ['--', ''],
  ])('makes %j into %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('gives Latin text the same form whether or not another script stands beside it', () => {
    const latin = fc.string({ unit: fc.integer({ min: 0, max: 0x17f }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(latin, (text) => {
        expect(foldLetters(`${text} я`)).toBe(`${foldLetters(text)} я`.trim());
      }),
    );
  });

  it('is the same when done twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});
