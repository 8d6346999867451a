import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startElasticsearch } from '../../scripts/lib/elasticsearch.mjs';
import { run } from '../../scripts/lib/run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-missing-'));
const { PATH, JAVA_HOME, XDG_CACHE_HOME } = process.env;

/** A program that runs a shell script. */
function program(name, script) {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'bin', name), 0o755);
}

const javaOf = (version) => `printf '    java.home = /java\\n    java.specification.version = ${version}\\n' >&2`;

beforeAll(() => {
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  process.env.PATH = join(folder, 'bin');
  process.env.JAVA_HOME = folder;
});

afterAll(() => {
  for (const [name, value] of Object.entries({ PATH, JAVA_HOME, XDG_CACHE_HOME })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true });
});

describe('what Elasticsearch needs and is missing is said in a sentence', () => {
  test('no Java', async () => {
    await expect(startElasticsearch()).rejects.toThrow(
      /^Elasticsearch needs Java 17 or later \(.*ENOENT\): install it/,
    );
  });

  test('an old Java', async () => {
    program('java', javaOf('1.8'));
    await expect(startElasticsearch()).rejects.toThrow('Elasticsearch needs Java 17 or later (found Java 1.8)');
  });

  test('no Maven', async () => {
    program('java', javaOf('17'));
    await expect(startElasticsearch()).rejects.toThrow('install Maven and Java 17, or name a running Elasticsearch');
  });

  test('a version that is not in the table', async () => {
    await expect(startElasticsearch({ version: '6.8' })).rejects.toThrow(
      'There is no Elasticsearch 6.8 here: 8.19, 7.17 can be started.',
    );
  });

  test('a download that fails, and nothing half-made stays', async () => {
    program('mvn', 'echo "Could not resolve host: repo.maven.apache.org"; exit 1');
    await expect(startElasticsearch()).rejects.toThrow(/^Maven could not download .*:zip:\nCould not resolve host/);
    expect(readdirSync(join(folder, 'cache', 'territory-proxy'))).toEqual([]);
  });
});

describe('node scripts/elasticsearch.mjs', () => {
  test.each([
    [['--version', '6.8'], 'There is no Elasticsearch 6.8 here'],
    [['99999'], '"99999" is no port'],
    [['0', '1'], '"0 1" is no port'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('says what is wrong with %j, and how it is used', async (args, reason) => {
    const { code, output } = await run(process.execPath, ['scripts/elasticsearch.mjs', ...args]);
    expect([code, output]).toEqual([2, expect.stringContaining(reason)]);
    expect(output).toContain('Usage: node scripts/elasticsearch.mjs [PORT] [--version 7.17]');
  });
});
