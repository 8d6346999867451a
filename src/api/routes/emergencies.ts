import { z } from 'zod';
import * as schemas from '../emergency-schemas.js';
import { defineRoute, type Route } from '../route.js';
import { error } from '../schemas.js';

const params = z.strictObject({ id: z.string().describe('id of an emergency') });

const STORE_DEAD = { description: 'The database does not answer, or there is none: nothing was done.', schema: error };
const NOT_FOUND = { description: 'There is none of this id.', schema: error };

const policy = defineRoute({
  method: 'get',
  path: '/emergency-policy',
  summary: 'What counts as an emergency, and the steps of the process',
  answers: { 200: { description: 'The policy.', schema: schemas.emergencyPolicy } },
  handle({ services }) {
    return { json: services.emergencies.policy };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/emergencies',
  summary: 'The emergency that is open, and the last ones',
  confidential: true,
  answers: { 200: { description: 'Emergencies.', schema: schemas.emergencies }, 503: STORE_DEAD },
  async handle({ services }) {
    return { json: await services.emergencies.list() };
  },
});

const one = defineRoute({
  method: 'get',
  path: '/emergencies/:id',
  summary: 'An emergency with its timeline',
  confidential: true,
  params,
  answers: {
    200: { description: 'The emergency.', schema: schemas.emergencyFile },
    404: NOT_FOUND,
    503: STORE_DEAD,
  },
  async handle({ params: { id }, services }) {
    return { json: await services.emergencies.get(id) };
  },
});

const declare = defineRoute({
  method: 'post',
  path: '/emergencies',
  summary: 'Declare an emergency',
  description: 'At most one is open, so that who sees the same trouble works on one. The webhook is told.',
  changes: true,
  body: schemas.declaration,
  answers: {
    201: { description: 'It is declared.', schema: schemas.emergencyFile },
    409: { description: 'One is open already: `id`.', schema: error },
    503: STORE_DEAD,
  },
  async handle({ body, services }) {
    return { status: 201, json: await services.emergencies.declare(body) };
  },
});

const change = defineRoute({
  method: 'patch',
  path: '/emergencies/:id',
  summary: 'Assign an emergency, work its steps, add a note',
  description:
    'What is absent stays. `revision` is the one that the change was made from: where somebody else was faster, it is ' +
    'refused with 409 and the `revision` of now. A note alone needs none.',
  changes: true,
  params,
  body: schemas.change,
  answers: {
    200: { description: 'It is changed.', schema: schemas.emergencyFile },
    404: NOT_FOUND,
    409: { description: 'Somebody else changed it, or it is closed: `revision`.', schema: error },
    503: STORE_DEAD,
  },
  async handle({ params: { id }, body, services }) {
    return { json: await services.emergencies.change(id, body) };
  },
});

const close = defineRoute({
  method: 'post',
  path: '/emergencies/:id/close',
  summary: 'Close an emergency, with its cause and what is to follow',
  description: 'Every required step must be done. The webhook is told, and the post-mortem can be read.',
  changes: true,
  params,
  body: schemas.closing,
  answers: {
    200: { description: 'It is closed.', schema: schemas.emergencyFile },
    404: NOT_FOUND,
    409: { description: 'Somebody else changed it, or it is closed: `revision`.', schema: error },
    503: STORE_DEAD,
  },
  async handle({ params: { id }, body, services }) {
    return { json: await services.emergencies.close(id, body) };
  },
});

const postMortem = defineRoute({
  method: 'get',
  path: '/emergencies/:id/post-mortem.md',
  summary: 'The record of an emergency, in Markdown',
  confidential: true,
  params,
  query: z.strictObject({ language: z.enum(['en', 'fr']).optional().describe('en where absent') }),
  answers: {
    200: { description: 'The post-mortem; a draft while the emergency is open.', contentType: 'text/markdown' },
    404: NOT_FOUND,
    503: STORE_DEAD,
  },
  async handle({ params: { id }, query: { language = 'en' }, services }) {
    const content = await services.emergencies.postMortem(id, language);
    return {
      contentType: 'text/markdown; charset=utf-8',
      content,
      // A file made from what people wrote: nothing in it may run, wherever it is opened.
      headers: {
        'content-security-policy': 'sandbox',
        'content-disposition': `attachment; filename="post-mortem-${id.replaceAll(/[^\w-]/g, '')}.md"`,
      },
    };
  },
});

export const emergencyRoutes: readonly Route[] = [policy, list, one, declare, change, close, postMortem];
