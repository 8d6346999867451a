import { toAnomalies } from '../../../src/stats/anomalies/anomalies.js';
import type { Anomaly } from '../../../src/stats/anomalies/anomaly.js';
import { detect } from '../../../src/stats/anomalies/detect.js';
import { LocalClock } from '../../../src/stats/anomalies/local-clock.js';
import { SeriesTable } from '../../../src/stats/anomalies/series-table.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Tuesday, half past nine in Paris. */
const NOW = Date.UTC(2026, 10, 24, 8, 30);

/** Wrongly tagged documents of an index, by what is wrong, at an hour. `undefined` where it was not looked at. */
type Faults = (hoursAgo: number) => Readonly<Record<string, number | undefined>>;

/** What the stand-up tells after five weeks in which indices were looked at once an hour. */
function told(faults: Faults, now = NOW): Anomaly[] {
  const clock = new LocalClock('Europe/Paris');
  const table = new SeriesTable(clock, now - 35 * DAY);
  const edge = Math.floor(now / HOUR) * HOUR - 48 * HOUR;
  for (let time = Math.floor(now / HOUR) * HOUR - 35 * DAY; time <= now; time += HOUR) {
    table.advance(Math.min(time + HOUR - 1, now));
    const add = (name: string, key: string, count: number, sum = count) =>
      time < edge ? table.addHour(name, key, time, { count, sum }) : table.setMinute(name, key, time, { count, sum });
    add('requests', 'search', 500);
    for (const [key, documents] of Object.entries(faults((now - time) / HOUR)))
      if (documents !== undefined) add('tag_faults', key, 1, documents);
  }
  const search = detect(table, []);
  let step = search.next();
  while (step.done !== true) step = search.next();
  const context = { marks: [], now, timeZone: 'Europe/Paris', label: () => undefined };
  return toAnomalies(step.value.findings, context).anomalies;
}

const sentences = (anomalies: readonly Anomaly[]) => anomalies.map(({ sentence }) => [sentence.en, sentence.fr]);

describe('documents with wrong tags', () => {
  it('are told where one of a hundred has an unknown tag since yesterday evening', () => {
    const anomalies = told((ago) => ({ 'articles:unknown': ago < 14 ? 1_000 : 0, 'articles:missing': 0 }));
    expect(sentences(anomalies)).toEqual([
      [
        'Documents with wrong tags (articles:unknown): 1,000 documents since Monday 20:00, usually 0 documents',
        'Documents mal étiquetés (articles:unknown) : 1 000 documents depuis lundi 20:00, d’habitude 0 document',
      ].map((text) => expect.stringMatching(plain(text))),
    ]);
    expect(anomalies[0]).toMatchObject({ series: 'tag_faults', key: 'articles:unknown' });
  });

  it('are told where one of a hundred is added to those that were wrong all the time', () => {
    const anomalies = told((ago) => ({ 'articles:unknown': ago < 14 ? 2_400 : 1_400 + (ago % 7) }));
    expect(anomalies.map(({ key }) => key)).toEqual(['articles:unknown']);
    expect(anomalies[0]?.sentence.en).toMatch(/2,400 documents since Monday 20:00, usually 1,40\d–1,40\d documents$/);
  });

  it('are told where a rare department, a few documents of millions, lost its ancestors', () => {
    const anomalies = told((ago) => ({
      'articles:unknown': 0,
      'articles:former': 52_000,
      'articles:missing': ago < 3 ? 12 : 0,
    }));
    expect(anomalies.map(({ key, sentence }) => [key, sentence.en])).toEqual([
      [
        'articles:missing',
        'Documents with wrong tags (articles:missing): 12 documents since Tuesday 07:00, usually 0 documents',
      ],
    ]);
  });

  it('are told at the first look that finds them', () => {
    const anomalies = told((ago) => ({ 'articles:missing': ago < 1 ? 900 : 0 }));
    expect(anomalies.map(({ key }) => key)).toEqual(['articles:missing']);
  });

  it('are told of a small index beside a large one, and of neither of the two that are as ever', () => {
    const anomalies = told((ago) => ({
      ...{ 'articles:unknown': 80_000 + 100 * (ago % 5), 'notes:former': 40 },
      'notes:unknown': ago < 20 ? 11 : 0,
    }));
    expect(anomalies.map(({ key }) => key)).toEqual(['notes:unknown']);
  });

  it('are told of an index that is new, such as one that was tagged anew under an alias, against those before it', () => {
    const anomalies = told((ago) => ({
      ...{ 'articles-1:unknown': ago < 20 ? undefined : 30, 'articles-1:missing': ago < 20 ? undefined : 0 },
      ...{ 'articles-2:unknown': ago < 20 ? 5_000 : undefined, 'articles-2:missing': ago < 20 ? 0 : undefined },
    }));
    expect(anomalies.map(({ sentence }) => sentence.en)).toEqual([
      'Documents with wrong tags (articles-2:unknown): 5,000 documents since Monday 14:00, usually 30 documents',
    ]);
  });

  it('are not told of a new index each day that is as those before it', () => {
    const daily = (ago: number) => Math.floor(ago / 24);
    const anomalies = told((ago) => ({ [`news-${daily(ago)}:unknown`]: 1_000, [`news-${daily(ago)}:former`]: 0 }));
    expect(sentences(anomalies)).toEqual([]);
  });

  it('are not told where nothing is known of earlier weeks', () => {
    expect(told((ago) => ({ 'articles:unknown': ago < 20 ? 5_000 : undefined }))).toEqual([]);
  });

  it('are not told while they are as ever, grow slowly, are few, or get fewer', () => {
    const anomalies = told((ago) => ({
      'articles:unknown': 1_400 + (ago % 7),
      'articles:former': Math.round(5_000 - 2 * ago),
      'articles:missing': ago < 14 ? 9 : 0,
      'notes:unknown': ago < 14 ? 0 : 700,
    }));
    expect(sentences(anomalies)).toEqual([]);
  });
});

/** Of a text whatever spaces it has: those of numbers are narrow in French. */
function plain(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[()]/g, '\\$&').replaceAll(' ', '\\s')}$`, 'u');
}
