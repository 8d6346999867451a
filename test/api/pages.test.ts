import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { testApi } from './services.js';

const web = mkdtempSync(join(tmpdir(), 'territory-pages-'));
mkdirSync(join(web, 'vendor'));
writeFileSync(join(web, 'style.css'), 'body {}');
writeFileSync(join(web, 'dashboard.js'), 'export {};');
writeFileSync(join(web, 'vendor', 'uplot.js'), 'export default 1;');
writeFileSync(join(web, 'secret.txt'), 'no page');
afterAll(() => rmSync(web, { recursive: true }));

describe('the pages', () => {
  const { app } = testApi({ web });

  it.each(['dashboard', 'explorer', 'emergency'])(
    'serves %s under a strict policy, without anything inline',
    async (name) => {
      const page = await request(app).get(`/_territory/${name}`).set('host', 'localhost').expect(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(page.text).not.toMatch(/<style|style=|onload|<script>|https?:/);
    },
  );

  it('serves the description of the API as a page of its own look, under the same policy but for what Redoc draws', async () => {
    const page = await request(app).get('/_territory/docs').set('host', 'localhost').expect(200);
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'( 'sha256-[\w+/]+=')+; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(page.text).toMatch(/\/base\.css".*\/docs\.css".*"docs\/redoc\.js".*\/docs\.js"/s);
    expect(page.text).not.toMatch(/style\.css|<style|style=|onload|<script>|https?:/);
  });

  it('tells its modules the zone of the proxy and what to try a query on, and nothing of it is markup', async () => {
    const shorthand = '"><script>alert(1)</script>&';
    const { app } = testApi({ web, shorthand, timeZone: 'America/Martinique', exampleIndex: 'press' });
    const { text } = await request(app).get('/_territory/explorer').set('host', 'localhost');
    expect(text).toContain('data-time-zone="America/Martinique"');
    expect(text).toContain('data-index="press"');
    expect(text).toContain('data-shorthand="&quot;>&lt;script>alert(1)&lt;/script>&amp;"');
    const [, plain] =
      /<body ([^>]*)>/.exec(
        (await request(testApi({ web }).app).get('/_territory/explorer').set('host', 'localhost')).text,
      ) ?? [];
    expect(plain).toMatch(
      /^data-page="explorer" data-build="[0-9a-f]{16}" data-time-zone="UTC" data-shorthand="territory" data-index=""$/,
    );
  });

  it('serves their files for good under an address of their content, and nothing else', async () => {
    const { text } = await request(app).get('/_territory/dashboard').set('host', 'localhost');
    const [, base] = /href="(assets\/[0-9a-f]{16})\/style.css"/.exec(text) ?? [];
    const get = (path: string) => request(app).get(`/_territory/${path}`).set('host', 'localhost');
    const script = await get(`${base}/vendor/uplot.js`).expect(200);
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    await get(`${base}/secret.txt`).expect(404);
    await get(`${base}/..%2f..%2fpackage.json`).expect(404);
    await get('assets/0000000000000000/style.css').expect(404);
  });
});

describe('a territory for the explorer', () => {
  const explore = (body: object) =>
    request(testApi().app).post('/_territory/explore').set('host', 'localhost').send(body);

  it('has its cover, its covering, what lies around and inside, its part of each department, and the shortest way to write it', async () => {
    const { body } = await explore({ expression: 'DEP:69 | DEP:75' }).expect(200);
    expect(body.forms).toEqual({
      lucene: 'territory:(DEP:69 OR REG:11)',
      clause: '{"territory":{"codes":["DEP:69","REG:11"]}}',
      url: 'q=territory:(DEP:69+OR+REG:11)',
    });
    expect(body.around.units.map(({ code }: { code: string }) => code)).toContain('CNTRY:F');
    expect(body.inside).toMatchObject({ EPCI: 1, DEP: 2 });
    for (const { shared, atoms } of body.map.shares) expect(shared).toBeLessThanOrEqual(atoms);
  });

  it('may be empty, and may be unknown', async () => {
    const { body } = await explore({ expression: 'DEP:69 - REG:84' }).expect(200);
    expect(body).toMatchObject({ atomCount: 0, cover: { total: 0 }, covering: { total: 0 }, around: { total: 0 } });
    await explore({ expression: 'DEP:404' }).expect(400);
  });
});
