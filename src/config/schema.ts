import { z } from 'zod';
import { QUERIES } from '../query/grammar.js';
import { LOG_LEVELS } from '../stats/logger.js';
import { RELATIONS } from '../territory/relation.js';
import { keys, listOf, oneOf, secretUrl, shown, text, timeZone, wholeNumber, yesOrNo } from './fields.js';
import { indexPattern, nodeUrls, publicUrl } from './patterns.js';

/** What an index says of its fields. */
export const indexFields = keys({
  units: text('the name of a field').optional(),
  ancestors: text('the name of a field').optional(),
  ancestorsBy: oneOf(['atoms', 'arrows']).optional(),
  levels: listOf(
    text('a level').regex(/^[A-Z][A-Z0-9_]*$/, {
      error: (issue) => `must be a level such as COM, not ${shown(issue.input)}`,
    }),
    'levels',
  ).optional(),
  relation: oneOf(RELATIONS).optional(),
  style: oneOf(['terms', 'term']).optional(),
  percolator: listOf(text('the name of a field'), 'names of fields').optional(),
}).superRefine((fields, context) => {
  if (fields.units === undefined && fields.ancestors === undefined) {
    context.addIssue({ code: 'custom', message: 'names neither field: give `units`, `ancestors` or both' });
  }
  if (fields.units === undefined && fields.relation !== undefined && fields.relation !== 'within') {
    context.addIssue({
      code: 'custom',
      path: ['relation'],
      message: `${fields.relation} can't be told from \`ancestors\` alone: name the field \`units\` too`,
    });
  }
});

const file = () => text('the name of a file').nullable();

const auth = z.union(
  [
    keys({ username: text('a user name'), password: z.string() }),
    keys({ apiKey: text('an API key') }),
    keys({ bearer: text('a token') }),
  ],
  { error: 'must be null, {username, password}, {apiKey} or {bearer}' },
);

/**
 * Every key of the configuration with its default. `config/default.yaml` says what each means; a test keeps the two
 * equal. `indices` is a list of pairs, for its order matters and an object would put `"2024"` first.
 */
export const shape = {
  elasticsearchUrl: nodeUrls.default(['http://127.0.0.1:9200']),
  host: text('an address or host name').default('127.0.0.1'),
  port: wholeNumber(0, 65_535).default(9280),
  territoryTree: file().default(null),
  databaseUrl: text('a URL').nullable().default(null),
  natsUrl: text('a URL').nullable().default(null),
  logLevel: oneOf(LOG_LEVELS).default('info'),
  timeZone: timeZone().default('Europe/Paris'),
  workers: wholeNumber(1, 256).default(1),
  sniffing: oneOf(['pass', 'own']).default('pass'),
  publicUrl: publicUrl.nullable().default(null),
  shorthand: text('a name')
    .regex(/^[A-Za-z_][\w-]*$/, {
      error: (issue) => `must be letters, digits, _ and -, beginning with a letter or _, not ${shown(issue.input)}`,
    })
    .refine((name) => !(name in QUERIES), {
      error: (issue) => `is ${shown(issue.input)}, which Elasticsearch gives a query; choose a name of your own`,
    })
    .default('territory'),
  indices: z.array(z.tuple([indexPattern, indexFields])).default([]),
  aliases: z
    .record(text('an alias'), listOf(indexPattern, 'names or patterns of indices'), {
      error: (issue) => `must be aliases with lists of indices, not ${shown(issue.input)}`,
    })
    .default({}),
  checkMappings: oneOf(['error', 'warn', 'off']).default('error'),
  definitions: oneOf(['reject', 'expand']).default('reject'),
  unknown: oneOf(['error', 'warn']).default('error'),
  cache: keys({ maxBytes: wholeNumber(0).default(67_108_864) }).prefault({}),
  admin: keys({
    api: oneOf(['all', 'read', 'off']).default('all'),
    token: text('a token')
      .regex(/^[\x21-\x7e]+$/, { error: 'must be printable ASCII without spaces, as it stands in a header' })
      .nullable()
      .default(null),
    host: text('an address or host name').default('127.0.0.1'),
    port: wholeNumber(0, 65_535).nullable().default(null),
    hosts: z
      .array(text('a host name'), { error: (issue) => `must be a list of host names, not ${shown(issue.input)}` })
      .default([]),
  }).prefault({}),
  limits: keys({
    inFlight: wholeNumber(1).default(1024),
    bodyBytes: wholeNumber(1).default(104_857_600),
    bufferedBytes: wholeNumber(1).default(536_870_912),
    silenceMs: wholeNumber(0).default(60_000),
    leastBytesPerSecond: wholeNumber(0).default(240),
    expandedBytes: wholeNumber(1).default(104_857_600),
    depth: wholeNumber(1, 100_000).default(1000),
  }).prefault({}),
  upstream: keys({
    timeoutMs: wholeNumber(0).default(0),
    connectTimeoutMs: wholeNumber(1).default(5_000),
    host: oneOf(['client', 'node']).default('client'),
    connections: wholeNumber(1).default(128),
    auth: auth.nullable().default(null),
    anonymous: yesOrNo().default(false),
    tls: keys({
      ca: file().default(null),
      cert: file().default(null),
      key: file().default(null),
      passphrase: z.string().nullable().default(null),
      rejectUnauthorized: yesOrNo().default(true),
    }).prefault({}),
  }).prefault({}),
  tls: keys({
    cert: file().default(null),
    key: file().default(null),
    passphrase: z.string().nullable().default(null),
    ca: file().default(null),
    clientCertificate: oneOf(['none', 'required']).default('none'),
  }).prefault({}),
  history: z
    .union(
      [
        z.literal('off'),
        keys({
          folder: file().default(null),
          writeEveryMs: wholeNumber(100, 60_000).default(10_000),
          indexCheckMinutes: wholeNumber(0, 1440).default(60),
        }),
      ],
      { error: 'must be off, or {folder, writeEveryMs, indexCheckMinutes}' },
    )
    .prefault({}),
  queryLog: keys({
    memory: wholeNumber(0, 10_000).default(500),
    database: yesOrNo().default(false),
    retentionDays: wholeNumber(1, 3650).default(7),
  }).prefault({}),
  emergency: keys({
    policy: file().default(null),
    webhook: secretUrl().nullable().default(null),
  }).prefault({}),
  shutdown: keys({ graceMs: wholeNumber(0).default(30_000), noticeMs: wholeNumber(0).default(0) }).prefault({}),
} satisfies z.ZodRawShape;

export const schema = z.strictObject(shape);

/** The configuration, checked and complete. */
export type Config = z.output<typeof schema>;
