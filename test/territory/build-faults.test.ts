import {
  type BuildFault,
  type BuildOptions,
  TerritoryTree,
  TreeBuildError,
  type UnitInput,
} from '../../src/territory/index.js';

const MAIN = { name: 'main', levels: ['C', 'D', 'R'] };
const ACROSS = { name: 'across', levels: ['E', 'F'] };
const OPTIONS: BuildOptions = { partitions: [MAIN, ACROSS] };

/** Units with the number of their line. */
function lines(...units: UnitInput[]): UnitInput[] {
  return units.map((unit, i) => ({ ...unit, line: i + 1 }));
}

function errorOf(units: Iterable<UnitInput | BuildFault>, options: BuildOptions = OPTIONS): TreeBuildError {
  try {
    TerritoryTree.build(units, options);
  } catch (error) {
    if (error instanceof TreeBuildError) return error;
    throw error;
  }
  throw new Error('a tree was built');
}

/** Each fault as `line kind: message`. */
function faultsOf(units: Iterable<UnitInput | BuildFault>, options?: BuildOptions): string[] {
  return errorOf(units, options).faults.map(({ line, fault, message }) => `${line ?? '-'} ${fault}: ${message}`);
}

/** What a JavaScript caller may give. */
const wrong = (unit: Record<string, unknown>) => unit as unknown as UnitInput;

describe('a unit that is wrong by itself', () => {
  it('has a code that is none', () => {
    expect(
      faultsOf(
        lines(
          { code: 'C:1' },
          { code: '' },
          { code: 'c:1' },
          { code: 'C:' },
          { code: 'C 1' },
          { code: 'C:1\n' },
          { code: 'C:é' },
          wrong({}),
          wrong({ code: 7 }),
          { code: `C:${'0'.repeat(254)}` },
        ),
      ),
    ).toEqual([
      '2 malformed_code: the code "" is not of the form LEVEL:ID, e.g. COM:69123',
      '3 malformed_code: the code "c:1" is not of the form LEVEL:ID, e.g. COM:69123',
      '4 malformed_code: the code "C:" is not of the form LEVEL:ID, e.g. COM:69123',
      '5 malformed_code: the code "C 1" is not of the form LEVEL:ID, e.g. COM:69123',
      '6 malformed_code: the code "C:1\\n" is not of the form LEVEL:ID, e.g. COM:69123',
      '7 malformed_code: the code "C:é" is not of the form LEVEL:ID, e.g. COM:69123',
      '8 malformed_code: the code (undefined) is not of the form LEVEL:ID, e.g. COM:69123',
      '9 malformed_code: the code (number) is not of the form LEVEL:ID, e.g. COM:69123',
      `10 malformed_code: the code "C:${'0'.repeat(98)}" is longer than 255 bytes`,
    ]);
  });

  it('lists a code that is none', () => {
    expect(faultsOf(lines({ code: 'C:1', parents: ['D1'], former_codes: ['c:9', wrong({}) as never] }))).toEqual([
      '1 malformed_code: the parent "D1" of C:1 is not of the form LEVEL:ID, e.g. COM:69123',
      '1 malformed_code: the former code "c:9" of C:1 is not of the form LEVEL:ID, e.g. COM:69123',
      '1 malformed_code: the former code (object) of C:1 is not of the form LEVEL:ID, e.g. COM:69123',
    ]);
  });

  it('has facts of another kind than theirs', () => {
    expect(
      faultsOf(
        lines(
          wrong({ code: 'C:1', label: 1, inhabitants: '7', parents: 'D:1' }),
          wrong({ code: 'C:2', inhabitants: -1, postal_codes: ['69001', ''], former_codes: {} }),
          wrong({ code: 'C:3', inhabitants: Number.NaN, postal_codes: ['1|2'] }),
          wrong({ code: 'C:4', inhabitants: Number.POSITIVE_INFINITY, postal_codes: [69001] }),
        ),
      ),
    ).toEqual([
      '1 malformed_unit: the label of C:1 is no text',
      '1 malformed_unit: the inhabitants of C:1 are no number of people',
      '1 malformed_unit: "parents" of C:1 is no list',
      '2 malformed_unit: the inhabitants of C:2 are no number of people',
      '2 malformed_unit: a postal code of C:2 is no text, empty or holds a "|"',
      '2 malformed_unit: "former_codes" of C:2 is no list',
      '3 malformed_unit: the inhabitants of C:3 are no number of people',
      '3 malformed_unit: a postal code of C:3 is no text, empty or holds a "|"',
      '4 malformed_unit: the inhabitants of C:4 are no number of people',
      '4 malformed_unit: a postal code of C:4 is no text, empty or holds a "|"',
    ]);
  });

  it('is no unit at all', () => {
    const units = [null, 'C:1', 7, undefined] as unknown as UnitInput[];
    expect(faultsOf(units)).toEqual([
      '- malformed_unit: a unit is an object with a code, not null',
      '- malformed_unit: a unit is an object with a code, not "C:1"',
      '- malformed_unit: a unit is an object with a code, not 7',
      '- malformed_unit: a unit is an object with a code, not undefined',
    ]);
  });

  it('may leave out, or give as null, all but its code', () => {
    const bare = wrong({
      ...{ code: 'C:1', label: null, inhabitants: null, parents: null, postal_codes: null, former_codes: null },
    });
    const tree = TerritoryTree.build([bare, { code: 'C:2' }]);
    for (const code of ['C:1', 'C:2']) {
      expect(tree.unit(code)).toEqual({
        ...{ code, level: 'C', label: '', parents: [], inhabitants: undefined, postal_codes: [], former_codes: [] },
      });
    }
  });

  it('stands twice', () => {
    expect(faultsOf(lines({ code: 'C:1' }, { code: 'C:2' }, { code: 'C:1' }, { code: 'C:1', label: 'x' }))).toEqual([
      '3 duplicate_code: C:1 stands twice, first on line 1',
      '4 duplicate_code: C:1 stands twice, first on line 1',
    ]);
    expect(faultsOf([{ code: 'C:1' }, { code: 'C:1' }])).toEqual(['- duplicate_code: C:1 stands twice']);
  });
});

