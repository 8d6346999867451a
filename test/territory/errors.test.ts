import {
  MixedTreesError,
  TerritoryError,
  TerritorySyntaxError,
  TerritoryTooLargeError,
  TerritoryUnsupportedError,
  TerritoryVersionError,
  TreeCacheMissing,
  UnknownUnitError,
} from '../../src/territory/index.js';

describe('an error of ours', () => {
  it.each([
    [new TerritorySyntaxError('no'), 'territory_syntax_exception', 400, {}],
    [new TerritorySyntaxError('no', 3), 'territory_syntax_exception', 400, { column: 3 }],
    [new TerritoryUnsupportedError('no'), 'territory_unsupported_exception', 400, {}],
    [new TerritoryVersionError('no'), 'territory_version_exception', 409, {}],
    [new TerritoryTooLargeError('no'), 'territory_too_large_exception', 413, {}],
    [new MixedTreesError('no'), 'territory_mixed_trees_exception', 400, {}],
    [new TreeCacheMissing('no'), 'tree_cache_missing_exception', 500, {}],
  ])('%s has the shape of one of Elasticsearch', (error, type, status, details) => {
    expect(error).toBeInstanceOf(TerritoryError);
    expect(error.name).toBe(error.constructor.name);
    const cause = { type, reason: 'no' };
    expect(error.toBody()).toEqual({ error: { root_cause: [cause], ...cause, ...details }, status });
  });

  it('names unknown units with their suggestions', () => {
    const error = new UnknownUnitError(['COM:234', 'X:1'], { 'COM:234': ['COM:01234', 'COM:02234'] });
    const reason = 'unknown units [COM:234] (did you mean COM:01234, COM:02234?), [X:1]';
    const cause = { type: 'unknown_unit_exception', reason };
    expect(error.toBody()).toEqual({
      error: {
        root_cause: [cause],
        ...cause,
        units: ['COM:234', 'X:1'],
        suggestions: { 'COM:234': ['COM:01234', 'COM:02234'] },
      },
      status: 400,
    });
    expect(new UnknownUnitError(['X:1']).message).toBe('unknown unit [X:1]');
  });
});
