import { Tagger, type TagOptions } from '../../src/query/tagger.js';
import { expand } from '../../src/territory/index.js';
import { tree } from './small-tree.js';

const LYON = '["CNTRY:F","COM:69123","DEP:69","EPCI:200046977","REG:84"]';

function tag(lines: readonly string[], options: Partial<TagOptions> = {}): string[] {
  const tagger = new Tagger(tree, { units: 'tags', ancestors: 'path', ...options });
  return lines.map((line) => tagger.line(Buffer.from(line)).toString());
}

describe('tagging documents', () => {
  it('adds the units around the tags, by atoms, and touches no other byte', () => {
    expect(tag(['{"id": 12345678901234567890, "tags" : "COM:69123" , "x":1.0}'])).toEqual([
      `{"id": 12345678901234567890, "tags" : "COM:69123","path":${LYON} , "x":1.0}`,
    ]);
  });

  it('takes the union over several tags', () => {
    expect(tag(['{"tags":["COM:69123","DEP:01"]}'])).toEqual([
      '{"tags":["COM:69123","DEP:01"],"path":["CNTRY:F","COM:69123","DEP:01","DEP:69","EPCI:200046977","REG:84"]}',
    ]);
  });

  it('a group is inside of what holds all its members, though no arrow says so', () => {
    expect(tag(['{"tags":["EPCI:200046977"]}'])).toEqual([
      '{"tags":["EPCI:200046977"],"path":["CNTRY:F","DEP:69","EPCI:200046977","REG:84"]}',
    ]);
    expect(tag(['{"tags":["EPCI:200046977"]}'], { ancestorsBy: 'arrows' })).toEqual([
      '{"tags":["EPCI:200046977"],"path":["EPCI:200046977"]}',
    ]);
  });

  it('by arrows goes up from the unit itself, not from its cover', () => {
    expect(tag(['{"tags":"COM:75056"}'], { ancestorsBy: 'arrows' })).toEqual([
      '{"tags":"COM:75056","path":["CNTRY:F","COM:75056","DEP:75","REG:11"]}',
    ]);
  });

  it('a former code counts as what took it over, and stays', () => {
    expect(tag(['{"tags":"COM:01091"}'])).toEqual([
      '{"tags":"COM:01091","path":["CNTRY:F","COM:01033","COM:01091","DEP:01","REG:84"]}',
    ]);
  });

  it('replaces an old value', () => {
    expect(tag(['{"path": ["old"], "tags":"COM:69123"}'])).toEqual([`{"path": ${LYON}, "tags":"COM:69123"}`]);
  });

  it('goes into objects, and reads names with dots', () => {
    const options = { units: 'place.tags', ancestors: 'place.path' };
    expect(tag(['{"place":{"tags":"COM:69123"}}'], options)).toEqual([`{"place":{"tags":"COM:69123","path":${LYON}}}`]);
    expect(tag(['{"place.tags":"COM:69123"}'], options)).toEqual([`{"place.tags":"COM:69123","place.path":${LYON}}`]);
    expect(tag(['{"place":{"tags":"COM:69123"},"x":1}'], { ...options, ancestors: 'path' })).toEqual([
      `{"place":{"tags":"COM:69123"},"x":1,"path":${LYON}}`,
    ]);
  });

  it('can be kept to some levels', () => {
    expect(tag(['{"tags":"COM:69123"}'], { levels: ['DEP', 'REG'] })).toEqual([
      '{"tags":"COM:69123","path":["COM:69123","DEP:69","REG:84"]}',
    ]);
  });

  it('leaves documents without tags and blank lines as they are', () => {
    const lines = ['{"a":1}', '', '{"tags":[]}', '{"tags":null}', ' '];
    expect(tag(lines)).toEqual(lines);
  });

  it('knows the body of a bulk by its first line', () => {
    const lines = [
      '{"index":{"_id":"1"}}',
      '{"tags":"COM:69123"}',
      '{"delete":{"_id":"2"}}',
      '{"update":{"_id":"3"}}',
      '{"doc":{"tags":"COM:69123"},"upsert":{"tags":"COM:69123"},"tags":"COM:69123"}',
      '{"create":{}}',
      '{"index":{},"tags":"COM:69123"}',
    ];
    expect(tag(lines)).toEqual([
      lines[0],
      `{"tags":"COM:69123","path":${LYON}}`,
      lines[2],
      lines[3],
      `{"doc":{"tags":"COM:69123","path":${LYON}},"upsert":{"tags":"COM:69123","path":${LYON}},"tags":"COM:69123"}`,
      lines[5],
      `{"index":{},"tags":"COM:69123","path":${LYON}}`,
    ]);
  });

  it('faults name the line', () => {
    expect(() => tag(['{"tags":"DEP:69"}', '{"tags":["COM:9","DEP:01"]}'])).toThrow(
      /line 2 is tagged with unknown unit \[COM:9\]/,
    );
    expect(() => tag(['{"tags":'])).toThrow(/line 1 is no JSON object/);
    expect(() => tag(['{"tags":1}'])).toThrow(/line 1 has tags in \[tags\] that are no text/);
    expect(() => tag(['{"index":{}}', '{}', '{"a":1}'])).toThrow(/line 3 is no action/);
  });

  it('may keep tags that the tree does not know', () => {
    const tagger = new Tagger(tree, { units: 'tags', ancestors: 'path', unknown: 'keep' });
    expect(tagger.line(Buffer.from('{"tags":["COM:9","COM:69123"]}')).toString()).toBe(
      '{"tags":["COM:9","COM:69123"],"path":["CNTRY:F","COM:69123","COM:9","DEP:69","EPCI:200046977","REG:84"]}',
    );
    expect([...tagger.unknown]).toEqual([['COM:9', 1]]);
    expect(tagger.tagged).toBe(1);
  });

  it('what is tagged so is what the expansion finds', () => {
    const [tagged] = tag(['{"tags":["COM:69266"]}']);
    const path: string[] = JSON.parse(tagged!).path;
    const found = expand(tree.parse('REG:84 - DEP:01'), { units: 'tags', ancestors: 'path' }, 'within');
    if (found.kind !== 'any') throw new Error(found.kind);
    expect(found.clauses[0]!.codes.some((code) => path.includes(code))).toBe(true);
  });
});
