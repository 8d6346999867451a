import fc from 'fast-check';
import { pino } from 'pino';
import { createLogger } from '../../src/stats/logger.js';
import { usualLine } from '../../src/stats/query-line-text.js';
import { anyLine, QueryLog } from '../../src/stats/query-log.js';
import { passed, refused, rewritten } from './records.js';

describe('QueryLog', () => {
  let written: string[] = [];
  const log = (level: 'info' | 'warn' = 'info') =>
    new QueryLog(createLogger(level, { write: (line: string) => void written.push(line) }));
  const line = () => JSON.parse(written[0] ?? 'null');

  beforeEach(() => {
    written = [];
  });

  it('writes one line with ECS names for a rewritten request', () => {
    log().request(rewritten({ opaqueId: 'trace-7' }, [{ place: 'q', codes: ['DEP:69', 'DEP:01'], terms: 2 }]));
    expect(written).toHaveLength(1);
    expect(line()).toEqual({
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      'log.level': 'info',
      'ecs.version': '8.17.0',
      service: { name: 'territory-proxy', type: 'proxy' },
      message: 'POST /articles/_search rewritten',
      event: {
        dataset: 'territory.query',
        action: 'rewritten',
        outcome: 'success',
        duration: 2_000_000,
      },
      http: {
        request: { id: 'trace-7', method: 'POST', body: { bytes: 120 } },
        response: { status_code: 200, body: { bytes: 3000 } },
      },
      url: { path: '/articles/_search' },
      client: { address: '192.0.2.7', ip: '192.0.2.7' },
      territory: {
        endpoint: 'search',
        tree_version: '0123456789abcdef',
        rewrite_us: 42,
        upstream_us: 1500,
        upstream_status: 200,
        took_ms: 3,
        hits: 7,
        indices: 'articles',
        places: ['q'],
        places_total: 1,
        relations: ['within'],
        codes: ['DEP:69', 'DEP:01'],
        codes_total: 2,
        terms: 2,
        cache: 'miss',
      },
    });
  });

  it('takes no logger that it could not write to, before any request', () => {
    expect(() => new QueryLog(pino())).toThrow(TypeError);
  });

  it('is silent about a request that passed', () => {
    log().request(passed());
    expect(written).toEqual([]);
  });

  it('names the error and the unknown codes of a refused one', () => {
    log().request(refused(['COM:234']));
    expect(line()).toMatchObject({
      event: { outcome: 'failure', action: 'refused' },
      error: { type: 'unknown_unit_exception', message: 'unknown units COM:234' },
      territory: { unknown_codes: ['COM:234'] },
    });
  });

  it('warns of a failed one even when only warnings are logged', () => {
    log('warn').request(rewritten());
    log('warn').request(passed({ outcome: 'failed', status: 502 }));
    expect(written).toHaveLength(1);
    expect(line()['log.level']).toBe('warn');
  });

  it('writes a hundred of ten thousand codes and tells how many there were', () => {
    const codes = Array.from({ length: 10_000 }, (_, i) => `COM:${i}`);
    log().request(rewritten({}, [{ codes }]));
    expect(line().territory.codes).toHaveLength(100);
    expect(line().territory.codes_total).toBe(10_000);
  });

  it('logs of an error only its type, message and stack', () => {
    const logger = createLogger('info', { write: (text: string) => void written.push(text) });
    const error = Object.assign(new Error('no route'), { headers: { authorization: 'Basic c2VjcmV0' } });
    logger.error({ error }, 'failed');
    expect(line().error).toEqual({ type: 'Error', message: 'no route', stack_trace: expect.any(String) });
    expect(written[0]).not.toContain('c2VjcmV0');
  });

  it('writes the usual line byte for byte as JSON would', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '\u007f', '\u2028', '\ud800', '\0', 'é', 'DEP:69', ''),
    );
    const micros = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined });
    const count = fc.option(fc.nat(), { nil: undefined });
    const changes = fc.record({
      ...{
        method: text,
        path: text,
        endpoint: text,
        client: text,
        treeVersion: text,
        status: fc.integer({ min: 100, max: 599 }),
      },
      ...{
        opaqueId: fc.option(text, { nil: undefined }),
        rewriteMicros: micros,
        upstreamMicros: micros,
        totalMicros: micros,
      },
      ...{ upstreamStatus: count, took: count, hits: count, bytesIn: fc.nat(), bytesOut: fc.nat() },
    });
    const place = fc.record({
      place: text,
      relation: text,
      codes: fc.array(text, { minLength: 1, maxLength: 4 }),
      terms: fc.nat(),
    });
    fc.assert(
      fc.property(changes, place, (changed, replaced) => {
        const record = rewritten(changed, [replaced]);
        expect(usualLine(record)).toBe(anyLine(record));
      }),
    );
  });

  it('leaves to JSON what is unusual, and misses nothing of it', () => {
    const unusual = [
      rewritten({}, [{}, { place: 'another' }]),
      rewritten({}, [{ codes: Array.from({ length: 101 }, (_, i) => `COM:${i}`) }]),
      rewritten({ refusedSearches: [{ type: 'x', reason: 'y' }] }),
      rewritten({ error: { type: 'x', reason: 'y' }, outcome: 'failed' }),
      refused(['COM:1']),
    ];
    for (const record of unusual) {
      written = [];
      log().request(record);
      const expected = JSON.parse(`{${anyLine(record)}}`);
      expect(line()).toMatchObject(expected);
    }
    const [several, many, , failed] = unusual.map((record) => JSON.parse(`{${anyLine(record)}}`));
    expect(several.territory.places).toEqual(['query.term', 'another']);
    expect(many.territory.codes).toHaveLength(100);
    expect(failed.error).toEqual({ type: 'x', message: 'y' });
  });
});
