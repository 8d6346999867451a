import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerritoryTree } from '../../src/files/tree.js';
import { tree } from '../query/small-tree.js';
import { runCommand } from './run-command.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tag-'));
  file = join(folder, 'small.tree');
  await TerritoryTree.fromBuffer(tree.toBuffer()).save(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FIELDS = ['--units', 'territories', '--ancestors', 'territory_path'];

function tag(stdin: string | AsyncIterable<Buffer>, ...more: string[]) {
  return runCommand(['tag', ...FIELDS, ...more], { stdin, env: { TERRITORY_TREE: file } });
}

describe('tag', () => {
  it('adds the ancestors to documents on a pipe', async () => {
    expect(await tag('{"a":1.0,"territories":["DEP:69"]}\n{"b":1}\n')).toEqual({
      code: 0,
      out: '{"a":1.0,"territories":["DEP:69"],"territory_path":["CNTRY:F","DEP:69","REG:84"]}\n{"b":1}\n',
      err: '',
    });
  });

  it('takes lines as they come in pieces, and many of them', async () => {
    const line = '{"territories":"COM:69123","text":"é"}';
    const bytes = Buffer.from(`${line}\n`.repeat(5000));
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
    }
    const { code, out } = await tag(pieces());
    const tagged =
      '{"territories":"COM:69123","territory_path":["CNTRY:F","COM:69123","DEP:69","EPCI:200046977","REG:84"],"text":"é"}\n';
    expect(code).toBe(0);
    expect(out).toBe(tagged.repeat(5000));
  });

  it('an unknown tag ends it, or is named at the end', async () => {
    const documents = '{"territories":"COM:9"}\n{"territories":"COM:9"}\n';
    expect(await tag(documents)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/line 1 is tagged with unknown unit \[COM:9\]/),
    });
    expect(await tag(documents, '--keep-unknown')).toEqual({
      code: 0,
      out: '{"territories":"COM:9","territory_path":["COM:9"]}\n'.repeat(2),
      err: 'unknown unit COM:9 in 2 documents\n',
    });
  });

  it('wrong use has exit code 2', async () => {
    expect((await runCommand(['tag'])).code).toBe(2);
    expect((await runCommand(['tag', ...FIELDS])).code).toBe(2);
    expect((await tag('', '--format', 'xml')).code).toBe(2);
  });
});
