import { z } from 'zod';
import { moment, sentence } from './sentence-schema.js';
import { written } from './written.js';

const by = written(100).describe('name of who does it');
const title = written(200);
const severity = written(50).describe('id of a severity of the policy');
const revision = z.int().min(1).describe('the one that the change is made from');

export const declaration = z.strictObject({ by, title, severity }).meta({ id: 'EmergencyDeclaration' });

export const change = z
  .strictObject({
    by,
    revision: revision.optional().describe('the one that the change is made from; a note alone needs none'),
    title: title.optional(),
    severity: severity.optional(),
    responsible: written(100).nullable().optional().describe('name of the one who is responsible; null for nobody'),
    steps: z
      .record(z.string(), z.strictObject({ done: z.boolean(), answer: written(10_000).optional() }))
      .optional()
      .describe('steps by their ids'),
    note: written(10_000).optional(),
  })
  .meta({ id: 'EmergencyChange' });

export const closing = z
  .strictObject({ by, revision, cause: written(10_000), followUp: written(10_000).describe('what is to be done now') })
  .meta({ id: 'EmergencyClosing' });

const step = {
  id: z.string(),
  title: sentence,
  question: sentence,
  required: z.boolean().describe('whether it must be done before closing'),
};

const emergencyFields = {
  id: z.string().meta({ example: '2026-11-24-1f3a5c' }),
  revision: z.int().describe('rises with every change'),
  title: z.string(),
  severity: z.string(),
  declared: z.strictObject({ time: moment, by: z.string() }),
  responsible: z.string().optional(),
  steps: z.array(
    z.strictObject({
      ...step,
      done: z.boolean(),
      answer: z.string().optional(),
      time: moment.optional(),
      by: z.string().optional(),
    }),
  ),
  closed: z.strictObject({ time: moment, by: z.string(), cause: z.string(), followUp: z.string() }).optional(),
};

const emergency = z.strictObject(emergencyFields).meta({ id: 'Emergency' });

export const emergencyFile = z
  .strictObject({
    ...emergencyFields,
    timeline: z
      .array(z.strictObject({ time: moment, kind: z.string(), by: z.string().optional(), text: sentence }))
      .describe('the oldest first; what nobody did was filled in by itself'),
  })
  .meta({ id: 'EmergencyFile', description: 'An emergency with all that happened in it.' });

export const emergencies = z
  .strictObject({
    open: emergency.optional(),
    emergencies: z.array(emergency).describe('the last 50, the latest first'),
  })
  .meta({ id: 'Emergencies' });

export const emergencyPolicy = z
  .strictObject({
    about: sentence,
    severities: z
      .array(z.strictObject({ id: z.string(), title: sentence, criteria: z.array(sentence) }))
      .describe('the gravest first'),
    steps: z.array(z.strictObject(step)).describe('in the order in which they are worked'),
  })
  .meta({ id: 'EmergencyPolicy', description: 'What counts as an emergency, and what is done in one.' });
