import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../src/files/cache-folder.js';
import { cogUnits } from '../../src/files/cog.js';
import { COG_YEARS } from '../../src/files/cog-package.js';
import { FRANCE_PARTITIONS } from '../../src/files/partitions.js';
import { TerritoryTree } from '../../src/files/tree.js';
import { levelOf } from '../../src/territory/index.js';

/** What the packages hold: communes, departmental arrondissements, EPCI, EPT and former codes. */
const COUNTS: Record<number, readonly [COM: number, ARR: number, EPCI: number, EPT: number, former: number]> = {
  2019: [35064, 332, 1259, 0, 3127],
  2021: [35059, 332, 1254, 0, 4150],
  2022: [35049, 332, 1255, 0, 4177],
  2023: [35039, 333, 1255, 11, 4187],
  2024: [35029, 333, 1255, 11, 4180],
  2025: [34969, 333, 1255, 11, 4240],
  2026: [34969, 333, 1255, 11, 4240],
};

async function treeOf(year: number): Promise<TerritoryTree> {
  return TerritoryTree.build(await cogUnits({ year }), { partitions: FRANCE_PARTITIONS });
}

describe('the map of France', () => {
  it('is there for 2019 and 2021 to 2026', () => {
    expect(COG_YEARS).toEqual([2019, 2021, 2022, 2023, 2024, 2025, 2026]);
  });

  it.each(COG_YEARS)(
    'of %i has all its units',
    async (year) => {
      const units = await cogUnits({ year });
      const counts: Record<string, number> = {};
      for (const { code } of units) counts[levelOf(code)] = (counts[levelOf(code)] ?? 0) + 1;
      const [COM, ARR, EPCI, EPT, former] = COUNTS[year]!;
      expect({ EPT: 0, ...counts }).toEqual({ ARM: 45, COM, DEP: 109, REG: 26, CNTRY: 1, ARR, EPCI, EPT });
      expect(new Set(units.flatMap(({ former_codes = [] }) => former_codes)).size).toBe(former);
    },
    120_000,
  );

  it('of 2026 has its 4,240 former codes in 2,667 communes', async () => {
    const holders = (await cogUnits()).filter(({ former_codes = [] }) => former_codes.length > 0);
    expect(holders).toHaveLength(2667);
    expect(holders.reduce((sum, { former_codes = [] }) => sum + former_codes.length, 0)).toBe(4240);
  }, 30_000);

  it('of 2019 puts overseas communes where later years have them, and knows delegated communes', async () => {
    const [old, today] = [await treeOf(2019), await treeOf(2026)];
    for (const code of ['COM:97501', 'COM:97701', 'COM:97801', 'COM:98411', 'COM:98735', 'COM:98901']) {
      expect(old.unit(code)?.parents).toEqual(today.unit(code)?.parents);
    }
    for (const code of ['DEP:977', 'REG:977', 'DEP:984', 'REG:989']) {
      expect(old.unit(code)?.label).toBe(today.unit(code)?.label);
      expect(old.unit(code)?.parents).toEqual(today.unit(code)?.parents);
    }
    expect(old.resolve('COM:01120')).toEqual(['COM:01262']);
  }, 120_000);

  it('takes what a commune lists before what a delegated one says of itself', async () => {
    const holders = (await cogUnits()).filter(({ former_codes = [] }) => former_codes.includes('COM:60455'));
    expect(holders.map(({ code }) => code)).toEqual(['COM:60054']);
  }, 30_000);
});

describe('fetching another year', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cog-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says so once and keeps it in the cache, also when two do it at the same time', async () => {
    const cache = join(folder, 'cache');
    const steps: string[] = [];
    const onStep = (step: string) => void steps.push(step);
    const both = await Promise.all([cogUnits({ year: 2019, cache, onStep }), cogUnits({ year: 2019, cache, onStep })]);
    expect(both[0]).toEqual(both[1]);
    expect(steps).toEqual(Array(2).fill('fetching the map of France of 2019 (@etalab/decoupage-administratif@0.7.0)'));
    await cogUnits({ year: 2019, cache, onStep });
    expect(steps).toHaveLength(2);
    expect(await readdir(join(cache, 'decoupage-administratif'))).toEqual(['0.7.0']);
  }, 120_000);

  it('refuses an archive that is not the published one, and keeps nothing of it', async () => {
    const env = await npmThat('echo tampered > "$4/fake.tgz"');
    const cache = join(folder, 'cache');
    await expect(cogUnits({ year: 2019, cache, env })).rejects.toThrow('its checksum differs');
    expect(await readdir(join(cache, 'decoupage-administratif'))).toEqual([]);
  });

  it('says why npm could not fetch it', async () => {
    const env = await npmThat('echo "the registry is away" >&2; exit 1');
    await expect(cogUnits({ year: 2019, cache: folder, env })).rejects.toThrow('npm pack: the registry is away');
    const none = { PATH: folder };
    await expect(cogUnits({ year: 2019, cache: folder, env: none })).rejects.toThrow('npm is not installed');
    const idle = await npmThat('true');
    await expect(cogUnits({ year: 2019, cache: folder, env: idle })).rejects.toThrow('left no archive');
  });

  it('refuses years of which there is no map', async () => {
    await expect(cogUnits({ year: 2020 })).rejects.toThrow(
      'there is no map of France of 2020; the years are 2019, 2021,',
    );
  });

  /** An environment in which npm is a script; its fourth argument is the folder to leave the archive in. */
  async function npmThat(script: string): Promise<NodeJS.ProcessEnv> {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { PATH: `${bin}:${process.env.PATH}` };
  }
});

describe('the cache folder', () => {
  it('is in XDG_CACHE_HOME, or else in ~/.cache', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'territory-proxy'));
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\.cache.territory-proxy$/);
    expect(cacheFolder({})).toMatch(/\.cache.territory-proxy$/);
  });
});
