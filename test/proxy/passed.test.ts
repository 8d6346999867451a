import type { Observer, RequestRecord } from '../../src/stats/record.js';
import { eventually, exchange, startProxy } from './support/proxy.js';
import { StubUpstream } from './support/upstream.js';

it('tells an observer that wants it so of what passed without a record, and of all else with one', async () => {
  const passed: Parameters<NonNullable<Observer['passed']>>[] = [];
  const records: RequestRecord[] = [];
  const observer = {
    request: (record: RequestRecord) => void records.push(record),
    passed: (...told: (typeof passed)[number]) => void passed.push(told),
  };
  const stub = await new StubUpstream().listen();
  const proxy = await startProxy({ nodes: [stub.url], observer });
  const ask = (body: string) =>
    exchange(proxy.port, `POST /a/_search HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  for (const body of ['{}', '{"a":"TERRITORY"}', '{"a":"NOWHERE"}', '{"a":"NOTHING LEFT"}']) await ask(body);
  await stub.close();
  await ask('{}');
  await eventually(() => records.length === 4);
  expect(passed).toEqual([['search', '127.0.0.1', expect.any(Number)]]);
  expect(passed[0]?.[2]).toBeGreaterThan(0);
  expect(records.map(({ outcome }) => outcome)).toEqual(['rewritten', 'refused', 'refused', 'failed']);
  await proxy.close();
});
