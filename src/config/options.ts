import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ApiOptions } from '../api/services.js';
import type { ListenerTls, ProxyOptions, UpstreamOptions, UpstreamTls } from '../proxy/options.js';
import type { RewriterOptions } from '../query/types.js';
import type { DatabasePlace } from '../store/open-database.js';
import type { Config } from './schema.js';

/** The options of each layer, as the configuration fills them. PEM files are read here; an unreadable one throws. */

export function toRewriterOptions(config: Config): RewriterOptions {
  const { shorthand, indices, aliases, definitions, unknown, limits, cache } = config;
  return {
    shorthand,
    indices,
    aliases,
    definitions,
    unknown,
    limits: { depth: limits.depth, expandedBytes: limits.expandedBytes },
    cacheBytes: cache.maxBytes,
  };
}

export function toProxyOptions(config: Config): ProxyOptions {
  const { elasticsearchUrl, host, port, tls, limits } = config;
  return {
    nodes: elasticsearchUrl.map((url) => new URL(url)),
    host,
    port,
    tls: toListenerTls(tls),
    upstream: toUpstreamOptions(config),
    limits: {
      inFlight: limits.inFlight,
      bodyBytes: limits.bodyBytes,
      bufferedBytes: limits.bufferedBytes,
      silenceMs: limits.silenceMs,
      leastBytesPerSecond: limits.leastBytesPerSecond,
    },
  };
}

/** `host:port` that sniffing clients are told; `undefined` where they are told of the nodes. */
export function toSniffedAddress({ sniffing, publicUrl, host, port }: Config): string | undefined {
  if (sniffing === 'pass') return undefined;
  if (publicUrl === null) return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
  const { hostname, port: named, protocol } = new URL(publicUrl);
  return `${hostname}:${named || (protocol === 'https:' ? 443 : 80)}`;
}

export function toUpstreamOptions({ upstream }: Config): UpstreamOptions {
  const { timeoutMs, connectTimeoutMs, host, connections, auth, tls } = upstream;
  return { timeoutMs, connectTimeoutMs, host, connections, auth, tls: toUpstreamTls(tls) };
}

/** @param access what is served on this listener: `admin.api` on the proxy's port, `all` on the one of `admin.port` */
export function toApiOptions(config: Config, version: string, access: Config['admin']['api']): ApiOptions {
  const { host, admin, shorthand, timeZone, indices } = config;
  const hosts = [host, admin.host, ...admin.hosts];
  return { access, token: admin.token, hosts, version, shorthand, timeZone, exampleIndex: exampleOf(indices) };
}

/** A name that the first pattern of the configuration matches, for people to try a query on. */
function exampleOf(indices: Config['indices']): string | undefined {
  const [pattern] = indices[0] ?? [];
  return pattern?.replaceAll('*', '') || undefined;
}

export function toListenerTls({
  cert,
  key,
  passphrase,
  ca,
  clientCertificate,
}: Config['tls']): ListenerTls | undefined {
  if (cert === null || key === null) return undefined;
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    passphrase: passphrase ?? undefined,
    ca: pem(ca),
    clientCertificate,
  };
}

function toUpstreamTls({ ca, cert, key, passphrase, rejectUnauthorized }: Config['upstream']['tls']): UpstreamTls {
  return { ca: pem(ca), cert: pem(cert), key: pem(key), passphrase: passphrase ?? undefined, rejectUnauthorized };
}

function pem(file: string | null): Buffer | undefined {
  return file === null ? undefined : readFileSync(file);
}

/** Where the history is kept; `undefined` where it is not. The embedded database lies beside the snapshot. */
export function toDatabasePlace(config: Config): DatabasePlace | undefined {
  if (config.history === 'off') return undefined;
  if (config.databaseUrl !== null) return { url: config.databaseUrl };
  const folder = config.history.folder ?? (config.territoryTree === null ? null : `${config.territoryTree}.history`);
  return folder === null ? undefined : { folder: resolve(folder) };
}
