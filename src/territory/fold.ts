/** Letters that Unicode does not take apart, written as people type them. */
const LIGATURES: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const SAINT = /\b(st|ste)\b/;

/**
 * What each Latin character becomes, by its code; a search folds hundreds of names. Empty for what separates words;
 * absent for what needs to know its neighbours.
 */
const LATIN: readonly (string | undefined)[] = Array.from({ length: 0x180 }, (_, code) => {
  const between = foldAny(`x${String.fromCharCode(code)}x`).slice(1, -1);
  return between === ' ' ? '' : /^ | $/.test(between) ? undefined : between;
});

/**
 * A name as it is compared: lower case, without accents, ligatures taken apart, every run of hyphens, apostrophes and
 * other signs one space, `st` and `ste` written out. `Saint-Étienne`, `ST ETIENNE` and `saint etienne` are one.
 */
export function fold(text: string): string {
  return writeOutSaints(foldLetters(text));
}

/** `fold` without the abbreviations: what a name may begin with while it is still being typed. */
export function foldLetters(text: string): string {
  let folded = '';
  let separate = false;
  for (let i = 0; i < text.length; i++) {
    const letters = LATIN[text.charCodeAt(i)];
    if (letters === undefined) return foldAny(text);
    if (letters === '') {
      separate = folded !== '';
    } else {
      folded += separate ? ` ${letters}` : letters;
      separate = false;
    }
  }
  return folded;
}

/** The same for every script. */
function foldAny(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[œæßøłđðþı]/g, (letter) => LIGATURES[letter]!)
    .replace(/[^\p{L}\p{M}\p{N}]+|\u02bc/gu, ' ')
    .trim();
}

/** `st` and `ste` as words are Saint and Sainte. */
export function writeOutSaints(folded: string): string {
  return SAINT.test(folded) ? folded.replace(/\bste\b/g, 'sainte').replace(/\bst\b/g, 'saint') : folded;
}
