import { defineRoute, type Route } from '../route.js';
import * as schemas from '../schemas.js';

const stats = defineRoute({
  method: 'get',
  path: '/stats',
  summary: 'The cache, the tree, and what was asked over the last minute, hour and day',
  description: 'Query texts and client addresses only with the admin right.',
  answers: { 200: { description: 'The statistics.', schema: schemas.stats } },
  async handle({ services, confidential }) {
    return { json: { ...(await services.stats(confidential)), history: services.history.state() } };
  },
});

const clearCache = defineRoute({
  method: 'delete',
  path: '/cache',
  summary: 'Empty the cache of expansions',
  changes: true,
  answers: { 200: { description: 'The cache is empty.', schema: schemas.acknowledged } },
  async handle({ services }) {
    await services.clearCache();
    return { json: { acknowledged: true } };
  },
});

const metrics = defineRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Metrics for Prometheus',
  answers: { 200: { description: 'The exposition.', contentType: 'text/plain' } },
  async handle({ services }) {
    const { contentType, text } = await services.metrics();
    return { contentType, content: text };
  },
});

const livez = defineRoute({
  method: 'get',
  path: '/livez',
  summary: 'Whether the process lives',
  answers: { 200: { description: 'It does.', schema: schemas.live } },
  handle() {
    return { json: { status: 'live' } };
  },
});

const readyz = defineRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Whether requests are taken',
  answers: {
    200: { description: 'They are.', schema: schemas.readiness },
    503: { description: 'They are not, or not for long: the proxy is ending.', schema: schemas.readiness },
  },
  handle({ services }) {
    const { ready, tree, notes } = services.readiness();
    return { status: ready ? 200 : 503, json: { status: ready ? 'ready' : 'not ready', tree, notes } };
  },
});

export const runningRoutes: readonly Route[] = [stats, clearCache, metrics, livez, readyz];
