import { language } from './language.js';
import { clock } from './zone.js';

const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
const timeZone = clock.zone;
const SPACE = '\u00a0';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, notation: 'compact' });
const precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const hoursAndMinutes = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat(locale, {
  timeZone,
  ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
});
const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'short' });
const weekday = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short' });
const date = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export const formatWhole = (value: number): string => whole.format(value);
export const formatClock = (time: number): string => hoursAndMinutes.format(time);
export const formatDay = (time: number): string => day.format(time);
export const formatWeekday = (time: number): string => weekday.format(time);
export const formatDate = (time: number): string => date.format(time);
export const formatMoment = (time: number): string => dayAndClock.format(time);
export const formatFull = (time: number): string => full.format(time);
/** 0 to 1 as a percentage, as the proxy's own sentences write it. */
export const formatShare = (value: number): string => `${tenths.format(100 * value)}${SPACE}%`;

/** A quantity with few digits: 12.4 k, 212, 6.5. */
export function formatQuantity(value: number): string {
  if (Math.abs(value) >= 10_000) return short.format(value);
  return Math.abs(value) >= 100 ? whole.format(value) : tenths.format(value);
}

/** Seconds in the unit that a person would choose. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return `0${SPACE}s`;
  if (seconds < 0.001) return `${precise.format(seconds * 1e6)}${SPACE}µs`;
  if (seconds < 1) return `${precise.format(seconds * 1e3)}${SPACE}ms`;
  if (seconds < 120) return `${precise.format(seconds)}${SPACE}s`;
  if (seconds < 7_200) return `${tenths.format(seconds / 60)}${SPACE}min`;
  if (seconds < 172_800) return `${tenths.format(seconds / 3_600)}${SPACE}h`;
  return `${tenths.format(seconds / 86_400)}${SPACE}${language === 'fr' ? 'j' : 'd'}`;
}

/** Bytes in the unit that a person would choose. */
export function formatBytes(bytes: number): string {
  const names = language === 'fr' ? ['o', 'ko', 'Mo', 'Go'] : ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(3, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return `${precise.format(bytes / 1024 ** power)}${SPACE}${names[power]}`;
}

/** From one value to another, both formatted; what they are measured in once: `2.9–6.7 %`. */
export function formatRange(low: string, high: string): string {
  if (low === high) return high;
  const [lowUnit, highUnit] = [low, high].map((text) => text.slice(text.lastIndexOf(SPACE) + 1));
  const isOne = low.includes(SPACE) && lowUnit === highUnit;
  return `${isOne ? low.slice(0, low.lastIndexOf(SPACE)) : low}–${high}`;
}

/** How long ago, in the largest unit that fits: "3 hours ago". */
export function formatAgo(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000);
  for (const [unit, length] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return relative.format(Math.min(seconds, 0), 'second');
}
