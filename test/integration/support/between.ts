/**
 * Asks a server before and after another one that is to be like it: what changes by itself meanwhile (a clock that ticks, a
 * day that ends, documents of a test beside this one) shows as a difference of the two answers of the first, and is not
 * taken for a difference between them.
 */
export async function between<T>(
  ask: () => Promise<T>,
  askOther: () => Promise<T>,
): Promise<{ before: T; through: T; after: T }> {
  const before = await ask();
  const through = await askOther();
  return { before, through, after: await ask() };
}
