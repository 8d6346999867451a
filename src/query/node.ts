/** The grammar's tables, linked into nodes that the walker follows. */
import { EXTENDED, type LeafForm, PRODUCTIONS, type Production, QUERIES, RESTRICTED, type TextUse } from './grammar.js';
import { KeyTable } from './json/key-table.js';

/** What a value at one place of a body is. */
export interface Node {
  readonly name: string;
  /** What lies under each key of an object. */
  keys: KeyTable<Node> | undefined;
  /** What lies under any other key. */
  rest: Node | undefined;
  /** What the elements of an array are; `undefined`: no query. */
  items: Node | undefined;
  /** What a string is. */
  text: TextUse | undefined;
  /** An object is a query: its key is the query's type, or the shorthand. */
  isQuery: boolean;
  /** Why the shorthand can't stand here, though it is a query. */
  restricted: string | undefined;
  /** The shorthand as a key makes the query that this object belongs to a place. */
  leaf: LeafForm | undefined;
  /** Keys are fields, among which the shorthand is refused. */
  namesFields: boolean;
  /** Any mention of the shorthand is refused. */
  wary: boolean;
  /** Its own texts are in base64, in which no mention can be seen. */
  isWrapped: boolean;
}

const naming = new Map<Node, boolean>();

/** Whether the names of indices may stand somewhere in a value. */
export function namesIndices(root: Node): boolean {
  const known = naming.get(root);
  if (known !== undefined) return known;
  const seen = new Set([root]);
  for (const { keys, rest, items } of seen) {
    for (const below of [...(keys?.values() ?? []), rest, items]) if (below !== undefined) seen.add(below);
  }
  const names = [...seen].some(({ text }) => text === 'index');
  naming.set(root, names);
  return names;
}

function node(name: string): Node {
  return {
    name,
    keys: undefined,
    rest: undefined,
    items: undefined,
    text: undefined,
    isQuery: false,
    restricted: undefined,
    leaf: undefined,
    namesFields: false,
    wary: false,
    isWrapped: false,
  };
}

const nodes = new Map<string, Node>();

/** The node of a row: `query`, `map aggregation`, `each query`, `text lucene`. Made once, so that the grammar may recur. */
export function nodeOf(spec: string): Node {
  const known = nodes.get(spec);
  if (known !== undefined) return known;
  const made = node(spec);
  nodes.set(spec, made);
  fill(made, spec);
  return made;
}

/**
 * The spec of a document whose fields at these paths hold queries (`query`, `alerts.query`); of an update, such a document
 * lies in `doc` and `upsert`.
 */
export function percolatorSpec(fields: readonly string[], kind: 'one' | 'update'): string {
  const spec = `${kind === 'one' ? 'document' : 'update'} ${fields.join(' ')}`;
  if (nodes.has(spec)) return spec;
  const document = node(spec);
  document.items = document;
  for (const field of fields) addPath(document, field);
  if (kind === 'one') nodes.set(spec, document);
  else {
    const update = node(spec);
    update.keys = new KeyTable();
    for (const key of ['doc', 'upsert']) update.keys.set(key, document);
    nodes.set(spec, update);
  }
  return spec;
}

/** A path may be written as one key with dots, or as objects in one another, or as any mix of these. */
function addPath(at: Node, path: string): void {
  at.keys ??= new KeyTable();
  at.keys.set(path, nodeOf('query'));
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot);
    let below = at.keys.get(name);
    if (below === undefined) {
      below = node(name);
      below.items = below;
      at.keys.set(name, below);
    }
    addPath(below, path.slice(dot + 1));
  }
}

function fill(made: Node, spec: string): void {
  const space = spec.indexOf(' ');
  if (space < 0) {
    fillNamed(made, spec);
    return;
  }
  const rest = spec.slice(space + 1);
  switch (spec.slice(0, space)) {
    case 'map':
      made.rest = nodeOf(rest);
      made.items = made;
      return;
    case 'each':
      made.rest = nodeOf(rest);
      made.items = nodeOf(rest);
      return;
    case 'text':
      made.text = rest as TextUse;
      made.items = made;
      return;
    default:
      throw new Error(`the grammar has a row that can't be read: ${spec}`);
  }
}

function fillNamed(made: Node, name: string): void {
  made.items = made;
  switch (name) {
    case 'query':
    case 'spanQuery':
    case 'multiTermQuery':
      fillQuery(made, RESTRICTED[name]);
      return;
    case 'anything':
      made.wary = true;
      made.rest = made;
      made.text = 'any';
      return;
    case 'fieldKeys':
      made.namesFields = true;
      return;
    case 'templateSource':
      made.wary = true;
      made.rest = nodeOf('anything');
      made.text = 'template';
      return;
    case 'template':
      made.text = 'template';
      made.keys = table(PRODUCTIONS.template);
      return;
    case 'roleQuery':
      fillQuery(made, undefined);
      made.text = 'json';
      made.keys!.set('template', nodeOf('roleQueryTemplate'));
      return;
  }
  const extended = EXTENDED[name];
  const rows = extended === undefined ? (PRODUCTIONS as Record<string, Production>)[name] : undefined;
  if (extended !== undefined) made.keys = table({ ...PRODUCTIONS[extended.of], ...extended.rows });
  else if (rows !== undefined) made.keys = table(rows);
  else throw new Error(`the grammar names a production that it does not have: ${name}`);
}

function fillQuery(made: Node, restricted: string | undefined): void {
  made.isQuery = true;
  made.restricted = restricted;
  made.keys = new KeyTable();
  for (const [type, row] of Object.entries(QUERIES)) {
    const query = node(type);
    query.leaf = row.leaf;
    query.namesFields = row.keys === true;
    if (row.inside !== undefined) query.keys = table(row.inside);
    query.isWrapped = [...(query.keys?.values() ?? [])].some(({ text }) => text === 'wrapper');
    if (row.parameters !== undefined) query.rest = nodeOf(row.parameters);
    made.keys.set(type, query);
  }
  made.rest = nodeOf('anything');
}

function table(rows: Production): KeyTable<Node> {
  const keys = new KeyTable<Node>();
  for (const [key, spec] of Object.entries(rows)) keys.set(key, nodeOf(spec));
  return keys;
}
