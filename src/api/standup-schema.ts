import { z } from 'zod';
import { historyState } from './schemas.js';
import { moment, sentence } from './sentence-schema.js';

export const mark = z
  .strictObject({
    time: moment,
    kind: z.enum(['tree', 'delivery', 'emergency', 'start']),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
    key: z.string().optional(),
    sentence: sentence.describe('what happened, without its time'),
  })
  .meta({ id: 'Mark', description: 'What happened once.' });

const series = { series: z.string().meta({ example: 'no_hits' }), key: z.string().meta({ example: 'DEP:69' }) };

const anomaly = z
  .strictObject({
    id: z.string().describe('the same for the same trouble at every look'),
    ...series,
    severity: z.union([z.literal(1), z.literal(2)]).describe('2: grave; 1: worth a look'),
    since: moment,
    until: moment.optional().describe('when it ended; absent while it lasts'),
    sentence,
    figures: z.strictObject({
      now: z.number(),
      usual: z.array(z.number()).length(2).describe('lowest and highest'),
      unit: z.string().meta({ example: '%' }),
    }),
    cause: z.strictObject({ kind: mark.shape.kind, time: moment }).optional().describe('what came right before it'),
    also: z.array(z.strictObject(series)).describe('what else shows of it'),
  })
  .meta({ id: 'Anomaly', description: 'What is not as it uses to be; all that has one cause is one.' });

export const standup = z
  .strictObject({
    state: z.enum(['well', 'look', 'emergency']),
    sentence: sentence.describe('all of it in one sentence, to be read from afar'),
    at: moment.describe('when it was computed; 0 before the first look'),
    learning: sentence.optional().describe('why earlier weeks are not compared with yet'),
    anomalies: z.array(anomaly).describe('what lasts before what is over, the gravest first'),
    more: z.int().describe('anomalies that were left out'),
    marks: z.array(mark).describe('of the last days, the oldest first'),
    history: historyState,
    emergency: z
      .strictObject({
        severity: z.string(),
        since: moment,
        id: z.string().optional(),
        title: z.string().optional(),
        responsible: z.string().optional(),
      })
      .optional()
      .describe('the one that is open; what it is about only with the admin right'),
  })
  .meta({ id: 'Standup', description: 'What a team looks at standing up.' });