describe('parents', () => {
  it('that no unit is', () => {
    expect(faultsOf(lines({ code: 'C:1', parents: ['D:1', 'E:1'] }, { code: 'C:2', parents: ['D:1'] }))).toEqual([
      '1 unknown_parent: C:1 has the parent D:1, which no unit is',
      '1 unknown_parent: C:1 has the parent E:1, which no unit is',
      '2 unknown_parent: C:2 has the parent D:1, which no unit is',
    ]);
  });

  it('of which two are in the primary partition', () => {
    const above = ['D:1', 'D:2', 'R:1', 'E:1'].map((code) => ({ code }));
    const below = { code: 'C:1', parents: ['D:2', 'E:1', 'D:1', 'R:1', 'D:1'] };
    expect(faultsOf(lines(...above, below))).toEqual([
      '5 two_primary_parents: C:1 has two parents in the primary partition: D:2 and D:1 and R:1',
    ]);
  });

  it('that stand twice count once', () => {
    const tree = TerritoryTree.build([{ code: 'D:1' }, { code: 'C:1', parents: ['D:1', 'D:1'] }]);
    expect(tree.unit('C:1')?.parents).toEqual(['D:1']);
  });
});

describe('a cycle', () => {
  it('of one, two and many units is told with its path', () => {
    expect(faultsOf(lines({ code: 'C:1', parents: ['C:1'] }))).toEqual(['1 cycle: a cycle of parents: C:1 → C:1']);
    expect(faultsOf(lines({ code: 'C:1', parents: ['D:1'] }, { code: 'D:1', parents: ['C:1'] }))).toEqual([
      '1 cycle: a cycle of parents: C:1 → D:1 → C:1',
    ]);
    const ring = Array.from({ length: 5000 }, (_, i) => ({ code: `C:${i}`, parents: [`C:${(i + 1) % 5000}`] }));
    const [fault, ...others] = errorOf(ring).faults;
    expect(others).toEqual([]);
    expect(fault!.message.split(' → ')).toHaveLength(5001);
  });

  it('is told wherever the reading begins', () => {
    const tail = [
      { code: 'C:1', parents: ['C:2'] },
      { code: 'C:2', parents: ['C:3'] },
      { code: 'C:3', parents: ['C:2'] },
    ];
    expect(faultsOf(lines(...tail))).toEqual(['2 cycle: a cycle of parents: C:2 → C:3 → C:2']);
    expect(faultsOf(lines(...tail.reverse()))).toEqual(['1 cycle: a cycle of parents: C:3 → C:2 → C:3']);
  });

  it('is told with each unit that lies on one, though the rings share units', () => {
    // The second ring of A is reached only through B, which is done with by then.
    const units = lines(
      { code: 'E:A', parents: ['E:B', 'E:X'] },
      { code: 'E:B', parents: ['E:A'] },
      { code: 'E:X', parents: ['E:B'] },
      { code: 'E:below', parents: ['E:A'] },
      { code: 'C:1', parents: ['E:below'] },
    );
    expect(faultsOf(units)).toEqual([
      '1 cycle: a cycle of parents: E:A → E:B → E:A',
      '1 cycle: a cycle of parents: E:A → E:X → E:B → E:A',
    ]);
  });

  it('is told without partitions too, for depth has no meaning then', () => {
    expect(faultsOf(lines({ code: 'C:1', parents: ['C:1'] }, { code: 'D:1' }), {})).toEqual([
      '1 cycle: a cycle of parents: C:1 → C:1',
    ]);
  });

  it('across partitions is one too', () => {
    expect(
      faultsOf(
        lines({ code: 'D:1', parents: ['E:1'] }, { code: 'C:1', parents: ['D:1'] }, { code: 'E:1', parents: ['D:1'] }),
      ),
    ).toEqual(['1 cycle: a cycle of parents: D:1 → E:1 → D:1']);
  });

  it('stands beside all other faults', () => {
    const { faults, message } = errorOf(
      lines(
        { code: 'C:1', parents: ['D:9'] },
        { code: 'C:2', parents: ['C:3'] },
        { code: 'C:3', parents: ['C:2'] },
        { code: 'C:1' },
        { code: 'E:1' },
        { code: 'oops' },
        { code: 'D:1', former_codes: ['C:1'] },
        { code: 'D:2', parents: ['R:1', 'R:2'] },
        { code: 'R:1', inhabitants: -5 },
        { code: 'R:2' },
      ),
      { ...OPTIONS, successions: [['C:8', 'C:7']] },
    );
    expect(faults.map(({ line, fault, code }) => [line, fault, code])).toEqual([
      [undefined, 'former_code_ends_nowhere', 'C:8'],
      [1, 'unknown_parent', 'C:1'],
      [2, 'cycle', 'C:2'],
      [4, 'duplicate_code', 'C:1'],
      [5, 'outside_primary_partition', 'E:1'],
      [6, 'malformed_code', 'oops'],
      [7, 'former_code_in_use', 'D:1'],
      [8, 'two_primary_parents', 'D:2'],
      [9, 'malformed_unit', 'R:1'],
    ]);
    expect(message).toMatch(/^9 faults in the units:\n {2}the chain .*\n {2}line 1: C:1 has the parent D:9/);
  });
});

