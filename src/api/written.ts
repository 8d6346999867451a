import { z } from 'zod';

/** Text that people write: of some length, without what no keyboard writes. */
export function written(most: number) {
  return (
    z
      .string()
      .trim()
      .min(1, { error: 'must not be empty' })
      .max(most, { error: `must have at most ${most} characters` })
      .refine((text) => !/\p{Control}/u.test(text.replaceAll(/[\t\r\n]/g, '')), {
        error: 'must not hold control characters',
      })
      // Half of a pair is no character: no database keeps it.
      .refine((text) => !/\p{Surrogate}/u.test(text), { error: 'must be well-formed Unicode' })
  );
}
