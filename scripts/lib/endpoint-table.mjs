/** The table of endpoints for the README, from the tables that the rewriter goes by. */

const BEGIN = '<!-- endpoints: made by npm run docs:endpoints -->';
const END = '<!-- /endpoints -->';

/** Texts in which the shorthand is refused, by their use in the grammar. */
const TEXTS = {
  sql: 'in the text of the SQL: put it into `filter`',
  esql: 'in the text of the ES\\|QL: put it into `filter`',
  eql: 'in the text of the EQL: put it into `filter`',
};

/**
 * @param {readonly import('../../dist/query/endpoints.js').Endpoint[]} endpoints
 * @param {Readonly<Record<string, Readonly<Record<string, string>>>>} productions
 * @param {Readonly<Record<string, { of: string, rows: Readonly<Record<string, string>> }>>} extended
 * @returns {string} Markdown
 */
export function endpointTable(endpoints, productions, extended) {
  const rowsOf = (name) => {
    const more = extended[name];
    return more === undefined ? (productions[name] ?? {}) : { ...productions[more.of], ...more.rows };
  };
  const known = new Map();
  const holdsQuery = (spec) => {
    if (spec.startsWith('text ')) return false;
    const name = spec.replace(/^(?:map|each) /, '');
    if (name === 'query' || name === 'roleQuery') return true;
    if (!known.has(name)) {
      known.set(name, false);
      known.set(name, Object.values(rowsOf(name)).some(holdsQuery));
    }
    return known.get(name);
  };

  const lines = [...groupBy(endpoints, ({ name }) => name)].map(([name, rows]) => {
    const paths = [...groupBy(rows, ({ methods }) => methods.join(' '))].map(
      ([methods, same]) =>
        `${methods} ${shortened(same.map(({ path }) => path))
          .map(code)
          .join(', ')}`,
    );
    return `| ${name} | ${paths.join('; ')} | ${rewritten(rows)} | ${refused(rows) || '—'} |`;
  });
  return ['| endpoint | requests | rewritten in | refused |', '|---|---|---|---|', ...lines].join('\n');

  /** The keys of their bodies under which a query may stand; a search body has a name of its own in the text. */
  function placesOf(rows) {
    const bodies = [...new Set(rows.map(({ body }) => body))];
    if (bodies.includes('searchBody')) return 'a search (above)';
    const keys = bodies.flatMap((body) => Object.entries(rowsOf(body)).filter(([, spec]) => holdsQuery(spec)));
    return [...new Set(keys.map(([key]) => code(key)))].join(' ') || 'nothing';
  }

  function rewritten(rows) {
    const [{ q, lines: inLines, template, system, documents, definition }] = rows;
    if (system !== undefined) return 'nothing';
    if (documents !== undefined) return 'fields of `indices.….percolator`, with `definitions: expand`';
    const places = placesOf(rows);
    const parts = [
      template === undefined ? places : `what the template renders to: ${places}`,
      ...(q === undefined
        ? []
        : [q === 'over-body' ? '`q=`, which goes before `query`' : '`q=`, where there is no body']),
      ...(inLines === undefined ? [] : ['each line by itself']),
      ...(definition === undefined ? [] : ['with `definitions: expand`']),
    ];
    return parts.join('; ');
  }

  function refused([{ body, lines: inLines, system, documents, definition }]) {
    const parts = [];
    if (system !== undefined) parts.push(`all: ${system} have no territory`);
    if (definition !== undefined)
      parts.push(`all, unless \`definitions: expand\`: ${definition} would freeze today's map`);
    if (documents !== undefined)
      parts.push("there, unless `definitions: expand`: it would freeze today's map; elsewhere a document is data");
    for (const spec of Object.values(rowsOf(body))) {
      const text = TEXTS[spec.replace('text ', '')];
      if (text !== undefined) parts.push(text);
    }
    if (inLines !== undefined) parts.push('a search by itself; the others run');
    return parts.join('; ');
  }
}

/** The same path with and without an index, or with a type of 7.x, is one: `[/{index}[/{type}]]/_search`. */
function shortened(paths) {
  const all = new Set(paths);
  return paths.flatMap((path) => {
    const bare = path.replace(/^\/\{index\}/, '').replace(/^\/\{type\}/, '');
    if (bare === path || bare === '')
      return all.has(`/{index}${path}`) || path.startsWith('/{') ? (path.startsWith('/{') ? [path] : []) : [path];
    const typed = all.has(`/{index}/{type}${bare}`);
    if (path.startsWith('/{index}/{type}')) return all.has(`/{index}${bare}`) ? [] : [path];
    const inner = typed ? '/{index}[/{type}]' : '/{index}';
    return [all.has(bare) ? `[${inner}]${bare}` : `${inner}${bare}`];
  });
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function code(text) {
  return `\`${text}\``;
}

/**
 * The README with the table between its marks.
 * @throws {Error} where a mark is missing
 */
export function withTable(readme, table) {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The README lacks the marks ${BEGIN} and ${END}.`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${readme.slice(end)}`;
}
