import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@elastic/elasticsearch';
import { createIndex, elasticsearchUrl, newClient, uniqueName } from './support/elasticsearch.js';
import { smallTree } from './support/small-tree.js';
import { startCommand } from './support/territory-proxy.js';

describe('territory-proxy check-config', () => {
  const good = uniqueName('check-good');
  const text = uniqueName('check-text');
  let client: Client;
  let folder: string;

  beforeAll(async () => {
    client = newClient();
    folder = await mkdtemp(join(tmpdir(), 'territory-check-'));
    await smallTree().save(join(folder, 'map.tree'));
    await createIndex(client, good, { properties: { tu: { type: 'keyword' }, path: { type: 'keyword' } } }, []);
    const mappings = {
      properties: {
        tu: { type: 'text', fields: { keyword: { type: 'keyword' } } },
        lower: { type: 'keyword', normalizer: 'lowercase' },
      },
    } as const;
    await createIndex(client, text, mappings, []);
  });

  afterAll(async () => {
    await client.indices.delete({ index: [good, text] });
    await client.close();
    await rm(folder, { recursive: true });
  });

  const check = async (yaml: string, args: string[] = [], changes: Record<string, string> = {}) => {
    const file = join(folder, 'config.yaml');
    await writeFile(file, yaml);
    const command = startCommand(['check-config', '--config', file, ...args], {
      ELASTICSEARCH_URL: elasticsearchUrl(),
      TERRITORY_TREE: join(folder, 'map.tree'),
      ...changes,
    });
    return { code: await command.ended, ...command.printed };
  };

  it('says that all is good', async () => {
    const { code, stdout } = await check(`indices: { ${good}: { units: tu, ancestors: path } }`);
    expect(stdout).toBe(
      `the configuration is good: 1 pattern of indices\nthe tree ${smallTree().version} is good: 10 units\n`,
    );
    expect(code).toBe(0);
  });

  it('notes limits of which one makes the other useless', async () => {
    const { code, stdout } = await check('limits: { bodyBytes: 2000, expandedBytes: 1000, bufferedBytes: 1000 }');
    expect(stdout).toMatch(/^note: limits\.bodyBytes is 2000, and limits\.bufferedBytes only 1000: /m);
    expect(code).toBe(0);
  });

  it('names a text field, a normalizer and a missing field, each with its fix', async () => {
    const { code, stdout } = await check(
      `indices: { "${text}*": { units: tu, ancestors: lower }, "${good}": { units: tags } }`,
      ['--json'],
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      notes: [],
      tree: null,
      faults: [
        {
          path: `indices["${text}*"].units`,
          message: `the field tu of the index ${text} is of type text, which does not hold a code as one term`,
          hint: 'name tu.keyword instead',
        },
        {
          path: `indices["${text}*"].ancestors`,
          message: `the field lower of the index ${text} has the normalizer lowercase, which changes codes`,
          hint: 'map it as keyword, or name a field that is one',
        },
        {
          path: `indices["${good}"].units`,
          message: `the field tags of the index ${good} is not in the mapping`,
          hint: 'add it: {"properties": {"tags": {"type": "keyword"}}}',
        },
      ],
    });
  });

  it('takes the fix that it names', async () => {
    expect((await check(`indices: { ${text}: { units: tu.keyword } }`)).code).toBe(0);
  });

  it('notes what can not be looked up', async () => {
    const none = await check('indices: { "nothing-here-*": { units: tu } }', ['--json']);
    expect(JSON.parse(none.stdout)).toMatchObject({ ok: true, notes: ['no index matches nothing-here-* yet'] });
    const away = await check(`indices: { ${good}: { units: tu } }`, [], { ELASTICSEARCH_URL: 'http://127.0.0.1:9' });
    expect(away.stdout).toContain("note: Elasticsearch can't be reached to look up the fields: http://127.0.0.1:9");
    expect(away.code).toBe(0);
  });

  it('only warns where the configuration says so', async () => {
    const { code, stdout } = await check(`checkMappings: warn\nindices: { ${text}: { units: tu } }`);
    expect(stdout).toContain('name tu.keyword instead');
    expect(code).toBe(0);
  });

  it('gives 1 for a fault and 2 for wrong use', async () => {
    const fault = await check('limits: { depht: 3 }');
    expect(fault.code).toBe(1);
    expect(fault.stderr).toContain('limits.depht: is not known (did you mean depth?)');
    expect((await check('', ['--colour'])).code).toBe(2);
  });
});
