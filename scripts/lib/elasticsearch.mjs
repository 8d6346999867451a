import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, rmSync } from 'node:fs';
import { chmod, chown, cp, link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { elasticsearchHome } from './elasticsearch-home.mjs';
import { DEFAULT_VERSION, versionNamed } from './elasticsearch-versions.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

/** A guard against a hang: on a busy machine a start takes ten times as long. */
const START_LIMIT_MS = 300_000;
const NOBODY = 65_534;

/**
 * Starts a fresh, empty Elasticsearch of one node without security on 127.0.0.1, with configuration, data and logs of its
 * own in a temporary folder. It dies with this process, however that ends (on Linux even by SIGKILL). As root it runs as
 * `nobody`, for Elasticsearch refuses to run as root.
 *
 * @param {{ port?: number, heap?: string, version?: string }} [options] `port` 0 (a free one) by default; `heap` as Java
 *   writes it; `version` 8.19 (the default) or 7.17
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `stop` ends the whole process group and removes the
 *   temporary folder
 * @throws {Error} one sentence, with the end of the server's log, when it does not come up
 */
export async function startElasticsearch({ port = 0, heap = '512m', version = DEFAULT_VERSION } = {}) {
  const { main } = versionNamed(version);
  const java = await findJava();
  const cached = await elasticsearchHome(version);
  const folder = await temporaryFolder();
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  let child;
  const kill = () => {
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  const atExit = () => {
    kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', atExit);
  const stop = async () => {
    process.removeListener('exit', atExit);
    const ended = child && new Promise((resolve) => child.once('close', resolve));
    if (child && child.exitCode === null && child.signalCode === null) {
      kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };

  try {
    const home =
      user !== undefined && !(await isTraversable(cached)) ? await linkTree(cached, join(folder, 'home')) : cached;
    const log = join(folder, 'server.log');
    await configure(home, folder, port, main);
    if (user !== undefined) await chownTree(folder, user);
    child = spawnServer({ java, home, folder, heap, user, log, main });
    const url = await progress(
      `Starting Elasticsearch ${version}`,
      waitUntilReady(child, join(folder, 'logs', 'http.ports'), log),
    );
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Java's own folder; Elasticsearch 8.19 needs Java 17 or later, and 7.17 runs on it too. */
async function findJava() {
  const program = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const { code, output } = await run(program, ['-XshowSettings:properties', '-version']);
  const property = (name) => new RegExp(`^\\s*${name} = (.*)$`, 'm').exec(output)?.[1]?.trim();
  const home = property('java\\.home');
  const version = property('java\\.specification\\.version');
  if (code !== 0 || !home || !(Number.parseInt(version ?? '', 10) >= 17)) {
    const found = code === 0 ? `found Java ${version}` : tail(output, 1);
    throw new Error(`Elasticsearch needs Java 17 or later (${found}): install it, or set JAVA_HOME.`);
  }
  return home;
}

async function isTraversable(path) {
  for (let at = path; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** A new folder that another user can reach; it also removes those of this user that a killed process left behind. */
async function temporaryFolder() {
  const base = process.getuid?.() === 0 && !(await isTraversable(tmpdir())) ? '/tmp' : tmpdir();
  for (const name of await readdir(base)) {
    const owner = Number(/^territory-proxy-elasticsearch-(\d+)-/.exec(name)?.[1]);
    if (!(owner > 0) || isAlive(owner)) continue;
    // Another start may be taking it away at the same time.
    const found = await stat(join(base, name)).catch(() => undefined);
    const mine = process.getuid === undefined || [0, found?.uid].includes(process.getuid());
    if (mine) await rm(join(base, name), { recursive: true, force: true });
  }
  return mkdtemp(join(base, `territory-proxy-elasticsearch-${process.pid}-`));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The same files under another path: hard links cost nothing; across file systems they are copied. */
async function linkTree(from, to) {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else await link(source, target).catch(() => copyFileSync(source, target));
  }
  return to;
}

/** Folders change hands, files only where they are ours: a hard link's owner is the owner of the cached file. */
async function chownTree(path, user) {
  await chown(path, user, user);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const at = join(path, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'home') await chownTree(at, user);
      else await chmod(at, 0o755);
    } else await chown(at, user, user);
  }
}

async function configure(home, folder, port, main) {
  for (const name of ['conf', 'data', 'logs', 'tmp']) await mkdir(join(folder, name));
  for (const name of ['jvm.options', 'log4j2.properties']) {
    await cp(join(home, 'config', name), join(folder, 'conf', name));
  }
  const settings = {
    'cluster.name': 'territory-proxy',
    'node.name': 'one',
    'path.data': join(folder, 'data'),
    'path.logs': join(folder, 'logs'),
    'network.host': '127.0.0.1',
    'http.port': port,
    'transport.port': 0,
    'node.portsfile': true,
    'discovery.type': 'single-node',
    // 7.17 without the modules of x-pack does not know it.
    ...(main === 'launcher' ? { 'xpack.security.enabled': false } : {}),
    'cluster.routing.allocation.disk.threshold_enabled': false,
    // Else it counts what the next collection of garbage would free, and refuses a request now and then in a small heap.
    'indices.breaker.total.use_real_memory': false,
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  await writeFile(join(folder, 'conf', 'elasticsearch.yml'), lines.join(''));
}

/** The server's Java and what it is told, as `bin/elasticsearch` does it, which the distributions lack or have changed. */
const COMMANDS = {
  launcher: ({ home, folder }) => [
    '-Xmx64m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dcli.name=server',
    '-Dcli.script=./bin/elasticsearch',
    '-Dcli.libs=lib/tools/server-cli',
    `-Des.path.home=${home}`,
    `-Des.path.conf=${join(folder, 'conf')}`,
    '-Des.distribution.type=zip',
    '-Des.java.type=ES_JAVA_HOME',
    '-cp',
    [join(home, 'lib', '*'), join(home, 'lib', 'cli-launcher', '*')].join(delimiter),
    'org.elasticsearch.launcher.CliToolLauncher',
    '-p',
    join(folder, 'pid'),
  ],
  // The options that 7.17's own launcher gives it on Java 17.
  server: ({ home, folder, heap }) => [
    `-Xms${heap}`,
    `-Xmx${heap}`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
    '-Djava.security.manager=allow',
    '--add-opens=java.base/java.io=ALL-UNNAMED',
    '-Dfile.encoding=UTF-8',
    '-Djna.nosys=true',
    '-Dio.netty.noUnsafe=true',
    '-Dio.netty.noKeySetOptimization=true',
    '-Dio.netty.recycler.maxCapacityPerThread=0',
    '-Dio.netty.allocator.numDirectArenas=0',
    '-Dlog4j.shutdownHookEnabled=false',
    '-Dlog4j2.disable.jmx=true',
    '-Dlog4j2.formatMsgNoLookups=true',
    '-Djava.locale.providers=SPI,COMPAT',
    `-Des.path.home=${home}`,
    `-Des.path.conf=${join(folder, 'conf')}`,
    '-Des.distribution.flavor=default',
    '-Des.distribution.type=zip',
    '-Des.bundled_jdk=false',
    '-cp',
    join(home, 'lib', '*'),
    'org.elasticsearch.bootstrap.Elasticsearch',
    '-p',
    join(folder, 'pid'),
  ],
};

/** Starts the server in a process group of its own. */
function spawnServer({ java, home, folder, heap, user, log, main }) {
  const command = [join(java, 'bin', 'java'), ...COMMANDS[main]({ home, folder, heap })];
  // The server ends when its launcher does, so on Linux it is enough that the launcher dies with this process.
  if (process.platform === 'linux') command.unshift('setpriv', '--pdeathsig', 'KILL');
  const output = openSync(log, 'a');
  try {
    return spawn(command[0], command.slice(1), {
      cwd: home,
      detached: true,
      ...(user === undefined ? {} : { uid: user, gid: user }),
      stdio: ['ignore', output, output],
      env: {
        PATH: process.env.PATH,
        LANG: 'C.UTF-8',
        HOME: folder,
        ES_JAVA_HOME: java,
        ES_TMPDIR: join(folder, 'tmp'),
        LIBFFI_TMPDIR: join(folder, 'tmp'),
        ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap} -XX:TieredStopAtLevel=1`,
      },
    });
  } finally {
    closeSync(output);
  }
}

/** Waits for the file in which the server writes its address, then for a cluster that answers yellow or green. */
async function waitUntilReady(child, portsFile, log) {
  let failure;
  child.once('error', (error) => {
    failure = `could not be started: ${error.message}`;
  });
  child.once('exit', (code, signal) => {
    failure ??= `ended with ${signal ?? `exit code ${code}`} before it was up`;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (failure)
      throw new Error(`Elasticsearch ${failure}. The end of its log:\n${tail(readFileSync(log, 'utf8'), 25)}`);
    if (Date.now() > deadline) {
      const seconds = START_LIMIT_MS / 1000;
      throw new Error(
        `Elasticsearch is not up after ${seconds} s. The end of its log:\n${tail(readFileSync(log, 'utf8'), 25)}`,
      );
    }
    const ports = await readFile(portsFile, 'utf8').catch(() => '');
    const address = /^127\.0\.0\.1:\d+$/m.exec(ports)?.[0];
    if (address && (await isReady(`http://${address}`))) return `http://${address}`;
    await sleep(100);
  }
}

/** @returns {Promise<boolean>} whether an Elasticsearch answers at `url` and its cluster is yellow or green */
export async function isReady(url) {
  try {
    const { origin, username, password } = new URL(url);
    // fetch takes no credentials in an address.
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
      'base64',
    );
    const headers = username ? { authorization: `Basic ${credentials}` } : {};
    const answer = await fetch(`${origin}/_cluster/health`, { headers, signal: AbortSignal.timeout(5_000) });
    return answer.ok && /"status":"(yellow|green)"/.test(await answer.text());
  } catch {
    return false;
  }
}
