import { type Texts, textsOf } from './texts.js';

/** The languages of the pages. */
export type Language = 'en' | 'fr';

const KEY = 'territory.language';

/** What the reader chose, else the first of the browser's languages that there is, else English. */
export function chosenLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (stored === 'en' || stored === 'fr') return stored;
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'en' || language === 'fr') return language;
  }
  return 'en';
}

export const language: Language = chosenLanguage(localStorage.getItem(KEY), navigator.languages);

/** All words of the pages in the reader's language. */
export const t: Texts = textsOf(language);

/** Shows the pages in another language from now on. */
export function chooseLanguage(next: Language): void {
  localStorage.setItem(KEY, next);
  location.reload();
}

/** A sentence of the proxy in the reader's language. A line does not begin with what belongs to the word before. */
export function said(sentence: { readonly en: string; readonly fr: string }): string {
  return sentence[language].replaceAll(/ (?=[%;:!?»])/g, '\u00a0');
}
