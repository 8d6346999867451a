import { english, type Texts } from './texts-en.js';
import { french } from './texts-fr.js';

export type { Texts };

/** The words in a language. */
export function textsOf(language: 'en' | 'fr'): Texts {
  return language === 'fr' ? french : english;
}
