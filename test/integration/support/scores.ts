/**
 * Scores are sums of floats, and the last digits of such depend on the order of their clauses. They are compared by their
 * difference: rounded ones that are nearly the same can still lie on both sides of where the rounding turns.
 */
const PART = 1e-5;

export function areNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= PART * Math.max(Math.abs(one), Math.abs(other));
}

/**
 * Of two lists of hits as `hitsOf` writes them, the expected one where they are the same but for the last digits of
 * scores, else the one that was found: so what differs is shown, and nothing else.
 */
export function asExpected(found: string, expected: string): string {
  const [ours, theirs] = [found.split(' '), expected.split(' ')];
  const same = ours.length === theirs.length && ours.every((hit, i) => isSameHit(hit, theirs[i] as string));
  return same ? expected : found;
}

function isSameHit(one: string, other: string): boolean {
  const [[id, score], [otherId, otherScore]] = [one.split('='), other.split('=')];
  return one === other || (id === otherId && areNear(Number(score), Number(otherScore)));
}
