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

const PLAIN = /^[a-z0-9]+(?: [a-z0-9]+)*$/;
const SAINT = /\b(st|ste)\b/;

/**
 * A name as it is compared: lower case, without accents, ligatures taken apart, every run of hyphens, apostrophes and
 * other signs one space, `st` and `ste` written out. `Saint-Étienne`, `ST ETIENNE` and `saint etienne` are one.
 */
export function fold(text: string): string {
  return writeOutSaints(foldLetters(text));
}

/** `fold` without the abbreviations: what a name may begin with while it is still being typed. */
export function foldLetters(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[œæßøłđðþı]/g, (letter) => LIGATURES[letter]!)
    .replace(/[^\p{L}\p{M}\p{N}]+|\u02bc/gu, ' ')
    .trim();
}

/** `st` and `ste` as words are Saint and Sainte. */
export function writeOutSaints(folded: string): string {
  return SAINT.test(folded) ? folded.replace(/\bste\b/g, 'sainte').replace(/\bst\b/g, 'saint') : folded;
}
