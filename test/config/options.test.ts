import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import {
  toApiOptions,
  toDatabasePlace,
  toProxyOptions,
  toRewriterOptions,
  toSniffedAddress,
} from '../../src/config/options.js';

describe('the options of each layer', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'territory-options-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const load = (value: object) => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, JSON.stringify(value));
    return loadConfig({ file, environment: {} });
  };

  it('are the limits and names of the configuration', () => {
    const config = load({
      shorthand: 'place',
      indices: { 'articles*': { units: 'tu' } },
      limits: {
        depth: 7,
        expandedBytes: 8,
        bodyBytes: 9,
        bufferedBytes: 11,
        silenceMs: 12,
        leastBytesPerSecond: 13,
        inFlight: 10,
      },
      cache: { maxBytes: 11 },
      host: '127.0.0.2',
      admin: { hosts: ['proxy'], token: 't' },
    });
    expect(toRewriterOptions(config)).toEqual({
      shorthand: 'place',
      indices: [['articles*', { units: 'tu' }]],
      aliases: {},
      definitions: 'reject',
      unknown: 'error',
      limits: { depth: 7, expandedBytes: 8 },
      cacheBytes: 11,
    });
    expect(toProxyOptions(config)).toMatchObject({
      host: '127.0.0.2',
      limits: { inFlight: 10, bodyBytes: 9, bufferedBytes: 11, silenceMs: 12, leastBytesPerSecond: 13 },
      tls: undefined,
    });
    expect(toApiOptions(config, '1.2.3', 'read')).toEqual({
      access: 'read',
      token: 't',
      hosts: ['127.0.0.2', '127.0.0.1', 'proxy'],
      version: '1.2.3',
      shorthand: 'place',
      timeZone: 'Europe/Paris',
      exampleIndex: 'articles',
    });
  });

  it('say how Elasticsearch is reached', () => {
    const upstream = { timeoutMs: 1, connectTimeoutMs: 2, connections: 3, host: 'node' };
    expect(toProxyOptions(load({ upstream })).upstream).toMatchObject(upstream);
    expect(toProxyOptions(load({})).upstream).toMatchObject({ connectTimeoutMs: 5000, host: 'client' });
  });

  it('hold the texts of PEM files, for both sides', () => {
    for (const name of ['cert', 'key', 'ca']) writeFileSync(join(folder, name), `PEM of ${name}`);
    const files = { cert: join(folder, 'cert'), key: join(folder, 'key'), ca: join(folder, 'ca') };
    const { tls, upstream } = toProxyOptions(
      load({ tls: { ...files, clientCertificate: 'required' }, upstream: { tls: { ...files, passphrase: 'x' } } }),
    );
    expect(`${tls?.cert} ${tls?.key} ${tls?.ca} ${tls?.clientCertificate}`).toBe(
      'PEM of cert PEM of key PEM of ca required',
    );
    expect(`${upstream.tls?.cert} ${upstream.tls?.key} ${upstream.tls?.ca}`).toBe('PEM of cert PEM of key PEM of ca');
    expect(upstream.tls).toMatchObject({ passphrase: 'x', rejectUnauthorized: true });
  });

  it('tell sniffing clients the address under which the proxy is reached', () => {
    const told = (value: object) => toSniffedAddress(load({ sniffing: 'own', ...value }));
    expect(toSniffedAddress(load({}))).toBeUndefined();
    expect(told({})).toBe('127.0.0.1:9280');
    expect(told({ host: '::1', port: 1 })).toBe('[::1]:1');
    expect(told({ host: '0.0.0.0', publicUrl: 'http://search.example.org:9280/' })).toBe('search.example.org:9280');
    expect(told({ publicUrl: 'https://search.example.org' })).toBe('search.example.org:443');
    expect(told({ publicUrl: 'http://[2001:db8::7]' })).toBe('[2001:db8::7]:80');
  });

  it('say where the history lies: on a server, beside the snapshot, in a folder of its own, or nowhere', () => {
    const place = (config: object) => toDatabasePlace(load(config));
    expect(place({ territoryTree: '/maps/fr.tree' })).toEqual({ folder: '/maps/fr.tree.history' });
    expect(place({ territoryTree: '/maps/fr.tree', history: { folder: '/var/h' } })).toEqual({ folder: '/var/h' });
    expect(place({ territoryTree: '/maps/fr.tree', databaseUrl: 'postgres://db/x' })).toEqual({
      url: 'postgres://db/x',
    });
    expect(place({ territoryTree: '/maps/fr.tree', history: 'off', databaseUrl: 'postgres://db/x' })).toBeUndefined();
    expect(place({})).toBeUndefined();
  });
});
