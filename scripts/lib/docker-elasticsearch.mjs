import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReady } from './elasticsearch.mjs';
import { DEFAULT_VERSION, versionNamed } from './elasticsearch-versions.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

const IMAGE = `docker.elastic.co/elasticsearch/elasticsearch:${versionNamed(DEFAULT_VERSION).version}`;
const START_LIMIT_MS = 180_000;

/** Whether a Docker daemon answers; a client without one is not enough. */
export async function dockerAnswers() {
  const { code, output } = await run('docker', ['version', '--format', '{{.Server.Version}}']);
  return code === 0 && /^\d/.test(output.trim());
}

/**
 * Starts an empty Elasticsearch of one node without security in a container, on a free port of 127.0.0.1.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `stop` removes the container with its data
 * @throws {Error} with what Docker said
 */
export async function startInDocker() {
  await progress(`Getting the image ${IMAGE}`, docker('pull', '--quiet', IMAGE));
  const settings = ['discovery.type=single-node', 'xpack.security.enabled=false', 'ES_JAVA_OPTS=-Xms512m -Xmx512m'];
  const environment = settings.flatMap((setting) => ['--env', setting]);
  const id = await docker('run', '--detach', '--rm', '--publish', '127.0.0.1:0:9200', ...environment, IMAGE);
  const removal = ['rm', '--force', '--volumes', id];
  const atExit = () => spawnSync('docker', removal, { stdio: 'ignore' });
  process.once('exit', atExit);
  const stop = async () => {
    process.removeListener('exit', atExit);
    await docker(...removal);
  };
  try {
    const address = (await docker('port', id, '9200/tcp')).split('\n')[0];
    const url = `http://${address}`;
    await progress('Starting Elasticsearch in Docker', async () => {
      const deadline = Date.now() + START_LIMIT_MS;
      while (!(await isReady(url))) {
        if (Date.now() > deadline)
          throw new Error(`Elasticsearch in Docker is not up after ${START_LIMIT_MS / 1000} s.`);
        await sleep(300);
      }
    });
    return { url, stop };
  } catch (error) {
    await stop().catch((failure) => console.error(failure.message));
    throw error;
  }
}

async function docker(...args) {
  const { code, output } = await run('docker', args);
  if (code !== 0) throw new Error(`docker ${args[0]} failed:\n${tail(output)}`);
  return output.trim();
}
