import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lookUpMappings } from '../../src/cli/look-up-mappings.js';
import { loadConfig } from '../../src/config/load.js';

/** What is told of the fields where the upstream answers with this text. */
async function told(text: string, status = 200) {
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = loadConfig({ environment: { ELASTICSEARCH_URL: url } });
  try {
    return await lookUpMappings({ ...config, indices: [['articles*', { units: 'tags' }]] });
  } finally {
    server.close();
  }
}

it.each([
  '{"took":3,"hits":{"total":7}}',
  '[]',
  'null',
  '"text"',
  '7',
  '{"articles":null}',
  '{"articles":{"mappings":null}}',
])('goes on with a note where something answers %s in place of a mapping', async (text) => {
  const { faults, notes } = await told(text);
  expect(faults).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/^the fields of articles\* could not be looked up: .* no mapping$/)]);
});

it('goes on with a note where the answer is no JSON', async () => {
  const { faults, notes } = await told('<html>');
  expect({ faults, notes }).toEqual({ faults: [], notes: [expect.stringContaining("Elasticsearch can't be reached")] });
});

it('names a field that would match nothing', async () => {
  const { faults } = await told(
    '{"articles":{"mappings":{"tags":{"full_name":"tags","mapping":{"tags":{"type":"text"}}}}}}',
  );
  expect(faults).toMatchObject([{ path: 'indices["articles*"].units' }]);
});
