import { z } from 'zod';

/** A text in the languages of the pages. */
export const sentence = z.strictObject({ en: z.string(), fr: z.string() }).meta({ id: 'Sentence' });

/** A moment, in milliseconds since 1970. */
export const moment = z.number().describe('milliseconds since 1970');
