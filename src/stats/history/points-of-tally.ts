import type { CodePlaces } from '../groups.js';
import type { Measure } from '../measure.js';
import type { Tally } from '../tally.js';
import type { Tops } from '../tops.js';
import type { PendingPoints } from './pending-points.js';
import { SERIES, type SeriesInfo, type SeriesName } from './series.js';

/**
 * Adds what a tally counted to the points of the minute in which `time` lies.
 * @param places where an unknown code lay: asked here, for of several processes this one knows the earlier trees
 */
export function addTally(points: PendingPoints, tally: Tally, time: number, places?: CodePlaces): void {
  const events = (name: SeriesName, key: string, count: number, sum = count): void => {
    if (count > 0) points.add(time, name, key, count, sum);
  };
  const all = (name: SeriesName, tops: Tops): void => {
    for (const [key, count] of tops) points.add(time, name, key, count);
  };
  /** A tally measures in the parts of which `scale` make one of the series' unit. */
  const values = (name: SeriesName, { count, sum, quantiles }: Measure): void => {
    const { scale = 1 }: SeriesInfo = SERIES[name];
    if (count > 0) points.add(time, name, '', count, sum / scale, quantiles);
  };
  for (const [endpoint, { passed, rewritten, refused, failed }] of tally.endpoints) {
    events('requests', endpoint, passed + rewritten + refused + failed);
    events('rewritten', endpoint, rewritten);
  }
  all('errors', tally.errors);
  all('unknown', tally.unknownCodes);
  if (places !== undefined) {
    for (const [code, count] of tally.unknownCodes) {
      const { group } = places.of(code);
      if (group !== undefined) points.add(time, 'unknown_groups', group, count);
    }
  }
  all('former', tally.formerCodes);
  all('searches', tally.searches);
  all('no_hits', tally.noHits);
  events('hits', '', tally.hitsKnown, tally.hits);
  events('cache_hits', '', tally.cacheHits);
  events('cache_misses', '', tally.cacheMisses);
  values('rewrite_seconds', tally.rewrite);
  values('upstream_seconds', tally.upstream);
  values('took_seconds', tally.took);
  values('expansion_terms', tally.terms);
  values('event_loop_delay', tally.loopDelay);
  const { looks, inFlight, memory } = tally.saturation;
  events('in_flight', '', looks, inFlight);
  events('memory', '', looks, memory);
}
