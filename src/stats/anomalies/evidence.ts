/**
 * How much speaks against chance, as a log-likelihood ratio (G): a false alarm has about e^-G. It holds for counts of any
 * size, zero too, which no normal approximation does.
 */

/** `count` of `of` events against `usual` of `usualOf`: two shares with one true value? Both ways; the caller looks which. */
export function shareEvidence(count: number, of: number, usual: number, usualOf: number): number {
  const all = (count + usual) / (of + usualOf);
  return divergence(count, of, all) + divergence(usual, usualOf, all);
}

/** As `shareEvidence`, for counts that may be more than what they are counted by (several codes in one request). */
export function rateEvidence(count: number, of: number, usual: number, usualOf: number): number {
  const all = (count + usual) / (of + usualOf);
  return excess(count, of * all) + excess(usual, usualOf * all);
}

/** A count where another was expected. */
export function excess(count: number, expected: number): number {
  return (count > 0 ? count * Math.log(count / expected) : 0) - (count - expected);
}

function divergence(count: number, of: number, share: number): number {
  const part = (k: number, p: number) => (k > 0 ? k * Math.log(k / (of * p)) : 0);
  return part(count, share) + part(of - count, 1 - share);
}
