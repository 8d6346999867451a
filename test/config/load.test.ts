import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigFault } from '../../src/config/error.js';
import { loadConfig } from '../../src/config/load.js';

describe('loadConfig', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'territory-config-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const load = (yaml: string, environment: Record<string, string> = {}) =>
    loadConfig({ file: write('config.yaml', yaml), environment });
  const faults = (yaml: string, environment: Record<string, string> = {}): readonly ConfigFault[] => {
    try {
      load(yaml, environment);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
      throw error;
    }
    return [];
  };

  it('has the defaults of the contract without a file or an environment', () => {
    expect(loadConfig({ environment: {} })).toMatchObject({
      host: '127.0.0.1',
      port: 9280,
      shorthand: 'territory',
      indices: [],
      cache: { maxBytes: 67_108_864 },
      definitions: 'reject',
      unknown: 'error',
      admin: { api: 'all', token: null },
      limits: {
        inFlight: 1024,
        bodyBytes: 104_857_600,
        bufferedBytes: 536_870_912,
        silenceMs: 60_000,
        leastBytesPerSecond: 240,
        expandedBytes: 104_857_600,
        depth: 1000,
      },
      upstream: { timeoutMs: 0, connections: 128, auth: null },
    });
  });

  it('takes the chief keys as the contract writes them', () => {
    const config = load(`
shorthand: territory
indices:
  "articles*": { units: territories, ancestors: territory_path }
  "briefs":    { units: tu, ancestors: tu_path, levels: [COM, DEP, REG, CNTRY], relation: within, style: terms }
cache:       { maxBytes: 67108864 }
aliases:     { press: ["articles*", "briefs"] }
definitions: reject
unknown:     error
admin:       { api: all, token: null }
limits:      { inFlight: 1024, bodyBytes: 104857600, expandedBytes: 104857600, depth: 1000 }
upstream:    { timeoutMs: 0, connections: 128, auth: null, tls: {} }
`);
    expect(config.indices).toEqual([
      ['articles*', { units: 'territories', ancestors: 'territory_path' }],
      [
        'briefs',
        {
          units: 'tu',
          ancestors: 'tu_path',
          levels: ['COM', 'DEP', 'REG', 'CNTRY'],
          relation: 'within',
          style: 'terms',
        },
      ],
    ]);
    expect(config.aliases).toEqual({ press: ['articles*', 'briefs'] });
  });

  it('puts the environment over the file', () => {
    const config = load('port: 1\nhost: localhost\nadmin: { api: read }', {
      PORT: '9281',
      ADMIN_TOKEN: 's3cret',
      ELASTICSEARCH_URL: 'http://a:9200, https://b',
      TERRITORY_TREE: 'france.tree',
      LOG_LEVEL: 'debug',
      WORKERS: '4',
    });
    expect(config).toMatchObject({
      port: 9281,
      host: 'localhost',
      admin: { api: 'read', token: 's3cret' },
      elasticsearchUrl: ['http://a:9200', 'https://b'],
      territoryTree: 'france.tree',
      logLevel: 'debug',
      workers: 4,
    });
  });

  it('finds its file by TERRITORY_CONFIG and takes an empty variable as none', () => {
    const file = write('named.yaml', 'port: 77');
    expect(loadConfig({ environment: { TERRITORY_CONFIG: file, PORT: '', ADMIN_TOKEN: '' } })).toMatchObject({
      port: 77,
      admin: { token: null },
    });
  });

  it('reads secrets from files without their last line break', () => {
    const config = load('', {
      ADMIN_TOKEN_FILE: write('token', 'from-a-file\n'),
      ELASTICSEARCH_URL_FILE: write('url', 'http://elastic:p%40ss@es:9200\n'),
    });
    expect(config.admin.token).toBe('from-a-file');
    expect(config.elasticsearchUrl).toEqual(['http://es:9200']);
    expect(config.upstream.auth).toEqual({ username: 'elastic', password: 'p@ss' });
  });

  it('keeps the order of indices even where a name is a number', () => {
    const { indices } = load('indices: { "logs*": { units: a }, "2024": { units: b } }');
    expect(indices.map(([pattern]) => pattern)).toEqual(['logs*', '2024']);
  });

  it('names every fault at once, each with its place', () => {
    expect(
      faults(
        `
limts: { depth: 3 }
limits: { depht: 3, inFlight: -1 }
indices:
  "articles*": { unit: territories }
  "Briefs": { units: tu, relation: inside }
upstream: { auth: { user: x } }
`,
        { PORT: 'http', ADMIN_TOKEN_FILE: '/nowhere/token' },
      ),
    ).toEqual([
      { path: 'ADMIN_TOKEN_FILE', message: expect.stringContaining("can't be read: ENOENT") },
      { path: 'limts', message: 'is not known', hint: 'did you mean limits?' },
      { path: 'PORT', message: 'must be a whole number from 0 to 65535, not "http"' },
      { path: 'indices["articles*"].unit', message: 'is not known', hint: 'did you mean units?' },
      { path: 'indices["articles*"]', message: 'names neither field: give `units`, `ancestors` or both' },
      { path: 'indices["Briefs"]', message: '"Briefs" has capitals, which no index name has' },
      {
        path: 'indices["Briefs"].relation',
        message: 'must be one of within, intersects, contains, disjoint, exact, not "inside"',
      },
      { path: 'limits.inFlight', message: 'must be a whole number of at least 1, not -1' },
      { path: 'limits.depht', message: 'is not known', hint: 'did you mean depth?' },
      { path: 'upstream.auth', message: 'must be null, {username, password}, {apiKey} or {bearer}' },
    ]);
  });

  it('needs an address for sniffing clients where its own is none', () => {
    const hint = 'name the address under which they reach the proxy, or set sniffing: pass';
    for (const [own, shown] of [
      ['host: 0.0.0.0', '0.0.0.0:9280'],
      ['host: "::"', ':::9280'],
      ['port: 0', '127.0.0.1:0'],
    ]) {
      const message = `is not set, and ${shown} is no address that sniffing clients could be told`;
      expect(faults(`sniffing: own\n${own}`)).toEqual([{ path: 'publicUrl', message, hint }]);
      expect(faults(`sniffing: own\n${own}\npublicUrl: http://search:9280`)).toEqual([]);
      expect(faults(own as string)).toEqual([]);
    }
    for (const wrong of ['search:9280', 'ftp://a', 'http://a/b']) {
      expect(faults(`publicUrl: ${wrong}`).map(({ path }) => path)).toEqual(['publicUrl']);
    }
  });

  it('shows the known keys where none is near', () => {
    expect(faults('cache: { colour: red }')).toEqual([
      { path: 'cache.colour', message: 'is not known', hint: 'known here: maxBytes' },
    ]);
  });

  it('names the file of a YAML fault, and a key that stands twice', () => {
    const [fault] = faults('port: 1\nport: 2');
    expect(fault?.path).toBe(join(folder, 'config.yaml'));
    expect(fault?.message).toContain('Map keys must be unique');
    expect(faults('- a')[0]?.message).toBe('must hold keys with values');
  });

  it('refuses an index without a field, and a relation that its field cannot tell', () => {
    expect(faults('indices: { a: { levels: [COM] }, b: { ancestors: path, relation: contains } }')).toEqual([
      { path: 'indices["a"]', message: 'names neither field: give `units`, `ancestors` or both' },
      {
        path: 'indices["b"].relation',
        message: "contains can't be told from `ancestors` alone: name the field `units` too",
      },
    ]);
  });

  it('refuses a shorthand that is also a field', () => {
    expect(faults('shorthand: tu\nindices: { a: { units: tu } }')).toMatchObject([{ path: 'shorthand' }]);
  });

  describe('with credentials for Elasticsearch', () => {
    const auth = 'upstream: { auth: { username: elastic, password: secret } }\n';

    it('refuses a host that others reach', () => {
      expect(faults(auth, { HOST: '0.0.0.0' })).toMatchObject([{ path: 'upstream.auth' }]);
      expect(faults('', { HOST: '0.0.0.0', ELASTICSEARCH_URL: 'http://u:p@es' })).toMatchObject([
        { path: 'upstream.auth' },
      ]);
    });

    it('accepts loopback, or the word that everyone may use them', () => {
      for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost'])
        expect(faults(auth, { HOST: host })).toEqual([]);
      const anonymous = 'upstream: { auth: { apiKey: abc }, anonymous: true }';
      expect(load(anonymous, { HOST: '0.0.0.0' }).upstream.anonymous).toBe(true);
    });

    it('refuses two users, or users in two places', () => {
      expect(faults('', { ELASTICSEARCH_URL: 'http://u:p@a,http://v:p@b' })).toMatchObject([
        { path: 'elasticsearchUrl' },
      ]);
      expect(faults(auth, { ELASTICSEARCH_URL: 'http://u:p@a' })).toMatchObject([{ path: 'upstream.auth' }]);
    });

    it('never shows a password in an error', () => {
      const text = JSON.stringify(
        faults('', { ELASTICSEARCH_URL: 'http://u:hunter2@a:b:c,ftp://u:hunter2@x,http://u:hunter2@y/z' }),
      );
      expect(text).toContain('must be a URL');
      expect(text).not.toContain('hunter2');
    });
  });

  it('refuses the port of the proxy as the port of the API', () => {
    expect(faults('port: 9280\nadmin: { port: 9280 }')).toMatchObject([{ path: 'admin.port' }]);
  });

  it('checks the files of both sides of TLS', () => {
    const pem = write('a.pem', 'x');
    expect(
      faults(`
tls: { cert: ${pem}, clientCertificate: required }
upstream: { tls: { ca: ${folder}/none.pem } }
`),
    ).toEqual([
      { path: 'tls.key', message: 'is missing', hint: 'cert and key belong together' },
      { path: 'upstream.tls.ca', message: expect.stringContaining('ENOENT') },
      { path: 'tls.ca', message: 'is missing', hint: 'clientCertificate: required needs the CA that signs them' },
    ]);
  });

  it('says what is wrong with the database and the history', () => {
    expect(faults('databaseUrl: mysql://db/x\nqueryLog: { database: true }')).toMatchObject([
      { path: 'databaseUrl', message: 'is no URL of a Postgres' },
    ]);
    expect(faults('queryLog: { database: true }')).toMatchObject([
      { path: 'queryLog.database', message: 'is set without a databaseUrl' },
    ]);
    expect(faults('history: never')).toMatchObject([
      { path: 'history', message: expect.stringMatching(/must be off/) },
    ]);
    expect(load('history: off').history).toBe('off');
  });

  it('is not fooled by keys that objects have by nature', () => {
    expect(faults('__proto__: { port: 1 }\nconstructor: 3').map(({ path }) => path)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('says it in one readable error', () => {
    expect(() => load('port: x')).toThrow(
      '1 fault in the configuration:\n  port: must be a whole number from 0 to 65535, not "x"',
    );
  });
});
