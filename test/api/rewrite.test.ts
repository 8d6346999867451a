import request from 'supertest';
import { TerritoryUnsupportedError } from '../../src/territory/errors.js';
import { testApi } from './services.js';

const replaced = [
  { place: 'query.term', written: 'DEP:69', codes: ['DEP:69'], relation: 'within', terms: 1, cache: 'miss' },
] as const;
const after = '{"query":{"terms":{"territories":["DEP:69"]}},"from":12345678901234567890}';
const outcome = {
  kind: 'rewritten',
  method: 'POST',
  target: '/articles/_search',
  body: Buffer.from(after),
  replaced,
  places: 1,
  cache: 'miss',
  dropped: [],
  warnings: [],
  indices: 'articles',
} as const;

describe('POST rewrite', () => {
  it('gives a text body back as text, byte for byte', async () => {
    const { app, rewriter } = testApi();
    rewriter.outcome = outcome;
    const given = { method: 'POST', path: '/articles/_search?x=%2F', body: '{"query": 1.0}' };
    const { body } = await request(app).post('/_territory/rewrite').send(given).expect(200);
    expect(body).toEqual({ method: 'POST', path: '/articles/_search', body: after, replaced });
    expect(rewriter.asked).toEqual([
      {
        head: {
          method: 'POST',
          target: '/articles/_search?x=%2F',
          contentType: 'application/json',
          contentEncoding: undefined,
        },
        body: '{"query": 1.0}',
      },
    ]);
  });

  it('gives an object back for an object', async () => {
    const { app, rewriter } = testApi();
    rewriter.outcome = outcome;
    const given = {
      method: 'POST',
      path: '/articles/_search',
      headers: { 'content-TYPE': 'application/yaml' },
      body: { query: {} },
    };
    const { body } = await request(app).post('/_territory/rewrite').send(given).expect(200);
    expect(body.body.query).toEqual({ terms: { territories: ['DEP:69'] } });
    expect(rewriter.asked[0]?.head.contentType).toBe('application/yaml');
  });

  it('gives back what passes', async () => {
    const { app, rewriter } = testApi();
    const { body } = await request(app)
      .post('/_territory/rewrite')
      .send({ method: 'GET', path: '/_cat/indices' })
      .expect(200);
    expect(body).toEqual({ method: 'GET', path: '/_cat/indices', body: null, replaced: [] });
    rewriter.planned = 'stream';
    rewriter.outcome = new Error('a stream is not read');
    await request(app).post('/_territory/rewrite').send({ method: 'GET', path: '/_cat/indices' }).expect(200);
  });

  it('tells the searches of an _msearch that would be refused', async () => {
    const { app, rewriter } = testApi();
    const error = { type: 'unknown_unit_exception', reason: 'unknown unit [COM:234]' };
    rewriter.outcome = { ...outcome, refused: [{ position: 1, status: 400, error }], total: 2 };
    const some = await request(app)
      .post('/_territory/rewrite')
      .send({ method: 'POST', path: '/_msearch', body: '{}\n{}\n' });
    expect(some.body.refused).toEqual([{ position: 1, status: 400, error }]);
    rewriter.outcome = {
      kind: 'answer',
      status: 200,
      body: Buffer.from(JSON.stringify({ took: 0, responses: [{ error, status: 400 }] })),
      replaced: [],
      indices: '',
    };
    const all = await request(app)
      .post('/_territory/rewrite')
      .send({ method: 'POST', path: '/_msearch', body: '{}\n{}\n' });
    expect(all.body).toEqual({
      method: 'POST',
      path: '/_msearch',
      body: null,
      replaced: [],
      refused: [{ position: 0, status: 400, error }],
    });
  });

  it('answers the error that the proxy would', async () => {
    const { app, rewriter } = testApi();
    rewriter.outcome = new TerritoryUnsupportedError('a range of territories means nothing');
    const { body } = await request(app)
      .post('/_territory/rewrite')
      .send({ method: 'GET', path: '/_search' })
      .expect(400);
    expect(body).toEqual({
      status: 400,
      error: {
        type: 'territory_unsupported_exception',
        reason: 'a range of territories means nothing',
        root_cause: [{ type: 'territory_unsupported_exception', reason: 'a range of territories means nothing' }],
      },
    });
  });

  it('refuses what is no request', async () => {
    const { app } = testApi();
    const { body } = await request(app)
      .post('/_territory/rewrite')
      .send({ method: 'get', path: 'articles' })
      .expect(400);
    expect(body.error.reason).toBe(
      'body [method]: must be a method such as POST; body [path]: must be a path with its query string as on the wire',
    );
  });
});
