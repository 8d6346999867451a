import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readUnits } from '../../src/files/read-units.js';
import { UnitFileError } from '../../src/files/unit-file-error.js';

/** Reads bytes from stdin, in pieces of a few bytes, so that every boundary falls between two of them once. */
async function read(content: string | Buffer, piece = 7): Promise<unknown[]> {
  const bytes = Buffer.from(content as string);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  return collect(readUnits('-', Readable.from(pieces)));
}

async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const lyon = {
  code: 'COM:69123',
  label: 'Lyon',
  parents: ['DEP:69', 'EPCI:200046977'],
  inhabitants: 519127,
  postal_codes: ['69001', '69002'],
  former_codes: ['COM:69232'],
};

describe('NDJSON', () => {
  it('is read a unit a line, with line numbers, empty lines left out', async () => {
    const text = `${JSON.stringify(lyon)}\r\n\n{"code":"DEP:69","size":4}`;
    expect(await read(text)).toEqual([
      { ...lyon, line: 1 },
      { code: 'DEP:69', line: 3 },
    ]);
    expect(await read(text, 1)).toEqual(await read(text, 1000));
  });

  it('may begin with a byte order mark', async () => {
    expect(await read('\ufeff{"code":"A:1"}\n')).toEqual([{ code: 'A:1', line: 1 }]);
  });

  it('gives a fault for each line that is no unit, and goes on', async () => {
    const latin1 = Buffer.from('{"code":"A:1","label":"Évry"}\n', 'latin1');
    const content = Buffer.concat([
      Buffer.from('{"code":"A:0"}\n'),
      latin1,
      Buffer.from('[1]\n{"code":\n{}\n{"code":"A:2"}'),
    ]);
    expect(await read(content)).toEqual([
      { code: 'A:0', line: 1 },
      { fault: 'malformed_unit', code: '', line: 2, message: 'the line is not UTF-8' },
      expect.objectContaining({ fault: 'malformed_unit', line: 3, message: expect.stringContaining('no JSON object') }),
      expect.objectContaining({ fault: 'malformed_unit', line: 4, message: expect.stringContaining('is no JSON') }),
      expect.objectContaining({ fault: 'malformed_unit', line: 5, message: 'the line has no "code"' }),
      { code: 'A:2', line: 6 },
    ]);
  });
});

describe('CSV', () => {
  it.each([',', ';', '\t'])('is read with columns separated by %j and lists by |', async (separator) => {
    const rows = [
      ['Code', 'label', 'colour', 'parents', 'inhabitants', 'postal_codes', 'former_codes'],
      ['COM:69123', 'Lyon', 'red', 'DEP:69|EPCI:200046977', '519127', '69001 | 69002', 'COM:69232'],
      ['DEP:69', '', '', '', '', '', ''],
    ];
    expect(await read(`\ufeff${rows.map((row) => row.join(separator)).join('\r\n')}\r\n`)).toEqual([
      { ...lyon, line: 2 },
      { code: 'DEP:69', label: '', line: 3 },
    ]);
  });

  it('may quote separators and line breaks', async () => {
    expect(await read('code,label\nA:1,"a, ""b""\nc"\nA:2,x\n')).toEqual([
      { code: 'A:1', label: 'a, "b"\nc', line: 3 },
      { code: 'A:2', label: 'x', line: 4 },
    ]);
  });

  it('needs no more than codes', async () => {
    expect(await read('code\nA:1\n\nA:2')).toEqual([
      { code: 'A:1', line: 2 },
      { code: 'A:2', line: 4 },
    ]);
  });

  it('gives a fault for each row that can not be read, and goes on', async () => {
    const latin1 = Buffer.from('A:3,Évry\n', 'latin1');
    const content = Buffer.concat([
      Buffer.from('code,label\nA:1,a\nA:2,b,c\n'),
      latin1,
      Buffer.from('A:4,d\nA:5,"e\n'),
    ]);
    const items = await read(content);
    expect(items).toHaveLength(5);
    expect(items).toEqual(
      expect.arrayContaining([
        { code: 'A:1', label: 'a', line: 2 },
        { code: 'A:4', label: 'd', line: 5 },
        expect.objectContaining({ fault: 'malformed_unit', line: 3 }),
        expect.objectContaining({ fault: 'malformed_unit', line: 4, message: expect.stringContaining('UTF-8') }),
        expect.objectContaining({
          fault: 'malformed_unit',
          message: expect.stringMatching(/can't be read: .*[Qq]uote/),
        }),
      ]),
    );
  });

  it('hands on a number that is none, so that the build can name it', async () => {
    expect(await read('code,inhabitants\nA:1,many')).toEqual([{ code: 'A:1', inhabitants: Number.NaN, line: 2 }]);
  });

  it('without a column "code" is refused', async () => {
    await expect(read('id,name\n1,2\n')).rejects.toThrow('the first line has no column "code" but "id", "name"');
  });
});

describe('files', () => {
  it('of any kind may be gzip', async () => {
    expect(await read(gzipSync('{"code":"A:1"}\n'))).toEqual([{ code: 'A:1', line: 1 }]);
    expect(await read(gzipSync('code\nA:1\n'))).toEqual([{ code: 'A:1', line: 2 }]);
  });

  it('may be empty', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n \n')).toEqual([]);
  });

  it('that can not be read are named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'read-units-'));
    const missing = join(folder, 'none');
    await expect(collect(readUnits(missing))).rejects.toThrow(`there is no file ${missing}`);
    await expect(collect(readUnits(folder))).rejects.toThrow(`${folder} is a folder; give a file of units`);
    await expect(collect(readUnits(folder))).rejects.toThrow(UnitFileError);
    const torn = join(folder, 'torn');
    await writeFile(torn, gzipSync('{"code":"A:1"}\n'.repeat(1000)).subarray(0, 50));
    await expect(collect(readUnits(torn))).rejects.toThrow(`the gzip of ${torn} is damaged`);
    await expect(read('[{"code":"A:1"}]')).rejects.toThrow('a JSON array');
    await rm(folder, { recursive: true });
  });
});
