import { untar } from '../../src/files/untar.js';

function member(name: string, content: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')} `, 124);
  header.write(type, 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

describe('untar', () => {
  it('gives plain files with their content, whatever its length', () => {
    const contents = ['', 'x'.repeat(511), 'y'.repeat(512), 'z'.repeat(513)];
    const archive = Buffer.concat([...contents.map((content, i) => member(`f${i}`, content)), Buffer.alloc(1024)]);
    expect(Array.from(untar(archive), ({ name, content }) => [name, content.toString()])).toEqual(
      contents.map((content, i) => [`f${i}`, content]),
    );
  });

  it('skips folders, links and extended headers', () => {
    const archive = Buffer.concat([
      member('d/', '', '5'),
      member('l', '', '2'),
      member('x', 'path=y', 'x'),
      member('f', 'a'),
    ]);
    expect(Array.from(untar(archive), ({ name }) => name)).toEqual(['f']);
  });

  it('refuses an archive that is cut', () => {
    expect(() => [...untar(member('f', 'x'.repeat(600)).subarray(0, 700))]).toThrow('the archive ends within f');
  });
});
