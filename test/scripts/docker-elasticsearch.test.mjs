import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { dockerAnswers, startInDocker } from '../../scripts/lib/docker-elasticsearch.mjs';

const folder = mkdtempSync(join(tmpdir(), 'territory-proxy-docker-'));
const calls = join(folder, 'calls');
const { PATH } = process.env;
let health = '{"status":"red"}';
const server = createServer((_request, response) => response.end(health));

/** A `docker` that writes down how it is called; `body` is what its shell script does then. */
function fakeDocker(body) {
  writeFileSync(calls, '');
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$@" >> '${calls}'\n${body}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
}

const called = () => readFileSync(calls, 'utf8').trim().split('\n');

beforeAll(async () => {
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  process.env.PATH = PATH;
  server.close();
  rmSync(folder, { recursive: true });
});

describe('Docker for the demo', () => {
  test('a client without a daemon does not answer', async () => {
    fakeDocker('echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1');
    expect(await dockerAnswers()).toBe(false);
  });

  test('a daemon answers with its version', async () => {
    fakeDocker('echo 28.2.2');
    expect(await dockerAnswers()).toBe(true);
  });

  test('a container is started on a free port of this machine, waited for, and removed with its data', async () => {
    const { port } = server.address();
    fakeDocker(`case "$1" in run) echo c0ffee;; port) echo 127.0.0.1:${port};; esac`);
    setTimeout(() => {
      health = '{"status":"green"}';
    }, 500);
    const { url, stop } = await startInDocker();
    expect(health).toContain('green');
    expect(url).toBe(`http://127.0.0.1:${port}`);
    await stop();
    const [pull, start, ...rest] = called();
    expect(pull).toMatch(/^pull --quiet docker\.elastic\.co\/elasticsearch\/elasticsearch:8\.19\.13$/);
    expect(start).toContain('run --detach --rm --publish 127.0.0.1:0:9200 --env discovery.type=single-node');
    expect(rest).toEqual(['port c0ffee 9200/tcp', 'rm --force --volumes c0ffee']);
  });

  test('what Docker says is the error', async () => {
    fakeDocker('echo "no space left on device" >&2; exit 125');
    await expect(startInDocker()).rejects.toThrow('docker pull failed:\nno space left on device');
  });
});
