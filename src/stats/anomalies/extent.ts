/** One step of time: how many of how many. */
export interface StepCount {
  /** Start of the step. */
  readonly at: number;
  readonly count: number;
  readonly of: number;
}

/**
 * From which step to which something went on: the run of steps that speaks most for the new share against the usual one.
 * @returns indices into the steps, both inclusive; `undefined` where no run speaks for it
 */
export function extentOf(
  steps: readonly StepCount[],
  usual: number,
  now: number,
): { first: number; last: number } | undefined {
  const up = Math.log(clamp(now) / clamp(usual));
  const down = Math.log((1 - clamp(now)) / (1 - clamp(usual)));
  let best: { first: number; last: number; gain: number } | undefined;
  let gain = 0;
  let first = 0;
  for (const [i, { count, of }] of steps.entries()) {
    if (gain <= 0) {
      gain = 0;
      first = i;
    }
    gain += count * up + Math.max(0, of - count) * down;
    if (gain > 0 && (best === undefined || gain > best.gain)) best = { first, last: i, gain };
  }
  return best;
}

function clamp(share: number): number {
  return Math.min(0.99, Math.max(0.0005, share));
}