describe('partitions', () => {
  const twoParents = lines({ code: 'C:1', parents: ['D:1', 'E:1'] }, { code: 'D:1' }, { code: 'E:1' });

  it('must be named where a unit has two parents', () => {
    const message =
      "- unknown_level: C:1 has two parents, so the partitions must be named, e.g. [{name: 'main', levels: ['COM', 'DEP']}]";
    expect(faultsOf(twoParents, {})).toEqual([message]);
    expect(faultsOf(twoParents, { partitions: [] })).toEqual([message]);
  });

  it('may be left out elsewhere: then the levels stand in order of depth', () => {
    const tree = TerritoryTree.build([
      { code: 'A:1', parents: ['Z:1'] },
      { code: 'Z:1', parents: ['M:1'] },
      { code: 'M:1' },
      { code: 'A:2', parents: ['M:1'] },
      { code: 'B:2', parents: ['Z:1'] },
    ]);
    expect(tree.partitions).toEqual([{ name: 'primary', levels: ['A', 'B', 'Z', 'M'] }]);
    const flat = TerritoryTree.build(['B:1', 'C:1', 'A:1'].map((code) => ({ code })));
    expect(flat.levels).toEqual(['A', 'B', 'C']);
  });

  it('that leave out a level, or name it or themselves twice, are told', () => {
    const units = lines({ code: 'C:1' }, { code: 'X:1' }, { code: 'X:2' }, { code: 'Y:1' });
    expect(faultsOf(units, { partitions: [MAIN, { name: 'main', levels: ['C', 'F', 'F'] }] })).toEqual([
      '- unknown_level: two partitions are called "main"',
      '- unknown_level: level C stands in the partitions "main" and "main"',
      '- unknown_level: level F stands in the partitions "main" and "main"',
      '- unknown_level: level X (2 units, e.g. X:1) is in no partition',
      '- unknown_level: level Y (1 unit, e.g. Y:1) is in no partition',
    ]);
  });

  it('that are wrong do not hide what is wrong with units', () => {
    const units = lines(
      { code: 'X:1' },
      { code: 'D:1' },
      { code: 'D:2' },
      { code: 'C:1', parents: ['D:1', 'D:2', 'X:1'] },
      { code: 'E:1' },
    );
    expect(errorOf(units).faults.map(({ line, fault, code }) => [line, fault, code])).toEqual([
      [undefined, 'unknown_level', 'X:1'],
      [4, 'two_primary_parents', 'C:1'],
      [5, 'outside_primary_partition', 'E:1'],
    ]);
  });

  it('across the primary one have no atoms of their own', () => {
    expect(faultsOf(lines({ code: 'C:1' }, { code: 'F:1' }, { code: 'E:1', parents: ['F:1'] }))).toEqual([
      '3 outside_primary_partition: E:1 has no children, so it is an atom outside the primary partition "main"',
    ]);
  });

  it('across it lie in the primary units that they name as parents', () => {
    expect(
      faultsOf(
        lines(
          { code: 'D:1' },
          { code: 'D:2' },
          { code: 'C:1', parents: ['D:1', 'E:1'] },
          { code: 'C:2', parents: ['D:2', 'E:1'] },
          { code: 'E:1', parents: ['D:1'] },
        ),
      ),
    ).toEqual(['5 not_nested: E:1 has the primary parent D:1, but some of its atoms lie outside it']);
  });

  it('across it can not stand in for the children of a primary unit', () => {
    expect(
      faultsOf(lines({ code: 'D:1' }, { code: 'C:1', parents: ['E:1'] }, { code: 'E:1', parents: ['D:1'] })),
    ).toEqual(["3 not_nested: D:1 has no child in the primary partition, so it can't hold E:1"]);
  });
});

