import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommand } from './run-command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tree-build-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nested = `{"code":"TOWN:1","label":"Springfield","parents":["STATE:OR"],"inhabitants":5}
{"code":"STATE:OR","label":"Oregon"}
`;
const crossing = `code;label;parents
STATE:OR;Oregon;
TOWN:1;Springfield;STATE:OR|SCHOOL:9
TOWN:2;Shelbyville;STATE:OR|SCHOOL:9
SCHOOL:9;District Nine;
`;

describe('tree build', () => {
  it('builds from NDJSON on stdin and says what it built', async () => {
    const out = join(folder, 'my.tree');
    const result = await runCommand(['tree', 'build', '--from', '-', '--out', out], { stdin: nested });
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.out).toMatch(
      /my\.tree\n {2}version [0-9a-f]{16}, 0\.0 MB\n {2}2 units, 1 of them an atom; 0 former codes\n/,
    );
    expect(await readdir(folder)).toEqual(['my.tree']);
  });

  it('builds from a gzip of CSV with partitions', async () => {
    const out = join(folder, 'my.tree');
    const file = join(folder, 'units');
    await writeFile(file, gzipSync(crossing));
    const partitions = ['--partition', 'administrative=TOWN,STATE', '--partition', 'school=SCHOOL'];
    const result = await runCommand(['tree', 'build', '--from', file, '--out', out, ...partitions, '--json']);
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(result.out)).toMatchObject({
      file: out,
      units: 4,
      atoms: 2,
      formerCodes: 0,
      bytes: (await readFile(out)).length,
      partitions: [
        { name: 'administrative', levels: { TOWN: 2, STATE: 1 } },
        { name: 'school', levels: { SCHOOL: 1 } },
      ],
    });
  });

  it('builds the map of France', async () => {
    const out = join(folder, 'fr.tree');
    const result = await runCommand(['tree', 'build', '--from', 'cog', '--out', out]);
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.out).toContain('36749 units, 35011 of them atoms; 4240 former codes');
    expect(result.out).toContain('administrative  ARM 45  COM 34969  DEP 109  REG 26  CNTRY 1\n');
  }, 30_000);

  it('draws a bar on a terminal when the build takes long', async () => {
    const units = (from: number) => Array.from({ length: 10_000 }, (_, i) => `{"code":"A:${from + i}"}\n`).join('');
    const slowly = async function* () {
      yield Buffer.from(units(0));
      await new Promise((resolve) => setTimeout(resolve, 600));
      yield Buffer.from(units(10_000));
    };
    const args = ['tree', 'build', '--from', '-', '--out', join(folder, 'my.tree')];
    const result = await runCommand(args, { stdin: slowly(), isTTY: true });
    expect(result.code).toBe(0);
    expect(result.err).toMatch(/reading +\d+ units/);
  });

  it('names all faults with their lines, and leaves the old snapshot alone', async () => {
    const out = join(folder, 'my.tree');
    await writeFile(out, 'old');
    const stdin = '{"code":"A:1","parents":["B:1"]}\nnonsense\n{"code":"A:1"}\n';
    const result = await runCommand(['tree', 'build', '--from', '-', '--out', out], { stdin });
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toMatch(
      /^error: 3 faults in the units:\n {2}line 1: .*B:1.*\n {2}line 2: .*no JSON.*\n {2}line 3: .*A:1/,
    );
    expect(await readFile(out, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['my.tree']);
  });

  it.each([
    [['--out', 'x.tree'], "required option '--from <source>' not specified"],
    [['--from', 'cog'], "required option '--out <file>' not specified"],
    [
      ['--from', 'cog', '--out', 'x.tree', '--year', '2020'],
      'there is no map of France of 2020; the years are 2019, 2021, ',
    ],
    [['--from', 'cog', '--out', 'x.tree', '--year', 'last'], '--year last is no year'],
    [['--from', 'cog', '--out', 'x.tree', '--partition', 'a=A'], '--from cog has partitions of its own'],
    [['--from', '-', '--out', 'x.tree', '--year', '2024'], '--year goes with --from cog only'],
    [['--from', '-', '--out', 'x.tree', '--partition', 'A,B'], '--partition A,B is not of the form name=LEVEL,LEVEL'],
    [['--from', 'postgres', '--out', 'x.tree'], 'DATABASE_URL'],
    [['--from', '-', '--out', 'x.tree', '--colour'], "unknown option '--colour'"],
  ])('takes %j for wrong use', async (args, message) => {
    const result = await runCommand(['tree', 'build', ...args]);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain(message);
  });

  it('fails where the file to read or the folder to write to is missing', async () => {
    const missing = join(folder, 'none', 'x');
    const read = await runCommand(['tree', 'build', '--from', missing, '--out', join(folder, 'x.tree')]);
    expect(read).toMatchObject({ code: 1, err: `error: there is no file ${missing}\n` });
    const write = await runCommand(['tree', 'build', '--from', '-', '--out', missing], { stdin: nested });
    expect(write.code).toBe(1);
    expect(write.err).toMatch(/^error: there is no such file or folder: .*none/);
  });
});
