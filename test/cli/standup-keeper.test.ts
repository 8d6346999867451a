import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandupKeeper } from '../../src/cli/standup-keeper.js';
import { loadConfig } from '../../src/config/load.js';
import { NO_HISTORY } from '../../src/stats/history/no-history.js';
import type { HistoryReader } from '../../src/stats/history/types.js';
import { createLogger } from '../../src/stats/logger.js';

describe('the stand-up as it is configured', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'territory-standup-keeper-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const lines: string[] = [];
  const keeper = (yaml: string, reader: HistoryReader = NO_HISTORY) => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, yaml);
    const config = loadConfig({ file, environment: {} });
    const logger = createLogger('warn', { write: (line) => void lines.push(line) });
    return new StandupKeeper({ config, logger, reader, database: undefined, label: () => undefined });
  };

  it('takes its days and hours in the time zone of the configuration', () => {
    expect(keeper('timeZone: Asia/Tokyo').standup.timeZone).toBe('Asia/Tokyo');
    expect(keeper('{}').standup.timeZone).toBe('Europe/Paris');
  });

  it('has the policy that the configuration names', () => {
    const own = readFileSync(new URL('../../config/emergency.yaml', import.meta.url), 'utf8');
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, own.replace('id: critical', 'id: red'));
    const severities = (yaml: string) => keeper(yaml).emergencies.policy.severities.map(({ id }) => id);
    expect(severities(`emergency: { policy: ${policy} }`)).toEqual(['red', 'major', 'minor']);
    expect(severities('{}')).toEqual(['critical', 'major', 'minor']);
  });

  it('says that there is nothing to compare with where no history is kept, and keeps no emergency', async () => {
    const { standup, emergencies } = keeper('history: off');
    await standup.look();
    expect(standup.report(true)).toMatchObject({
      state: 'well',
      learning: { en: expect.stringMatching(/^No history/) },
    });
    await expect(emergencies.list()).rejects.toMatchObject({ status: 503 });
  });

  it('tells the log once of a history that is away, not at every look', async () => {
    const away = async () => {
      throw new Error('no answer');
    };
    const { standup } = keeper('{}', { ...NO_HISTORY, read: away, marks: away });
    for (let i = 0; i < 5; i++) await standup.look();
    expect(lines.filter((line) => line.includes('no answer'))).toHaveLength(1);
  });
});
