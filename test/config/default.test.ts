import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.js';
import { indexFields, shape } from '../../src/config/schema.js';

const file = new URL('../../config/default.yaml', import.meta.url);
const text = readFileSync(file, 'utf8');

/** Paths of all keys, `limits.depth`. */
function paths(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => [prefix + key, ...paths(member, `${prefix}${key}.`)]);
}

describe('config/default.yaml', () => {
  const defaults = loadConfig({ environment: {} });

  it('says what the defaults are', () => {
    expect(loadConfig({ file: file.pathname, environment: {} })).toEqual(defaults);
  });

  it('holds every key of the schema', () => {
    expect(paths(parse(text)).sort()).toEqual(paths({ ...defaults, indices: {} }).sort());
    expect(Object.keys(defaults)).toEqual(Object.keys(shape));
  });

  it('has a comment for every key, and for every key of an index', () => {
    const lines = text.split('\n');
    for (const path of paths(parse(text)).filter(
      (path) => !path.startsWith('upstream.tls.') && !path.startsWith('tls.'),
    )) {
      const key = path.split('.').at(-1) ?? '';
      const at = lines.findIndex((line) => line.trim().startsWith(`${key}:`) && !line.trim().startsWith('#'));
      const above = lines.slice(Math.max(0, at - 3), at).some((line) => line.trim().startsWith('#'));
      const below = lines[at + 1]?.trim().startsWith('#'); // a group is explained at its keys
      expect({ path, explained: above || below }).toEqual({ path, explained: true });
    }
    for (const key of Object.keys(indexFields.shape)) expect(text).toMatch(new RegExp(`^#   ${key}: `, 'm'));
  });
});
