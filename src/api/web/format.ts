import { language } from './language.js';

const locale = language === 'fr' ? 'fr-FR' : 'en-GB';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, notation: 'compact' });
const precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export const formatWhole = (value: number): string => whole.format(value);
export const formatClock = (time: number): string => clock.format(time);
export const formatDay = (time: number): string => day.format(time);
export const formatMoment = (time: number): string => dayAndClock.format(time);
export const formatFull = (time: number): string => full.format(time);
/** 0 to 1 as a percentage. */
export const formatShare = (value: number): string => percent.format(value);

/** A quantity with few digits: 12.4 k, 212, 6.5. */
export function formatQuantity(value: number): string {
  if (Math.abs(value) >= 10_000) return short.format(value);
  return Math.abs(value) >= 100 ? whole.format(value) : tenths.format(value);
}

/** Seconds in the unit that a person would choose. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.001) return `${precise.format(seconds * 1e6)} µs`;
  if (seconds < 1) return `${precise.format(seconds * 1e3)} ms`;
  return `${precise.format(seconds)} s`;
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
