/** Attacks on the API of a running proxy, over bare sockets: what a web page, a forwarding proxy or a path can't do. */
import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type RawAnswer, rawRequest } from './support/raw-request.js';
import { makeScene, type Scene } from './support/scene.js';

const CONFIG = 'indices: { "articles*": { units: territories } }\nhistory: off\n';
const SEARCH = '{"query":{"term":{"territory":"DEP:69"}}}';

describe.each(['1', '2'])('the API of a proxy with WORKERS=%s', (workers) => {
  let scene: Scene;
  let folder: string;
  let stub: Scene['stub'];

  beforeAll(async () => {
    scene = await makeScene(CONFIG, { WORKERS: workers });
    ({ folder, stub } = scene);
  });
  afterAll(() => scene.remove());

  const start = (changes: Record<string, string> = {}) => scene.start(changes);
  const send = (url: string, line: string, headers: string, body = ''): Promise<RawAnswer> =>
    rawRequest(url, `${line} HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);

  describe('without a token', () => {
    let url: string;
    let host: string;

    beforeAll(async () => {
      ({ url } = await start());
      host = `Host: ${new URL(url).host}\r\n`;
    });

    /** Fills the caches, attacks, and tells whether they are still full. */
    const cacheSurvives = async (attack: () => Promise<unknown>): Promise<boolean> => {
      const entries = async () =>
        JSON.parse((await send(url, 'GET /_territory/stats', host)).body.toString()).cache.entries as number;
      for (let i = 0; i < 4; i++)
        await send(url, 'POST /articles/_search', `${host}Content-Type: application/json\r\n`, SEARCH);
      expect(await entries()).toBeGreaterThan(0);
      await attack();
      return (await entries()) > 0;
    };

    it('empties the cache for a client on this machine, so that the attacks below mean something', async () => {
      expect(await cacheSurvives(() => send(url, 'DELETE /_territory/cache', host))).toBe(false);
    });

    const port = () => new URL(url).port;
    const ATTACKS: readonly [name: string, headers: () => string, status: number][] = [
      ['a page of another origin', () => `${host}Origin: http://evil.example\r\n`, 403],
      ['a page without an origin', () => `${host}Origin: null\r\n`, 403],
      ['a page on another port', () => `${host}Origin: http://127.0.0.1:1\r\n`, 403],
      ['a page of another scheme', () => `${host}Origin: https://127.0.0.1:${port()}\r\n`, 403],
      ['a page of another site', () => `${host}Sec-Fetch-Site: cross-site\r\n`, 403],
      ['a page of the same site', () => `${host}Sec-Fetch-Site: same-site\r\n`, 403],
      ['two Sec-Fetch-Site', () => `${host}Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n`, 403],
      ['a form', () => `${host}Content-Type: application/x-www-form-urlencoded\r\n`, 415],
      ['a form with files', () => `${host}Content-Type: multipart/form-data; boundary=x\r\n`, 415],
      ['a form of plain text', () => `${host}Content-Type: text/plain\r\n`, 415],
      ['a form that claims JSON', () => `${host}Content-Type: text/plain; application/json\r\n`, 415],
      ['a rebound name', () => 'Host: evil.example\r\n', 403],
      ['a rebound name that begins as this machine', () => 'Host: localhost.evil.example\r\n', 403],
      ['a rebound name that looks like an address', () => 'Host: 127.0.0.1.nip.io\r\n', 403],
      ['no Host', () => '', 403],
      ['a rebound name beside ours', () => `${host}Host: evil.example\r\n`, 403],
      ['a rebound name before ours', () => `Host: evil.example\r\n${host}`, 403],
      ['Forwarded', () => `${host}Forwarded: for=127.0.0.1\r\n`, 403],
      ['X-Forwarded-For', () => `${host}X-Forwarded-For: 127.0.0.1\r\n`, 403],
      ['X-Forwarded-Host', () => `${host}x-forwarded-host: localhost\r\n`, 403],
      ['an unknown X-Forwarded header', () => `${host}X-FORWARDED-WHATEVER: \r\n`, 403],
      ['Via', () => `${host}Via: 1.1 cache\r\n`, 403],
      [
        'a forwarded request that says where it comes from in our own way',
        () => `${host}Via: 1.1 x\r\nTerritory-Peer: tcp 127.0.0.1\r\n`,
        403,
      ],
    ];

    it.each(ATTACKS)('changes nothing for %s', async (_name, headers, status) => {
      const survived = await cacheSurvives(async () => {
        const { status: answered, body } = await send(url, 'DELETE /_territory/cache', headers());
        expect({ answered, body: body.toString() }).toEqual({
          answered: status,
          body: expect.stringContaining('exception'),
        });
      });
      expect(survived).toBe(true);
    });

    it('shows a page that rebinds its name nothing at all', async () => {
      for (const path of [
        'livez',
        'readyz',
        'stats',
        'metrics',
        'units/DEP:69',
        'docs',
        'openapi.json',
        'dashboard',
        '',
      ]) {
        const { status, body } = await send(url, `GET /_territory/${path}`, 'Host: evil.example\r\n');
        expect({ path, status }).toEqual({ path, status: 403 });
        expect(body.toString()).not.toContain('Rhône');
      }
    });

    it('lets no page of another origin read an answer', async () => {
      for (const path of ['stats', 'units/DEP:69', 'openapi.json']) {
        const { headers } = await send(url, `GET /_territory/${path}`, `${host}Origin: http://evil.example\r\n`);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
      const preflight = `${host}Origin: http://evil.example\r\nAccess-Control-Request-Method: DELETE\r\n`;
      const { status, headers } = await send(url, 'OPTIONS /_territory/cache', preflight);
      expect(status).toBe(405);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('tells query texts and client addresses to no one who is forwarded', async () => {
      for (const header of ['X-Forwarded-For: 127.0.0.1', 'Via: 1.1 x', 'Forwarded: for=127.0.0.1', 'Origin: null']) {
        const { body } = await send(url, 'GET /_territory/stats', `${host}${header}\r\n`);
        expect(JSON.parse(body.toString()).queries.minute).not.toHaveProperty('clients');
        expect(JSON.parse(body.toString()).queries.minute).not.toHaveProperty('withoutHits');
      }
    });

    /** Spellings of the API's paths that some server before or behind the proxy may read as another. */
    const CONFUSING = [
      '/%5fterritory/cache',
      '/%5Fterritory/cache',
      '//_territory/cache',
      '/./_territory/cache',
      '/x/../_territory/cache',
      '/_territory%2fcache',
      '/_territory%2Fcache',
      '/_territory;x/cache',
      '/_territoryx/../_territory/cache',
      '/_TERRITORY/cache',
      '/_territory\\cache',
      '/\\_territory/cache',
      '/_territory#/cache',
      '/_territory%00/cache',
      '/_territory.json/cache',
    ];

    it.each(CONFUSING)('leaves %s to Elasticsearch, as it was written', async (path) => {
      const survived = await cacheSurvives(async () => {
        const before = stub.asked.length;
        const { status } = await send(url, `DELETE ${path}`, host);
        const asked = stub.asked.slice(before).filter(({ method }) => method === 'DELETE');
        if (status < 400) expect(asked.map(({ target }) => target)).toEqual([path]);
        else expect(asked).toEqual([]);
      });
      expect(survived).toBe(true);
    });

    it.each([
      '/_territory/../articles/_search',
      '/_territory/../_territory/cache',
      '/_territory/./cache',
      '/_territory//cache',
      '/_territory/cache/',
      '/_territory/%63ache/x',
      '/_territory/..%2farticles',
      '/_territory/cache;x',
      '/_territory?/../articles',
    ])('takes %s for its own, and asks Elasticsearch nothing', async (path) => {
      const before = stub.asked.length;
      const { status } = await send(url, `GET ${path}`, host);
      expect([404, 405, 400]).toContain(status);
      expect(stub.asked.slice(before)).toEqual([]);
    });

    it('knows its paths in no whole URL', async () => {
      for (const whole of [`http://127.0.0.1:${port()}/_territory/cache`, 'http://localhost/_territory/cache']) {
        const survived = await cacheSurvives(() => send(url, `DELETE ${whole}`, host));
        expect(survived).toBe(true);
      }
    });

    it('changes nothing for a client on another address of this machine', async () => {
      const other = Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
      // A machine without a network has no other address to come from; test/api/peers.test.ts has all kinds of them.
      if (other === undefined) return;
      await writeFile(join(folder, 'open.yaml'), `${CONFIG}admin: { hosts: ["${other}"] }\n`);
      const open = await start({ HOST: '0.0.0.0', TERRITORY_CONFIG: join(folder, 'open.yaml') });
      const at = `http://${other}:${new URL(open.url).port}`;
      expect((await send(at, 'GET /_territory/livez', `Host: ${other}\r\n`)).status).toBe(200);
      for (const headers of [
        `Host: ${other}\r\n`,
        'Host: localhost\r\n',
        'Host: localhost\r\nTerritory-Peer: tcp 127.0.0.1\r\n',
      ]) {
        const { status, body } = await send(at, 'DELETE /_territory/cache', headers);
        expect({ status, body: body.toString() }).toEqual({
          status: 403,
          body: expect.stringContaining('is not local'),
        });
      }
    });
  });

  it('takes the token as a bearer only, wherever it comes from', async () => {
    const { url } = await start({ ADMIN_TOKEN: 's3cret-token' });
    const host = `Host: ${new URL(url).host}\r\n`;
    const attempts: readonly [headers: string, status: number][] = [
      ['', 401],
      ['Authorization: Bearer s3cret-tokem\r\n', 401],
      ['Authorization: Bearer s3cret-token2\r\n', 401],
      ['Authorization: Bearer \r\n', 401],
      ['Authorization: Basic s3cret-token\r\n', 401],
      ['Cookie: token=s3cret-token; Authorization=Bearer s3cret-token\r\n', 401],
      ['X-Admin-Token: s3cret-token\r\n', 401],
      ['Authorization: Bearer wrong\r\nAuthorization: Bearer s3cret-token\r\n', 401],
      ['Authorization: Bearer s3cret-token\r\nX-Forwarded-For: 192.0.2.1\r\n', 200],
    ];
    for (const [headers, status] of attempts) {
      const answer = await send(url, 'DELETE /_territory/cache', `${host}${headers}`);
      expect({ headers, status: answer.status }).toEqual({ headers, status });
      if (status === 401) expect(answer.headers['www-authenticate']).toEqual(['Bearer realm="territory-proxy"']);
    }
    for (const query of ['?token=s3cret-token', '?access_token=s3cret-token']) {
      expect((await send(url, `DELETE /_territory/cache${query}`, host)).status).toBe(401);
    }
  });
});
