import { policyFaults } from './emergency-policy.js';
import type { ConfigFault } from './error.js';
import type { Config } from './schema.js';

type Check = (config: Partial<Config>, isReadable: (file: string) => string | undefined) => ConfigFault[];

/** Whether only this machine can reach what listens at a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

const credentials: Check = ({ upstream, host, elasticsearchUrl = [] }) => {
  if (upstream === undefined || host === undefined) return [];
  const faults: ConfigFault[] = [];
  const withCredentials = elasticsearchUrl.filter((url) => new URL(url).username !== '');
  if (upstream.auth !== null && withCredentials.length > 0) {
    faults.push({
      path: 'upstream.auth',
      message: 'is set, and elasticsearchUrl holds credentials',
      hint: 'keep one of the two',
    });
  }
  const distinct = new Set(elasticsearchUrl.map((url) => `${new URL(url).username}:${new URL(url).password}`));
  if (distinct.size > 1) {
    faults.push({
      path: 'elasticsearchUrl',
      message: 'has nodes with different credentials',
      hint: 'one user serves for all nodes of a cluster; set it under upstream.auth',
    });
  }
  const has = upstream.auth !== null || withCredentials.length > 0;
  if (has && !isLoopback(host) && !upstream.anonymous) {
    faults.push({
      path: 'upstream.auth',
      message: `would let everyone who reaches ${host} use these credentials`,
      hint: 'let clients send their own, or bind host to 127.0.0.1, or say so with upstream.anonymous: true',
    });
  }
  return faults;
};

const names: Check = ({ shorthand, indices = [] }) => {
  if (shorthand === undefined) return [];
  return indices
    .filter(([, fields]) => fields.units === shorthand || fields.ancestors === shorthand)
    .map(([pattern]) => ({
      path: 'shorthand',
      message: `is ${JSON.stringify(shorthand)}, which is also a field of indices[${JSON.stringify(pattern)}]`,
      hint: 'choose a name that no field has',
    }));
};

const listeners: Check = ({ admin, host, port }) => {
  if (admin === undefined || admin.port === null || admin.port === 0) return [];
  if (admin.port !== port || admin.host !== host) return [];
  return [
    {
      path: 'admin.port',
      message: `is ${port}, the port of the proxy itself`,
      hint: 'null serves the API on that port',
    },
  ];
};

const certificates: Check = ({ tls, upstream }, isReadable) => {
  const faults: ConfigFault[] = [];
  for (const [path, side] of [
    ['tls', tls],
    ['upstream.tls', upstream?.tls],
  ] as const) {
    if (side === undefined) continue;
    if ((side.cert === null) !== (side.key === null)) {
      const missing = side.cert === null ? 'cert' : 'key';
      faults.push({ path: `${path}.${missing}`, message: 'is missing', hint: 'cert and key belong together' });
    }
    for (const key of ['ca', 'cert', 'key'] as const) {
      const problem = side[key] === null ? undefined : isReadable(side[key]);
      if (problem !== undefined) faults.push({ path: `${path}.${key}`, message: `can't be read: ${problem}` });
    }
  }
  if (tls?.clientCertificate === 'required' && tls.ca === null) {
    faults.push({
      path: 'tls.ca',
      message: 'is missing',
      hint: 'clientCertificate: required needs the CA that signs them',
    });
  }
  if (tls !== undefined && tls.cert === null && tls.ca !== null) {
    faults.push({
      path: 'tls.cert',
      message: 'is missing',
      hint: 'tls.ca checks clients of a listener with a cert and key',
    });
  }
  return faults;
};

const sniffing: Check = ({ sniffing: answer, publicUrl, host, port }) => {
  if (answer !== 'own' || publicUrl !== null || host === undefined || port === undefined) return [];
  if (port !== 0 && !/^(0\.0\.0\.0|::|\[::\])$/.test(host)) return [];
  return [
    {
      path: 'publicUrl',
      message: `is not set, and ${host}:${port} is no address that sniffing clients could be told`,
      hint: 'name the address under which they reach the proxy, or set sniffing: pass',
    },
  ];
};

const database: Check = ({ databaseUrl, queryLog }) => {
  const faults: ConfigFault[] = [];
  if (databaseUrl !== undefined && databaseUrl !== null && !/^postgres(ql)?:\/\/./.test(databaseUrl)) {
    faults.push({
      path: 'databaseUrl',
      message: 'is no URL of a Postgres',
      hint: 'postgres://user:password@host:5432/name',
    });
  }
  if (queryLog?.database && databaseUrl === null) {
    faults.push({ path: 'queryLog.database', message: 'is set without a databaseUrl', hint: 'set DATABASE_URL' });
  }
  return faults;
};

const policy: Check = ({ emergency }) => (emergency === undefined ? [] : [...policyFaults(emergency.policy)]);

/** What no key can say alone. Each check passes over keys that are wrong in themselves. */
export const CHECKS: readonly Check[] = [credentials, names, listeners, sniffing, certificates, database, policy];
