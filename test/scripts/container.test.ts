import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.js';

/** One line a build instruction, continuation lines joined, comments left out. */
const instructions = readFileSync('Dockerfile', 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '');
const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
const argument = (name: string) => last.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);

const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-container-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the Dockerfile', () => {
  test('copies only what is in the clone and let through by .dockerignore', () => {
    const copied = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const kept = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(copied).toContain('src');
    expect(copied.filter((path) => path !== './' && !existsSync(path))).toEqual([]);
    expect(copied.map((path) => `!${path.replace('./', '')}`).filter((line) => !kept.includes(line))).toEqual([]);
  });

  test('runs Node 24, not as root, the command line of package.json', () => {
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(instructions.filter((line) => line.startsWith('FROM ')).every((line) => line.includes('node:24-slim'))).toBe(
      true,
    );
    expect(argument('USER')).toBe('node');
    expect(JSON.parse(argument('ENTRYPOINT')!)).toEqual([
      'node',
      '--initial-old-space-size=64',
      bin['territory-proxy'],
    ]);
  });

  test('its health check follows readyz', async () => {
    const [program, ...args] = JSON.parse(argument('HEALTHCHECK')!.replace(/^.*?CMD /, ''));
    expect(program).toBe('node');
    let status = 200;
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const environment = { PORT: String((server.address() as AddressInfo).port) };
    const check = () => promisify(execFile)(process.execPath, args, { env: environment });
    await expect(check()).resolves.toBeDefined();
    status = 503;
    await expect(check()).rejects.toMatchObject({ code: 1 });
    await new Promise((resolve) => server.close(resolve));
    await expect(check()).rejects.toMatchObject({ code: 1 });
    expect(paths).toEqual(['/_territory/readyz', '/_territory/readyz']);
  });
});

describe('compose.yaml', () => {
  const compose = parse(readFileSync('compose.yaml', 'utf8'));
  const proxy = compose.services['territory-proxy'];

  test('starts the proxy when its Elasticsearch is healthy', () => {
    expect(Object.keys(compose.services)).toEqual(['elasticsearch', 'territory-proxy']);
    expect(proxy.depends_on).toEqual({ elasticsearch: { condition: 'service_healthy' } });
    expect(compose.services.elasticsearch.healthcheck.test).toHaveLength(2);
    expect(new URL(proxy.environment.ELASTICSEARCH_URL).hostname).toBe('elasticsearch');
    expect(existsSync(join(proxy.build, 'Dockerfile'))).toBe(true);
  });

  test('gives it a configuration that is valid', () => {
    expect(proxy.configs).toEqual([{ source: 'territory-proxy', target: proxy.environment.TERRITORY_CONFIG }]);
    const file = join(folder, 'territory-proxy.yaml');
    const map = join(folder, 'map');
    writeFileSync(file, compose.configs['territory-proxy'].content);
    writeFileSync(map, '');
    const environment = { ...proxy.environment, HOST: '0.0.0.0', TERRITORY_CONFIG: file, TERRITORY_TREE: map };
    expect(loadConfig({ environment }).indices).toEqual([
      ['articles*', { units: 'territories', ancestors: 'territory_path' }],
    ]);
  });
});
