import { GatheredLines } from '../../src/cli/gathered-lines.js';

describe('gathered lines', () => {
  const setUp = () => {
    const passed: string[] = [];
    return { passed, lines: new GatheredLines((text) => void passed.push(text)) };
  };

  it('are passed on together and in their order, when there are enough or when they are asked for', () => {
    const { passed, lines } = setUp();
    const line = `${'x'.repeat(999)}\n`;
    for (let i = 0; i < 140; i++) lines.gather(line);
    lines.gather('last\n');
    expect(passed.map(({ length }) => length)).toEqual([66_000, 66_000]);
    lines.flush();
    expect(passed.join('')).toBe(`${line.repeat(140)}last\n`);
    lines.flush();
    expect(passed).toHaveLength(3);
  });

  it('do not hold up a line that is to leave at once, nor lose their place before it', () => {
    const { passed, lines } = setUp();
    lines.gather('a request\n');
    lines.write('a warning\n');
    expect(passed).toEqual(['a request\na warning\n']);
  });

  it('leave by themselves after a while', async () => {
    const { passed, lines } = setUp();
    lines.gather('a\n');
    lines.gather('b\n');
    expect(passed).toEqual([]);
    while (passed.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(passed).toEqual(['a\nb\n']);
  });
});
