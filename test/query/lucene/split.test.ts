import { findShorthand, type QueryStringSettings, split } from '../../../src/query/lucene/index.js';
import { TerritoryUnsupportedError } from '../../../src/territory/errors.js';

/** Splits off every use as `{"t":"CODE"}`; texts appear as `{"q":"…"}`. */
function splitText(text: string, defaultOperator: 'and' | 'or' = 'or', settings: QueryStringSettings = {}, outer = '') {
  const reading = findShorthand(text, 'territory', defaultOperator);
  const pieces = reading.uses.map(({ values }) => ({ query: JSON.stringify({ t: values[0] }) }));
  const queryString = (q: string) => JSON.stringify({ q });
  return JSON.parse(split(reading, pieces, { settings, defaultOperator, queryString, outer }));
}

const T = { t: 'A:1' };
const N = '(+*:* -*:*)';

describe('split', () => {
  it('filters by a territory that the string requires', () => {
    expect(splitText('a AND territory:A:1')).toEqual({ bool: { filter: [T], must: [{ q: 'a AND (*:*)^0' }] } });
    expect(splitText('territory:A:1 AND NOT b').bool.filter).toEqual([T]);
    expect(splitText('a +territory:A:1 b').bool.filter).toEqual([T]);
    expect(splitText('a territory:A:1 b', 'and').bool.filter).toEqual([T]);
    expect(splitText('(a +territory:A:1)^2').bool.filter).toEqual([T]);
  });

  it('leaves no text where the string is nothing but the territory', () => {
    expect(splitText('(territory:A:1)')).toEqual({ bool: { filter: [T] } });
    expect(splitText('territory:A:1^2')).toEqual({ bool: { filter: [T], must: [{ q: '(*:*)^2' }] } });
  });

  it('keeps out what the string excludes', () => {
    expect(splitText('a -territory:A:1')).toEqual({ bool: { must: [{ q: `a -${N}` }], must_not: [T] } });
    expect(splitText('NOT territory:A:1', 'and')).toEqual({ bool: { must: [{ q: `NOT ${N}` }], must_not: [T] } });
  });

  it('asks both ways of any other territory', () => {
    const both = {
      should: [
        { bool: { filter: [T], must: [{ q: 'a (*:*)^0' }] } },
        { bool: { must: [{ q: `a ${N}` }], must_not: [T] } },
      ],
      minimum_should_match: 1,
    };
    expect(splitText('a territory:A:1')).toEqual({ bool: { must: [{ bool: both }] } });
    expect(splitText('territory:A:1 OR a', 'and').bool.filter).toBeUndefined();
    expect(splitText('territory:A:1 the OR a', 'and').bool.filter).toBeUndefined();
    expect(splitText('a AND (b OR territory:A:1)').bool.filter).toBeUndefined();
    expect(splitText('-(a +territory:A:1)').bool.filter).toBeUndefined();
  });

  it('leaves words that are analysed together where the territory follows them', () => {
    const inside = splitText('exact:(of cat territory:A:1)').bool.must[0].bool.should[0].bool.must[0].q;
    const [group] = findShorthand(`${inside} territory`, 'territory').clauses;
    expect(group?.kind === 'group' && group.clauses.map(({ kind }) => kind)).toEqual(['words', 'group']);
  });

  it('moves boost and name to the outer bool', () => {
    expect(splitText('territory:A:1', 'or', {}, '"boost":2,"_name":"x"')).toEqual({
      bool: { filter: [T], boost: 2, _name: 'x' },
    });
  });

  it('leaves in the text what is written in', () => {
    const reading = findShorthand('territory:A:1 AND territory:B:1', 'territory');
    const frame = {
      settings: {},
      defaultOperator: 'or' as const,
      queryString: (q: string) => JSON.stringify({ q }),
      outer: '',
    };
    expect(JSON.parse(split(reading, [{ text: 'f:"A:1"^0' }, { query: '{"t":"B:1"}' }], frame))).toEqual({
      bool: { filter: [{ t: 'B:1' }], must: [{ q: 'f:"A:1"^0 AND (*:*)^0' }] },
    });
  });

  it('refuses minimum_should_match, and more territories than it can ask both ways', () => {
    expect(() => splitText('a territory:A:1', 'or', { minimum_should_match: 1 })).toThrow(TerritoryUnsupportedError);
    expect(() => splitText('a territory:A:1', 'or', { minimum_should_match: null })).not.toThrow();
    const five = Array.from({ length: 5 }, (_, i) => `territory:A:${i}`);
    expect(() => splitText(five.join(' '))).toThrow(/^5 territories/);
    expect(() => splitText(five.join(' '), 'and')).not.toThrow();
  });
});
