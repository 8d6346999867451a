import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import type { Config } from '../config/schema.js';
import type { Io } from './io.js';
import { packageVersion } from './package-version.js';

/** Adds `serve`, which runs until it is told to end. */
export function registerServe(program: Command, io: Io): void {
  program
    .command('serve')
    .description('run the proxy')
    .option('--config <file>', 'YAML file with the configuration (default: the environment variable TERRITORY_CONFIG)')
    .addHelpText(
      'after',
      `
The environment stands over the file: ELASTICSEARCH_URL, HOST, PORT, TERRITORY_TREE, LOG_LEVEL, WORKERS,
ADMIN_TOKEN.
SIGHUP reads the snapshot anew. SIGTERM and SIGINT end the proxy when what is under way is done; a second one at once.

Example:
  ELASTICSEARCH_URL=http://localhost:9200 TERRITORY_TREE=fr.tree territory-proxy serve --config proxy.yaml`,
    )
    .action(async ({ config }: { config?: string }) => serve(config, io));
}

async function serve(configFile: string | undefined, io: Io): Promise<void> {
  const { loadForServing } = await import('./load-for-serving.js');
  const { openLog } = await import('./open-log.js');
  const { openTraces } = await import('./open-traces.js');
  const { ProxyProcess } = await import('./proxy-process.js');

  const { config, file, tree, fingerprint, mappings, advice } = await loadForServing(configFile, io.env);
  const { logger, write, flush } = openLog(config.logLevel);
  for (const note of [...advice, ...mappings.notes]) logger.warn(note);
  for (const { path, message, hint } of mappings.faults) logger.warn(`${path}: ${message} (${hint})`);

  const printed = { stdout: write, stderr: (lines: string) => void io.stderr.write(lines) };
  // Of several processes each worker tells what it did.
  const traces = config.workers === 1 ? await openTraces(packageVersion(), logger) : undefined;
  const observers = traces === undefined ? [] : [traces];
  const proxy = new ProxyProcess(config, file, tree, packageVersion(), logger, printed, observers);
  const ended = untilSignalled(proxy, (message) => logger.info(message), flush);
  const { proxy: address, admin } = await proxy.listen(fingerprint);
  io.stderr.write(`${addresses(config, address, admin).join('\n')}\n`);
  logger.info(
    { territory: { tree_version: tree.version, tree_units: tree.unitCount } },
    `listening on ${url(config.tls.cert !== null, address)}`,
  );
  await ended;
  await traces?.close();
  flush();
}

/** Resolves when the proxy has ended after a signal. */
function untilSignalled(
  proxy: { close(): Promise<void>; reload(): Promise<void>; kill(): void },
  log: (message: string) => void,
  flush: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let ending = false;
    const end = (signal: string): void => {
      if (ending) {
        log(`${signal} again: ending at once`);
        proxy.kill();
        flush();
        process.exit(1);
      }
      ending = true;
      log(`${signal}: ending when the requests under way are done`);
      proxy.close().then(() => {
        log('ended');
        resolve();
      }, reject);
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    process.on('SIGHUP', () => void proxy.reload());
  });
}

function addresses(config: Config, proxy: AddressInfo, admin: AddressInfo | undefined): string[] {
  const tls = config.tls.cert !== null;
  const api = admin ?? (config.admin.api === 'off' ? undefined : proxy);
  return [
    `territory-proxy listens on ${url(tls, proxy)}, in front of ${config.elasticsearchUrl.join(', ')}`,
    ...(api === undefined ? [] : [`its API is described at ${url(tls, api)}/_territory/docs`]),
  ];
}

function url(tls: boolean, { address, family, port }: AddressInfo): string {
  return `${tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
