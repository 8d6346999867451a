/** Statistics that a few odd values can't move. Of nothing they are NaN. */

export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median of the absolute deviations from the median, scaled to be the standard deviation of what is normal. */
export function mad(values: readonly number[], centre = median(values)): number {
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** Slope of the line through equally spaced values: the median of the slopes of all pairs (Theil and Sen). */
export function slope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (const [i, from] of values.entries()) {
    for (let j = i + 1; j < values.length; j++) slopes.push((values[j]! - from) / (j - i));
  }
  return median(slopes);
}

/** How surely values only rise (or fall, negative), in standard deviations: the test of Mann and Kendall. */
export function trendScore(values: readonly number[]): number {
  let balance = 0;
  for (const [i, from] of values.entries()) {
    for (let j = i + 1; j < values.length; j++) balance += Math.sign(values[j]! - from);
  }
  const n = values.length;
  if (balance === 0 || n < 2) return 0;
  return (balance - Math.sign(balance)) / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}
