import { z } from 'zod';
import { SERIES_NAMES, type SeriesName } from '../stats/history/series.js';
import { STEPS } from '../stats/history/types.js';
import { mark } from './standup-schema.js';
import { written } from './written.js';

/** The shapes of the history as the API takes and gives them. */

const count = z.number().min(0);
const byLevel = z.record(z.string(), z.int().min(0));

/** Milliseconds since 1970, a date (`2026-01-05T09:00Z`), or how long ago: `-2d`, `-90m`, `-4h`, `-8w`. */
export const instant = z.string().meta({ example: '-2d' });

export const historyQuery = z.strictObject({
  series: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(SERIES_NAMES as [SeriesName, ...SeriesName[]])))
    .optional()
    .describe('names with commas; all where absent')
    .meta({ example: 'requests,errors' }),
  key: z.string().optional().describe('keys with commas, such as an endpoint or a code; all where absent'),
  total: z.stringbool().optional().describe('keys added up: one line a series, its key empty'),
  from: instant.optional().describe('first step; a day ago where absent'),
  to: instant.optional().describe('up to here, this not included; now where absent'),
  step: z.enum(STEPS).optional().describe('as fine as the time allows where absent'),
});

export const history = z
  .strictObject({
    step: z.enum(STEPS),
    from: z.number().describe('milliseconds since 1970'),
    to: z.number(),
    series: z.array(
      z.strictObject({
        name: z.enum(SERIES_NAMES as [SeriesName, ...SeriesName[]]),
        key: z.string(),
        unit: z.string(),
        kind: z.enum(['events', 'values', 'samples']),
        points: z
          .array(z.array(z.number()).min(3).max(5))
          .describe('[time, count, sum] and for values their p50 and p99, in the unit of the series'),
      }),
    ),
  })
  .meta({ id: 'History', description: 'What was counted. Steps without anything have no point.' });

export const markQuery = z.strictObject({
  kind: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(mark.shape.kind))
    .optional()
    .describe('kinds with commas; all where absent')
    .meta({ example: 'tree,delivery' }),
  from: instant.optional().describe('a day ago where absent'),
  to: instant.optional().describe('up to here, this not included; now where absent'),
});

export const marks = z
  .strictObject({ marks: z.array(mark), left: z.int().min(0).describe('deliveries that are too many to tell') })
  .meta({ id: 'Marks', description: 'What happened once, the oldest first.' });

const changes = z.int().min(0).max(1_000_000_000).optional();

export const delivery = z
  .strictObject({
    id: written(150).optional().describe('its name: told again within a week, it is not counted again'),
    source: written(100).optional().describe('where it came from').meta({ example: 'cog' }),
    changes: z
      .strictObject({ CREATE: changes, AMEND: changes, REMOVE: changes })
      .describe('units created, amended, removed; none where absent'),
  })
  .meta({ id: 'Delivery', description: 'What a loader tells of one delivery.' });

export const delivered = z
  .strictObject({ counted: z.boolean().describe('false: it was told before') })
  .meta({ id: 'Delivered', description: 'Whether a delivery was new.' });

const changed = z.strictObject({
  code: z.string(),
  label: z.string(),
  change: z.enum(['removed', 'added', 'renamed', 'moved']),
  others: z.array(z.string()).optional().describe('what a removed code means now, or an added one meant before'),
});

export const trees = z
  .strictObject({
    trees: z.array(
      z.strictObject({
        version: z.string(),
        since: z.number().describe('when it came into use, in milliseconds since 1970'),
        until: z.number().optional(),
        current: z.boolean(),
        source: z.string().optional().describe('of the one in use: the file that it was read from'),
        units: count,
        levels: byLevel,
        diff: z
          .strictObject({
            from: z.string(),
            added: byLevel,
            removed: byLevel,
            renamed: byLevel.optional(),
            moved: byLevel.optional(),
            units: z.array(changed).optional().describe('the first ones; absent where only the counts are known'),
            text: z.string(),
          })
          .optional()
          .describe('what changed from the one before'),
      }),
    ),
  })
  .meta({ id: 'Trees', description: 'The trees that were in use, the newest first.' });

export const queries = z
  .strictObject({
    queries: z.array(
      z.strictObject({
        time: z.number(),
        endpoint: z.string(),
        outcome: z.enum(['rewritten', 'refused', 'failed']),
        status: count,
        codes: z.array(z.string()),
        line: z.looseObject({}).describe('as in the log, with the names of the Elastic Common Schema'),
      }),
    ),
  })
  .meta({ id: 'Queries', description: 'Requests that were rewritten, refused or failed, the newest first.' });
