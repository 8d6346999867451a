import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEmergencyPolicy } from '../../src/config/emergency-policy.js';
import { loadConfig } from '../../src/config/load.js';

describe('the policy for emergencies', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'territory-policy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text);
    return () => readEmergencyPolicy(file);
  };

  it('of the package has severities with criteria, and the steps of the process in both languages', () => {
    const policy = readEmergencyPolicy(null);
    expect(policy.severities.map(({ id }) => id)).toEqual(['critical', 'major', 'minor']);
    expect(policy.steps.map(({ id, required }) => [id, required])).toEqual([
      ['diagnosis', true],
      ['clients', false],
      ['related', false],
      ['resolved', true],
    ]);
    for (const { en, fr } of [policy.about, ...policy.severities.flatMap(({ criteria }) => criteria)]) {
      expect(fr).not.toBe(en);
    }
  });

  it('tells everything that is wrong at once', () => {
    const text = `
about: { en: x }
severities:
  - { id: Big, title: { en: x, fr: x }, criteria: [] }
steps:
  - { id: a, title: { en: x, fr: x }, question: { en: x, fr: x }, required: true }
  - { id: a, title: { en: x, fr: x }, question: { en: x, fr: x }, required: maybe, extra: 1 }
`;
    expect(read(text)).toThrow(/about\.fr: must be a text/);
    expect(read(text)).toThrow(/severities\[0\]\.id: must be lower-case letters/);
    expect(read(text)).toThrow(/severities\[0\]\.criteria: must name at least one/);
    expect(read(text)).toThrow(/steps\[1\]\.required: must be true or false/);
    expect(read(text)).toThrow(/steps\[1\]\.extra: is not known/);
    const twice = text.replace('maybe, extra: 1', 'false').replace('{ en: x }', '{ en: x, fr: x }');
    expect(read(twice.replace('Big', 'big').replace('[]', '[{ en: x, fr: x }]'))).toThrow(
      /steps\[1\]\.id: is "a", as an/,
    );
  });

  it('says what is wrong with the file', () => {
    expect(() => readEmergencyPolicy(join(folder, 'missing.yaml'))).toThrow(/emergency\.policy: can't be read/);
    expect(read('a: [')).toThrow(/policy\.yaml/);
    expect(read('')).toThrow(/must be keys with values/);
  });

  it('is named by the configuration, whose check tells its faults beside the others', () => {
    const load = (environment: Record<string, string>, yaml: string) => {
      const file = join(folder, 'config.yaml');
      writeFileSync(file, yaml);
      return () => loadConfig({ file, environment });
    };
    const policy = join(folder, 'other.yaml');
    writeFileSync(policy, 'about: 1');
    const wrong = `emergency: { policy: ${policy}, webhook: "ftp://secret-token" }\ntimeZone: Europe/Lyon\n`;
    expect(load({}, wrong)).toThrow(/timeZone: must be a time zone such as Europe\/Paris, not "Europe\/Lyon"/);
    expect(load({}, wrong)).toThrow(/emergency\.webhook: must be a URL of http or https/);
    expect(load({}, wrong)).not.toThrow(/secret-token/);
    expect(load({}, `emergency: { policy: ${policy} }`)).toThrow(/other\.yaml\.about: must be keys/);
    const config = load({ EMERGENCY_WEBHOOK: 'https://chat/hook' }, 'timeZone: Asia/Tokyo')();
    expect(config).toMatchObject({ timeZone: 'Asia/Tokyo', emergency: { policy: null, webhook: 'https://chat/hook' } });
  });
});
