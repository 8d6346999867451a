import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import type { z } from 'zod';
import { assetsIn } from '../../src/api/assets.js';
import { allRoutes } from '../../src/api/routes/index.js';
import { error } from '../../src/api/schemas.js';
import { workedEmergency } from '../stats/emergencies/support.js';
import { testApi } from './services.js';

// Files as the build makes them.
const web = mkdtempSync(join(tmpdir(), 'territory-pages-'));
mkdirSync(join(web, 'vendor'));
for (const name of ['style.css', 'page.js', 'vendor/chart.js']) writeFileSync(join(web, name), '/**/');
afterAll(() => rmSync(web, { recursive: true }));
const { hash } = assetsIn(web);

const { app, store } = testApi({ web });
store.emergencies.set('an-id', { events: workedEmergency(), filled: new Map() });
const routes = allRoutes({ version: '1.2.3', changes: true });

/** For each route a request that it answers with 200, or with another status; `endless` answers are only begun. */
const EXAMPLES: Record<string, { path?: string; body?: object; status?: number; endless?: true }> = {
  'get /units': { path: '/units?level=COM&size=3' },
  'get /units/:code': { path: '/units/COM:69123' },
  'get /units/:code/parents': { path: '/units/COM:69123/parents' },
  'get /units/:code/children': { path: '/units/REG:84/children' },
  'get /units/:code/ancestors': { path: '/units/COM:69123/ancestors' },
  'get /units/:code/descendants': { path: '/units/REG:84/descendants' },
  'post /resolve': { body: { expression: 'REG:84 - COM:69232' } },
  'post /compare': { body: { a: { codes: ['DEP:69'] }, b: { expression: 'REG:84' } } },
  'post /explore': { body: { expression: 'REG:84 - COM:69232' } },
  'get /dashboard': {},
  'get /explorer': {},
  'get /emergency': {},
  'get /assets/:hash/:name': { path: `/assets/${hash}/page.js` },
  'get /assets/:hash/:folder/:name': { path: `/assets/${hash}/vendor/chart.js` },
  'get /events': { endless: true },
  'post /rewrite': { body: { method: 'POST', path: '/_search', body: {} } },
  'get /stats': {},
  'delete /cache': {},
  'get /metrics': {},
  'get /livez': {},
  'get /readyz': {},
  'get /openapi.json': {},
  'get /history': { path: '/history?series=requests&from=-2h' },
  'get /marks': { path: '/marks?from=-2d' },
  'get /trees': {},
  'get /queries': {},
  'get /standup': {},
  'get /emergency-policy': {},
  'get /emergencies': {},
  'get /emergencies/:id': { path: '/emergencies/an-id' },
  'get /emergencies/:id/post-mortem.md': { path: '/emergencies/an-id/post-mortem.md' },
  'patch /emergencies/:id': { path: '/emergencies/an-id', body: { by: 'Ada', note: 'seen' } },
  'post /emergencies/:id/close': {
    path: '/emergencies/an-id/close',
    body: { by: 'Ada', revision: 3, cause: 'a bad file', followUp: 'an audit' },
  },
  'post /emergencies': { body: { by: 'Ada', title: 'No hits', severity: 'critical' }, status: 201 },
  'get /docs': {},
  'get /docs/redoc.js': {},
};

describe('the description of the API', () => {
  it('has every route, and no other', async () => {
    const { body } = await request(app).get('/_territory/openapi.json').expect(200);
    const described = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method} ${path.replace('/_territory', '').replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    expect(described.sort()).toEqual(routes.map((route) => `${route.method} ${route.path}`).sort());
    expect(described.sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  it('lists the endpoints of the contract', () => {
    expect(Object.keys(EXAMPLES)).toEqual(
      expect.arrayContaining(['get /units', 'post /rewrite', 'delete /cache', 'get /docs']),
    );
  });

  it('refers only to schemas that it holds', async () => {
    const { body, text } = await request(app).get('/_territory/openapi.json');
    const references = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
    );
    expect(references.size).toBeGreaterThan(10);
    for (const name of references) expect(Object.keys(body.components.schemas)).toContain(name);
    expect(text).not.toContain('"$schema"');
  });

  it.each(Object.entries(EXAMPLES))(
    'tells the truth about the answer of %s',
    async (name, { path, body, status = 200, endless }) => {
      const route = routes.find((candidate) => `${candidate.method} ${candidate.path}` === name);
      if (route === undefined) throw new Error(`no route ${name}`);
      const asking = request(app)[endless ? 'head' : route.method](`/_territory${path ?? route.path}`);
      const answer = await (body === undefined ? asking : asking.send(body)).expect(status);
      const { schema, contentType = 'application/json' } = route.answers[status] ?? { description: '' };
      expect(answer.headers['content-type']).toMatch(new RegExp(`^${contentType}`));
      if (schema !== undefined) (schema as z.ZodType).parse(JSON.parse(answer.text));
    },
  );

  it('tells the truth about errors', async () => {
    for (const [path, status] of [
      ['units', 400],
      ['units/COM:234', 404],
      ['nothing', 404],
      ['resolve', 405],
    ] as const) {
      const { body } = await request(app).get(`/_territory/${path}`).expect(status);
      error.parse(body);
    }
  });
});

describe('the page that shows it', () => {
  it('runs scripts of its own only, and asks no other machine', async () => {
    const { headers, text } = await request(app).get('/_territory/docs').expect(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).not.toMatch(/https?:/);
    const script = await request(app).get('/_territory/docs/redoc.js').expect(200);
    expect(script.text.length).toBeGreaterThan(500_000);
    expect(script.text).not.toContain('cdn.redoc.ly');
  });
});