describe('former codes', () => {
  it('that are in use are told, from units and from successions', () => {
    const units = lines({ code: 'C:1', former_codes: ['C:2'] }, { code: 'C:2', former_codes: ['C:3', 'C:2'] });
    expect(faultsOf(units, { successions: [['C:1', 'C:2']] })).toEqual([
      '- former_code_in_use: the former code C:1 (→ C:2) is still in use',
      '1 former_code_in_use: the former code C:2 of C:1 is still in use on line 2',
      '2 former_code_in_use: the former code C:2 of C:2 is still in use on line 2',
    ]);
    expect(faultsOf([{ code: 'C:1', former_codes: ['C:1'] }])).toEqual([
      '- former_code_in_use: the former code C:1 of C:1 is still in use',
    ]);
  });

  it('whose chain ends nowhere are told with the chain', () => {
    const successions = [
      ['C:11', 'C:12'],
      ['C:12', 'C:13'],
      ['C:12', 'C:1'],
    ] as const;
    expect(faultsOf([{ code: 'C:1' }], { successions })).toEqual([
      '- former_code_ends_nowhere: the chain of former codes C:11 → C:12 → C:13 ends nowhere: C:13 is neither a unit nor a former code',
      '- former_code_ends_nowhere: the chain of former codes C:12 → C:13 ends nowhere: C:13 is neither a unit nor a former code',
    ]);
  });

  it('whose chain goes in a circle are told, though another fault names a code that begins alike', () => {
    const units = lines({ code: 'C:1', parents: ['D:1'] }, { code: 'C:70' }, { code: 'C:70' });
    const successions = [
      ['C:7', 'C:8'],
      ['C:8', 'C:7'],
    ] as const;
    expect(faultsOf(units, { ...OPTIONS, successions })).toEqual([
      '- former_code_ends_nowhere: the chain of former codes from C:7 goes in a circle and ends nowhere',
      '- former_code_ends_nowhere: the chain of former codes from C:8 goes in a circle and ends nowhere',
      '1 unknown_parent: C:1 has the parent D:1, which no unit is',
      '3 duplicate_code: C:70 stands twice, first on line 2',
    ]);
  });

  it('may go in a circle that also leads out of it', () => {
    const successions = [
      ['C:7', 'C:8'],
      ['C:8', 'C:7'],
      ['C:8', 'C:1'],
    ] as const;
    const tree = TerritoryTree.build([{ code: 'C:1' }], { successions });
    expect([...tree.formerCodes()]).toEqual([
      ['C:7', ['C:1']],
      ['C:8', ['C:1']],
    ]);
  });

  it('in a succession must be codes', () => {
    const long = `C:${'0'.repeat(254)}`;
    const successions = [
      ['c:7', 'C:1'],
      ['C:7', 'oops'],
      [long, 'C:1'],
      [7, 'C:1'],
    ] as unknown as [string, string][];
    expect(errorOf([{ code: 'C:1' }], { successions }).faults.map(({ fault, code }) => [fault, code])).toEqual([
      ['malformed_code', 'c:7'],
      ['malformed_code', 'C:7'],
      ['malformed_code', long],
      ['malformed_code', '7'],
    ]);
  });
});

