import { defineRoute, type Route } from '../route.js';

const events = defineRoute({
  method: 'get',
  path: '/events',
  summary: 'What the pages show, as it changes',
  description:
    'Server-sent events. `hello` tells the build of the pages; `standup` and `stats` come when they changed, with the ' +
    'JSON of the routes of these names and without what needs the admin right. `beat` comes every five seconds and shows ' +
    'that the connection lives. A limited number of clients may listen.',
  answers: {
    200: { description: 'Events without an end.', contentType: 'text/event-stream' },
    429: { description: 'Too many listen already.', contentType: 'application/json' },
  },
  handle: ({ services }) => ({ events: services.events }),
});

export const eventRoutes: readonly Route[] = [events];
