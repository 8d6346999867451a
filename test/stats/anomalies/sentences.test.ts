import type { Finding } from '../../../src/stats/anomalies/finding.js';
import { headlineOf, sentenceOf } from '../../../src/stats/anomalies/sentences.js';
import { Words } from '../../../src/stats/anomalies/words.js';
import type { Mark } from '../../../src/stats/history/types.js';
import { finding, NOW } from './finding.js';

const DAY = 86_400_000;
const LABELS: Record<string, string> = { 'DEP:69': 'Rhône', 'DEP:38': 'Isère', 'DEP:42': 'Loire' };
const [en, fr] = (['en', 'fr'] as const).map(
  (language) => new Words(language, 'Europe/Paris', NOW, (code) => LABELS[code]),
) as [Words, Words];

const tree: Mark = {
  kind: 'tree',
  time: NOW - 3_660_000,
  text: '',
  data: { from: 'a', to: 'b', removed: { COM: 68 } },
};
const everywhere = finding({ key: '', figures: { now: 7.5, usual: [2, 5], unit: '%' } });
const lost = finding({ rule: 'tree', key: '', figures: { now: 1, usual: [0, 0], unit: 'units' } });
const slow = finding({ rule: 'upstream_seconds', key: '', figures: { now: 120, usual: [10, 20], unit: 'ms' } });
const former = finding({ rule: 'former', key: '', figures: { now: 3, usual: [0, 1], unit: '%' } });

const both = (...findings: Finding[]) => [en, fr].map((words) => sentenceOf(words, { findings, over: false }));

describe('a sentence', () => {
  it('says what else is unusual in plain words, with its figure', () => {
    expect(both(finding({}), everywhere, lost)).toEqual([
      'Searches without hits for units in DEP:69 (Rhône): 12 % since Tuesday 08:30, usually 2–5 %. Also unusual: searches without hits (7.5 %); 1 unit lost from the map',
      'Recherches sans résultat sur des unités de DEP:69 (Rhône) : 12 % depuis mardi 08:30, d’habitude 2–5 %. Inhabituel aussi : recherches sans résultat (7,5 %) ; 1 unité perdue par la carte',
    ]);
  });

  it('names departments together, and counts what there is no room for', () => {
    const [text] = both(
      slow,
      finding({ key: 'DEP:69' }),
      finding({ key: 'DEP:38' }),
      finding({ key: 'DEP:42' }),
      finding({ key: 'DEP:01' }),
      former,
      lost,
      finding({ rule: 'cache', key: '' }),
      finding({ rule: 'rewritten', key: '' }),
    );
    expect(text).toMatch(
      /\. Also unusual: searches without hits for units in DEP:69 \(Rhône\), DEP:38 \(Isère\), DEP:42 \(Loire\) and 1 more; former codes in searches \(3 %\); 1 unit lost from the map; 2 other things$/,
    );
  });

  it('tells a share as one', () => {
    expect(both(finding({ rule: 'searches', figures: { now: 2, usual: [6, 7], unit: '%' } }))).toEqual([
      'Share of searches for units in DEP:69 (Rhône): 2 % since Tuesday 08:30, usually 6–7 %',
      'Part des recherches sur des unités de DEP:69 (Rhône) : 2 % depuis mardi 08:30, d’habitude 6–7 %',
    ]);
  });

  it('tells a stretch that is over by its dates in French as in English', () => {
    const long = finding({ since: NOW - 20 * DAY, until: NOW - 19 * DAY });
    expect(both(long)).toEqual([
      expect.stringContaining('12 % from 4 November 09:30 to 5 November 09:30, usually'),
      expect.stringContaining('12 % du 4 novembre 09:30 au 5 novembre 09:30, d’habitude'),
    ]);
  });
});

describe('the headline', () => {
  it('says what, where, since when and after what, and none of the figures that the sentences below it have', () => {
    const main = { findings: [finding({}), everywhere], cause: tree, over: false };
    expect([headlineOf(en, main, 2), headlineOf(fr, main, 2)]).toEqual([
      'Unusual since Tuesday 08:30, after a new tree: searches without hits for units in DEP:69 (Rhône), and 2 other things.',
      'Inhabituel depuis mardi 08:30, après un changement de carte : recherches sans résultat sur des unités de DEP:69 (Rhône), et 2 autres choses.',
    ]);
    expect(headlineOf(en, main, 1)).toMatch(/, and 1 other thing\.$/);
  });

  it.each([
    [finding({ rule: 'silence', key: '' }), 'Unusual since Tuesday 08:30: no requests.'],
    [finding({ rule: 'deliveries', key: '' }), 'Unusual since Tuesday 08:30: no delivery.'],
    [
      finding({ rule: 'cache', key: '', against: 'trend', since: NOW - 4 * DAY }),
      'Unusual since Friday: expansions that were not in the cache.',
    ],
  ])('is a sentence whatever it speaks of: $rule', (main, expected) => {
    expect(headlineOf(en, { findings: [main], over: false }, 0)).toBe(expected);
  });

  it('says when it ended only where all of it has', () => {
    const main = finding({ until: NOW - 1_800_000 });
    expect(headlineOf(en, { findings: [main], over: true }, 0)).toMatch(/^Unusual from Tuesday 08:30 to 09:00: /);
    expect(headlineOf(en, { findings: [main, everywhere], over: false }, 0)).toMatch(/^Unusual since Tuesday 08:30: /);
  });
});
