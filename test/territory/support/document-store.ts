/** The few kinds of query that an expansion is made of, as Elasticsearch matches them on `keyword` fields. */
export type StoredDocument = Readonly<Record<string, readonly string[]>>;

type Query = Record<string, unknown>;

/** Whether a document matches. Throws on whatever an expansion has no business to contain. */
export function matchesQuery(query: Query, document: StoredDocument): boolean {
  const [[kind, body], ...others] = Object.entries(query) as [[string, Query], ...unknown[]];
  if (others.length > 0) throw new Error(`a query has one kind, here are ${Object.keys(query).join(', ')}`);
  switch (kind) {
    case 'match_none':
      onlyKeys(body, ['boost', '_name']);
      return false;
    case 'constant_score':
      onlyKeys(body, ['filter', 'boost', '_name']);
      return matchesQuery(body.filter as Query, document);
    case 'bool':
      return matchesBool(body, document);
    case 'exists':
      onlyKeys(body, ['field']);
      return (document[body.field as string] ?? []).length > 0;
    case 'term': {
      const [[field, code]] = Object.entries(body) as [[string, string]];
      return (document[field] ?? []).includes(code);
    }
    case 'terms': {
      const [[field, codes]] = Object.entries(body) as [[string, string[]]];
      if (codes.length > 65_536) throw new Error(`too many terms: ${codes.length}`);
      return (document[field] ?? []).some((code) => codes.includes(code));
    }
    default:
      throw new Error(`no expansion holds ${kind}`);
  }
}

function matchesBool(body: Query, document: StoredDocument): boolean {
  onlyKeys(body, ['should', 'minimum_should_match', 'filter', 'must_not', 'boost', '_name']);
  const { should, filter = [], must_not = [] } = body as { should?: Query[]; filter?: Query[]; must_not?: Query[] };
  if (should !== undefined && body.minimum_should_match !== 1) throw new Error('one of `should` must match');
  return (
    (should === undefined || should.some((clause) => matchesQuery(clause, document))) &&
    filter.every((clause) => matchesQuery(clause, document)) &&
    !must_not.some((clause) => matchesQuery(clause, document))
  );
}

function onlyKeys(body: Query, allowed: readonly string[]): void {
  const strange = Object.keys(body).filter((key) => !allowed.includes(key));
  if (strange.length > 0) throw new Error(`unexpected ${strange.join(', ')}`);
}