describe('the error of a build', () => {
  it('names what is wrong with no units at all', () => {
    expect(faultsOf([])).toEqual(['- malformed_unit: there are no units']);
    expect(faultsOf([], {})).toEqual(['- malformed_unit: there are no units']);
  });

  it('holds the faults that the reader of the units found, in order of lines', () => {
    const read: BuildFault = { fault: 'malformed_unit', code: '', line: 2, message: 'no JSON' };
    const units = [read, { code: 'c', line: 3 }, { code: 'd', line: 1 }];
    expect(errorOf(units).faults.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(errorOf([read]).message).toBe('1 fault in the units:\n  line 2: no JSON');
  });

  it('is that of a client, in the shape of Elasticsearch', () => {
    const error = errorOf([{ code: 'c', line: 1 }]);
    expect(error.toBody()).toEqual({
      error: {
        root_cause: [{ type: 'territory_build_exception', reason: error.message }],
        type: 'territory_build_exception',
        reason: error.message,
        faults: error.faults,
      },
      status: 400,
    });
  });

  it('is what the promise of an asynchronous build is rejected with', async () => {
    const stream = async function* () {
      yield { code: 'c' };
    };
    await expect(TerritoryTree.build(stream())).rejects.toThrow(TreeBuildError);
  });
});

it('more levels than a tree can number are refused, not folded into each other', () => {
  const units = Array.from({ length: 65_537 }, (_, i) => ({ code: `L${i}:1` }));
  const options = { partitions: [{ name: 'main', levels: units.map((_, i) => `L${i}`) }] };
  expect(() => TerritoryTree.build(units, options)).toThrow('at most 65536 levels; the codes here name 65537');
});
