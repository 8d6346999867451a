import { bodyType } from '../../src/query/body-type.js';

const V8 = 'application/vnd.elasticsearch+json; compatible-with=8';

it.each([
  [undefined, undefined, 'application/json'],
  ['application/json', 'application/x-ndjson', 'application/x-ndjson'],
  [V8, undefined, 'application/vnd.elasticsearch+json;compatible-with=8'],
  [V8, 'application/x-ndjson', 'application/vnd.elasticsearch+x-ndjson;compatible-with=8'],
  [
    'application/vnd.elasticsearch+text;Compatible-With = 7',
    undefined,
    'application/vnd.elasticsearch+json;compatible-with=7',
  ],
  ['*/*', 'application/vnd.elasticsearch+x-ndjson;compatible-with=8', 'application/x-ndjson'],
  [`text/plain, ${V8}`, undefined, 'application/json'],
  [`${V8}, text/plain`, undefined, 'application/json'],
])('a client that accepts %s and said %s gets a body of %s sent', (accept, given, type) => {
  expect(bodyType(accept, given)).toBe(type);
});
