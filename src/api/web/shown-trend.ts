import {
  formatBytes,
  formatDay,
  formatMoment,
  formatQuantity,
  formatRange,
  formatSeconds,
  formatShare,
} from './format.js';
import { type Curve, DAY, type Trend } from './trend.js';

export type { Curve, Trend };

/** A value of a trend in words. */
export function formatValue({ format }: Trend, value: number): string {
  switch (format) {
    case 'share':
      return formatShare(value);
    case 'seconds':
      return formatSeconds(value);
    case 'bytes':
      return formatBytes(value);
    case 'quantity':
      return formatQuantity(value);
  }
}

/** What is usual in words; undefined where nothing is known of it. */
export function formatUsual(
  trend: Trend,
  low: number | null | undefined,
  high: number | null | undefined,
): string | undefined {
  if (low == null || high == null) return undefined;
  return formatRange(formatValue(trend, low), formatValue(trend, high));
}

/** The time of a point: its day where it stands for one, which is one of UTC and is named after its noon. */
export function timeOf({ times, step }: Curve, at: number): string {
  const time = times[at] as number;
  return step === DAY ? formatDay(time + DAY / 2) : formatMoment(time);
}
