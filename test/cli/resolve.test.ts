import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerritoryTree } from '../../src/files/tree.js';
import { runCommand } from './run-command.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resolve-'));
  file = join(folder, 'my.tree');
  const tree = TerritoryTree.build([
    { code: 'REG:1', label: 'Île' },
    { code: 'DEP:01', label: 'North', parents: ['REG:1'] },
    { code: 'DEP:02', label: 'South', parents: ['REG:1'], former_codes: ['DEP:99'] },
    { code: 'DEP:03', label: 'West', parents: ['REG:1'] },
  ]);
  await tree.save(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('resolve', () => {
  it('prints a code, a tab and a label a line', async () => {
    expect(await runCommand(['resolve', 'REG:1 - DEP:02', '--tree', file])).toEqual({
      code: 0,
      out: 'DEP:01\tNorth\nDEP:03\tWest\n',
      err: '',
    });
  });

  it('takes the tree from the environment', async () => {
    const result = await runCommand(['resolve', 'DEP:01 | DEP:02 | DEP:03'], { env: { TERRITORY_TREE: file } });
    expect(result).toMatchObject({ code: 0, out: 'REG:1\tÎle\n' });
  });

  it('says which former codes it resolved, on stderr', async () => {
    expect(await runCommand(['resolve', 'DEP:99', '--tree', file])).toEqual({
      code: 0,
      out: 'DEP:02\tSouth\n',
      err: 'DEP:99 is a former code, today DEP:02\n',
    });
  });

  it('prints JSON with everything in it', async () => {
    const { code, out } = await runCommand(['resolve', 'DEP:99', '--json', '--tree', file]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      codes: ['DEP:02'],
      units: [
        {
          code: 'DEP:02',
          level: 'DEP',
          label: 'South',
          parents: ['REG:1'],
          postal_codes: [],
          former_codes: ['DEP:99'],
        },
      ],
      atomCount: 1,
      resolved: { 'DEP:99': ['DEP:02'] },
    });
  });

  it('prints nothing for nothing', async () => {
    expect(await runCommand(['resolve', 'DEP:01 & DEP:02', '--tree', file])).toEqual({ code: 0, out: '', err: '' });
  });

  it('names all unknown codes with suggestions', async () => {
    const result = await runCommand(['resolve', 'DEP:1 | DEP:77', '--tree', file]);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toMatch(/^error: unknown units \[DEP:1\] \(did you mean DEP:01, .*\?\), \[DEP:77\]\n$/);
  });

  it('points at the column of a mistake', async () => {
    const result = await runCommand(['resolve', 'REG:1 -DEP:02', '--tree', file]);
    expect(result).toEqual({
      code: 1,
      out: '',
      err: `error: the operator [-] must stand between spaces, because a code may contain it
  REG:1 -DEP:02
        ^ column 7
`,
    });
    const far = await runCommand(['resolve', `${'DEP:01 | '.repeat(100)}x`, '--tree', file]);
    expect(Math.max(...far.err.split('\n').map((line) => line.length))).toBeLessThan(110);
    expect(far.err).toContain('^ column 901');
  });

  it('needs a tree that is there and whole', async () => {
    expect(await runCommand(['resolve', 'DEP:01'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('TERRITORY_TREE'),
    });
    const missing = await runCommand(['resolve', 'DEP:01', '--tree', join(folder, 'none')]);
    expect(missing).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: there is no snapshot of a tree at .*none/),
    });
    const folderAsTree = await runCommand(['resolve', 'DEP:01', '--tree', folder]);
    expect(folderAsTree).toMatchObject({ code: 1, err: expect.stringContaining('is no file') });
  });
});

describe('tree inspect and tree diff', () => {
  it('describe and compare snapshots', async () => {
    const inspected = await runCommand(['tree', 'inspect', file, '--json']);
    expect(JSON.parse(inspected.out)).toMatchObject({ file, units: 4, atoms: 3, formerCodes: 1 });
    expect((await runCommand(['tree', 'inspect', file])).out).toContain('4 units, 3 of them atoms; 1 former code\n');
    const same = await runCommand(['tree', 'diff', file, file]);
    expect(same).toMatchObject({ code: 0, out: expect.stringContaining('no unit differs') });
    expect(JSON.parse((await runCommand(['tree', 'diff', file, file, '--json'])).out)).toMatchObject({ created: [] });
  });
});

describe('the command line', () => {
  it('helps, and takes what it does not know for wrong use', async () => {
    expect(await runCommand(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('resolve') });
    expect(await runCommand(['tree', 'build', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--from'),
    });
    expect((await runCommand(['tree', 'build', '--help'])).out).not.toContain('postgres');
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await runCommand([])).toMatchObject({ code: 2 });
    expect(await runCommand(['tree'])).toMatchObject({ code: 2 });
    expect(await runCommand(['resolv'])).toMatchObject({ code: 2, err: expect.stringContaining('unknown command') });
    expect(await runCommand(['resolve', 'a', 'b'])).toMatchObject({ code: 2 });
  });
});
