import request, { type Test } from 'supertest';
import { testApi } from './services.js';

describe('the right to change something', () => {
  describe('without a token', () => {
    const attempt = (headers: Record<string, string>): Test => {
      let asking = request(testApi().app).delete('/_territory/cache');
      for (const [name, value] of Object.entries(headers)) asking = asking.set(name, value);
      return asking;
    };

    it('is with a client on this machine', async () => {
      const { app, rewriter } = testApi();
      await request(app).delete('/_territory/cache').expect(200, { acknowledged: true });
      expect(rewriter.cleared).toBe(1);
    });

    it.each([
      ['a forwarded request', { forwarded: 'for=192.0.2.1' }],
      ['a request with X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
      ['a request with any other X-Forwarded header', { 'x-forwarded-anything': 'x' }],
      ['a request through a proxy', { via: '1.1 cache' }],
      ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
      ['a page of a neighbouring site', { 'sec-fetch-site': 'same-site' }],
      ['another origin', { origin: 'https://evil.example' }],
      ['an opaque origin', { origin: 'null' }],
      ['the same host by another scheme', { host: 'localhost:9280', origin: 'https://localhost:9280' }],
      ['the same host on another port', { host: 'localhost:9280', origin: 'http://localhost:9281' }],
    ])('refuses %s', async (_, headers) => {
      const { body } = await attempt(headers).expect(403);
      expect(body.error.type).toBe('security_exception');
    });

    it('accepts a page of its own', async () => {
      await attempt({
        host: 'localhost:9280',
        origin: 'http://localhost:9280',
        'sec-fetch-site': 'same-origin',
      }).expect(200);
      await attempt({ 'sec-fetch-site': 'none' }).expect(200);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'refuses the content type %s, which a form can send',
      async (type) => {
        await attempt({ 'content-type': type }).expect(415);
      },
    );

    it('refuses a name that is known but is not of this machine', async () => {
      const { app } = testApi({ hosts: ['proxy.internal'] });
      await request(app).get('/_territory/livez').set('host', 'proxy.internal').expect(200);
      await request(app).delete('/_territory/cache').set('host', 'proxy.internal').expect(403);
    });
  });

  describe('with a token', () => {
    const { app, rewriter } = testApi({ token: 's3cret-token' });

    it.each([
      ['none', {}],
      ['a wrong one', { authorization: 'Bearer s3cret-tokem' }],
      ['a longer one', { authorization: 'Bearer s3cret-token-and-more' }],
      ['another scheme', { authorization: 'Basic s3cret-token' }],
      ['a cookie', { cookie: 'token=s3cret-token; authorization=Bearer s3cret-token' }],
    ])('refuses %s', async (_, headers) => {
      let asking = request(app).delete('/_territory/cache');
      for (const [name, value] of Object.entries<string>(headers)) asking = asking.set(name, value);
      const { body, headers: answered } = await asking.expect(401);
      expect(body.error.type).toBe('security_exception');
      expect(answered['www-authenticate']).toBe('Bearer realm="territory-proxy"');
      expect(rewriter.cleared).toBe(0);
    });

    it('accepts the token, from wherever the request was forwarded', async () => {
      await request(app)
        .delete('/_territory/cache')
        .set({ authorization: 'Bearer s3cret-token', 'x-forwarded-for': '192.0.2.1' })
        .expect(200);
    });

    it('shows query texts and client addresses only with it', async () => {
      const without = await request(app).get('/_territory/stats').expect(200);
      expect(without.body.queries.minute).not.toHaveProperty('withoutHits');
      expect(without.body.queries.minute).not.toHaveProperty('clients');
      const asking = request(app).get('/_territory/stats').set('authorization', 'Bearer s3cret-token');
      const { body } = await asking.expect(200);
      expect(body.queries.minute).toMatchObject({
        withoutHits: [{ query: 'DEP:69', count: 1 }],
        clients: [{ address: '192.0.2.7', count: 1 }],
      });
    });
  });

  it('shows query texts to this machine and not through a forwarding proxy', async () => {
    const { app } = testApi();
    const near = await request(app).get('/_territory/stats');
    expect(near.body.queries.day.clients).toEqual([{ address: '192.0.2.7', count: 1 }]);
    const far = await request(app).get('/_territory/stats').set('x-forwarded-for', '192.0.2.1');
    expect(far.body.queries.day).not.toHaveProperty('clients');
  });
});

describe('the Host of a request', () => {
  const { app } = testApi({ hosts: ['proxy.internal', '2001:db8::7'] });
  const status = async (host: string, path = '/_territory/livez') =>
    (await request(app).get(path).set('host', host)).status;

  it.each(['localhost', 'LOCALHOST:9280', '127.0.0.1:1', '[::1]:9280', 'proxy.internal:80', '[2001:db8::7]'])(
    'may be %s',
    async (host) => {
      expect(await status(host)).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '127.0.0.2',
    'localhost@evil.example',
    'localhost:9280:1',
    '',
  ])('may not be [%s], for a page that rebinds its name', async (host) => {
    expect(await status(host)).toBe(403);
    expect(await status(host, '/_territory/metrics')).toBe(403);
    expect(await status(host, '/_territory/nothing')).toBe(403);
  });
});
