import { checkFieldMappings, type FieldMapping, fieldsOf } from '../../src/config/mapping-check.js';

const check = (mapping: FieldMapping | undefined) =>
  checkFieldMappings(
    { units: 'meta.tu' },
    { articles: { mappings: mapping === undefined ? {} : { 'meta.tu': { mapping: { tu: mapping } } } } },
  );

describe('the check of the mappings', () => {
  it.each([
    [{ type: 'keyword' }],
    [{ type: 'constant_keyword' }],
    [{ type: 'alias' }],
    [{ type: 'keyword', index: false }],
  ])('finds nothing wrong with %j', (mapping) => {
    expect(check(mapping)).toEqual([]);
  });

  it.each([
    [undefined, 'is not in the mapping', 'add it: {"properties": {"meta.tu": {"type": "keyword"}}}'],
    [
      { type: 'text' },
      'is of type text, which does not hold a code as one term',
      'map it as keyword, or name a field that is one',
    ],
    [
      { type: 'text', fields: { lower: { type: 'keyword', normalizer: 'lowercase' }, raw: { type: 'keyword' } } },
      'is of type text, which does not hold a code as one term',
      'name meta.tu.raw instead',
    ],
    [
      { type: 'keyword', normalizer: 'lowercase' },
      'has the normalizer lowercase, which changes codes',
      'map it as keyword, or name a field that is one',
    ],
    [
      { type: 'keyword', index: false, doc_values: false },
      'is neither indexed nor has doc values, so nothing can be found by it',
      'index it',
    ],
  ])('of %j says that it %s, and what to do', (mapping, message, hint) => {
    expect(check(mapping)).toEqual([{ index: 'articles', field: 'meta.tu', key: 'units', message, hint }]);
  });

  it('asks for each field once', () => {
    expect(fieldsOf({ units: 'a', ancestors: 'b' })).toEqual(['a', 'b']);
    expect(fieldsOf({ units: 'a', ancestors: 'a' })).toEqual(['a']);
    expect(fieldsOf({ ancestors: 'b' })).toEqual(['b']);
  });
});
