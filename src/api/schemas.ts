import { z } from 'zod';
import { RELATIONS } from '../territory/relation.js';

/** The shapes that the API takes and gives. Those with an `id` stand under that name in its description. */

const count = z.int().min(0);
const code = z.string().meta({ example: 'COM:69123' });

export const unit = z
  .strictObject({
    code,
    level: z.string(),
    label: z.string(),
    parents: z.array(code),
    inhabitants: z.number().optional().describe('of a unit above the atoms the sum of the known ones'),
    postal_codes: z.array(z.string()),
    former_codes: z.array(code),
  })
  .meta({ id: 'Unit', description: 'A territorial unit. Lists are in code order.' });

export const units = z.strictObject({ version: z.string(), units: z.array(unit) }).meta({
  id: 'Units',
  description: 'Units of the map of this version.',
});

export const territory = z
  .union([z.strictObject({ expression: z.string() }), z.strictObject({ codes: z.array(z.string()) })], {
    error: 'must be {"expression": "REG:84 - DEP:69"} or {"codes": ["COM:69123"]}',
  })
  .meta({ id: 'TerritoryToResolve', description: 'A territory, as a set expression or as a list of codes.' });

export const resolution = z
  .strictObject({
    version: z.string(),
    codes: z.array(code).describe('the canonical cover, in code order'),
    units: z.array(unit).describe('the units of the cover'),
    atomCount: count,
    resolved: z.record(z.string(), z.array(code)).describe('former codes, with what took over'),
  })
  .meta({ id: 'Resolution', description: 'What a territory is on the map of this version.' });

export const comparison = z.strictObject({ a: territory, b: territory }).meta({ id: 'TerritoriesToCompare' });

export const compared = z
  .strictObject({
    relation: z.enum(['equal', 'within', 'contains', 'intersects', 'disjoint']).describe('how a lies towards b'),
    intersection: resolution,
    union: resolution,
    onlyA: resolution,
    onlyB: resolution,
  })
  .meta({ id: 'Comparison' });

export const requestToRewrite = z
  .strictObject({
    method: z.string().regex(/^[A-Z]+$/, { error: 'must be a method such as POST' }),
    path: z.string().regex(/^\/[\x21-\x7e]*$/, { error: 'must be a path with its query string as on the wire' }),
    headers: z.record(z.string(), z.string()).optional().describe('Content-Type matters, and Content-Encoding'),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe('as text, byte for byte, or as a JSON object'),
  })
  .meta({ id: 'RequestToRewrite', description: 'A request as an application would send it.' });

export const rewrittenRequest = z
  .strictObject({
    method: z.string(),
    path: z.string(),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown()), z.null()])
      .describe('in the form in which the body came; null where there is none'),
    replaced: z.array(
      z.strictObject({
        place: z.string().meta({ example: 'query.bool.filter[0]' }),
        written: z.string(),
        codes: z.array(z.string()).describe('as written'),
        relation: z.enum(RELATIONS),
        terms: count.describe('codes that Elasticsearch gets instead'),
        cache: z.enum(['hit', 'miss']),
        search: count.optional().describe('of an _msearch: the place of its search'),
      }),
    ),
    warnings: z.array(z.string()).optional(),
    render: z
      .array(z.strictObject({ method: z.string(), path: z.string(), body: z.union([z.string(), z.null()]) }))
      .optional()
      .describe(
        'the templates that Elasticsearch would be asked to render; what they give is then searched as any body',
      ),
    refused: z
      .array(z.strictObject({ position: count, status: z.int(), error: z.looseObject({}) }))
      .optional()
      .describe('searches of an _msearch that would not be sent, with what stands in their places'),
  })
  .meta({ id: 'RewrittenRequest', description: 'What Elasticsearch would get.' });

const counts = z.record(z.string(), count);
const quantiles = z
  .strictObject({
    count,
    p50: z.number().optional(),
    p90: z.number().optional(),
    p99: z.number().optional(),
    max: z.number().optional(),
  })
  .meta({ id: 'Quantiles' });

const spanStats = z
  .strictObject({
    requests: count,
    passed: count,
    rewritten: count,
    refused: count,
    failed: count,
    endpoints: counts,
    errors: counts.describe('by type'),
    rewriteMicros: quantiles,
    upstreamMicros: quantiles,
    tookMillis: quantiles,
    hits: z.strictObject({ known: count, none: count }),
    units: z.array(z.strictObject({ code: z.string(), label: z.string().optional(), count })),
    unknownCodes: z.array(z.strictObject({ code: z.string(), count, suggestions: z.array(z.string()) })),
    withoutHits: z
      .array(z.strictObject({ query: z.string(), count }))
      .optional()
      .describe('needs the admin right'),
    clients: z
      .array(z.strictObject({ address: z.string(), count }))
      .optional()
      .describe('needs the admin right'),
  })
  .meta({ id: 'SpanStats' });

export const historyState = z
  .strictObject({
    store: z.enum(['postgres', 'embedded', 'off']),
    ok: z.boolean().describe('whether the last write arrived'),
    waiting: count.describe('points held in memory until the store answers'),
    lost: z
      .strictObject({ since: z.number(), points: count })
      .optional()
      .describe('points dropped since this process started, because the store did not answer for too long'),
    note: z.strictObject({ en: z.string(), fr: z.string() }).optional(),
  })
  .meta({ id: 'HistoryState' });

export const stats = z
  .strictObject({
    cache: z.strictObject({
      hits: count,
      misses: count,
      evictions: count,
      entries: count,
      bytes: count,
      hitRatio: z.number().min(0).max(1),
    }),
    tree: z.strictObject({
      version: z.string(),
      units: count,
      loadedAt: z.string(),
      refused: z
        .strictObject({ at: z.string(), type: z.string(), reason: z.string() })
        .optional()
        .describe('a newer snapshot that could not be taken'),
    }),
    queries: z.strictObject({ minute: spanStats, hour: spanStats, day: spanStats }),
    history: historyState,
  })
  .meta({ id: 'Stats' });

export const acknowledged = z.strictObject({ acknowledged: z.literal(true) }).meta({ id: 'Acknowledged' });

export const live = z.strictObject({ status: z.literal('live') }).meta({ id: 'Live' });

export const readiness = z
  .strictObject({ status: z.enum(['ready', 'not ready']), tree: z.string(), notes: z.array(z.string()) })
  .meta({ id: 'Readiness' });

const cause = { type: z.string(), reason: z.string() };

export const error = z
  .strictObject({
    error: z.looseObject({ root_cause: z.array(z.looseObject(cause)), ...cause }),
    status: z.int(),
  })
  .meta({ id: 'Error', description: 'An error, in the shape of Elasticsearch.' });
