import request from 'supertest';
import { testApi } from './services.js';

describe('the API', () => {
  const { app, services } = testApi();

  it('lives, and is ready until the proxy ends', async () => {
    await request(app).get('/_territory/livez').expect(200, { status: 'live' });
    expect((await request(app).get('/_territory/readyz').expect(200)).body).toMatchObject({
      status: 'ready',
      notes: [],
    });
    services.ready = false;
    const { body } = await request(app).get('/_territory/readyz').expect(503);
    expect(body).toMatchObject({ status: 'not ready', notes: ['the proxy is ending'] });
    await request(app).get('/_territory/livez').expect(200);
    services.ready = true;
  });

  it('gives metrics as Prometheus reads them', async () => {
    const { text, headers } = await request(app).get('/_territory/metrics').expect(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toBe('territory_in_flight 0\n');
  });

  it('answers HEAD with the head of GET', async () => {
    const { headers, text } = await request(app).head('/_territory/units/DEP:01').expect(200);
    expect(Number(headers['content-length'])).toBeGreaterThan(20);
    expect(text).toBeUndefined();
  });

  it.each([
    ['/_territory', 404],
    ['/_territory/', 404],
    ['/_territory/nothing', 404],
    ['/_territory/UNITS?level=DEP', 404],
    ['/elsewhere', 404],
    ['/_territory/units/%FF', 400],
  ])('answers GET %s with %i in the shape of Elasticsearch', async (path, status) => {
    const { body, headers } = await request(app).get(path).expect(status);
    expect(body).toEqual({
      status,
      error: {
        type: expect.any(String),
        reason: expect.any(String),
        root_cause: [{ type: body.error.type, reason: body.error.reason }],
      },
    });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
  });

  it('answers 405 with what is allowed', async () => {
    const { body, headers } = await request(app).put('/_territory/units').expect(405);
    expect(headers.allow).toBe('GET, HEAD');
    expect(body.error).toMatchObject({
      type: 'method_not_allowed_exception',
      reason: 'method [PUT] is not supported here, allowed: [GET, HEAD]',
    });
    await request(app).options('/_territory/resolve').expect(405).expect('allow', 'POST');
  });

  it('answers 415 to a body that is not declared as JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
      await request(app).post('/_territory/resolve').set('content-type', type).send('{"codes":[]}').expect(415);
    }
    const none = request(app).post('/_territory/resolve');
    expect((await none.expect(415)).body.error.reason).toBe(
      'Content-Type header [] is not supported, send [application/json]',
    );
    const compatible = 'application/vnd.elasticsearch+json; compatible-with=8';
    await request(app).post('/_territory/resolve').set('content-type', compatible).send('{"codes":[]}').expect(200);
  });

  it('answers 400 to JSON that is none', async () => {
    for (const text of ['{"codes":', '', '[1,2', '"x"', '\u0000']) {
      const { body } = await request(app)
        .post('/_territory/resolve')
        .set('content-type', 'application/json')
        .send(text)
        .expect(400);
      expect(body.error.type).toMatch(/parsing_exception|illegal_argument_exception/);
    }
  });

  it('answers 413 to a body of more than ten megabytes', async () => {
    const text = JSON.stringify({ expression: 'x'.repeat(10 * 1024 * 1024) });
    const { body } = await request(app)
      .post('/_territory/resolve')
      .set('content-type', 'application/json')
      .send(text)
      .expect(413);
    expect(body.error.type).toBe('territory_too_large_exception');
  });

  it('keeps what went wrong inside for the log', async () => {
    const { app: broken, rewriter, failures } = testApi();
    rewriter.outcome = new Error('secret detail');
    const { body } = await request(broken)
      .post('/_territory/rewrite')
      .send({ method: 'GET', path: '/_search' })
      .expect(500);
    expect(JSON.stringify(body)).not.toContain('secret detail');
    expect(failures).toEqual([rewriter.outcome]);
  });

  it('shows nothing where it is off, and changes nothing where it only reads', async () => {
    const off = testApi({ access: 'off' }).app;
    for (const path of ['stats', 'livez', 'docs']) await request(off).get(`/_territory/${path}`).expect(404);
    const read = testApi({ access: 'read', token: 't' }).app;
    await request(read).get('/_territory/stats').expect(200);
    await request(read)
      .post('/_territory/resolve')
      .send({ codes: ['DEP:01'] })
      .expect(200);
    await request(read).delete('/_territory/cache').set('authorization', 'Bearer t').expect(404);
    expect((await request(read).get('/_territory/openapi.json')).body.paths).not.toHaveProperty('/_territory/cache');
  });
});
