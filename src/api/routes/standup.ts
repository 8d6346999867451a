import { defineRoute, type Route } from '../route.js';
import { standup as schema } from '../standup-schema.js';

const standup = defineRoute({
  method: 'get',
  path: '/standup',
  summary: 'Whether all is well: anomalies in words, what happened lately, an emergency that is open',
  description:
    'Computed once a minute and after each new tree. What an open emergency is about only with the admin right.',
  answers: { 200: { description: 'The report.', schema } },
  handle({ services, confidential }) {
    return { json: services.standup(confidential) };
  },
});

export const standupRoutes: readonly Route[] = [standup];
