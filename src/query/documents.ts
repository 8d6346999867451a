/** Documents of indices whose configuration names percolator fields: these hold queries. All other data is left alone. */
import type { BodyRewrite, BodyRewriter } from './body.js';
import { GrowingBody } from './growing-body.js';
import { InvalidJson, JsonScanner } from './json/scanner.js';
import { type JsonValue, memberOf, readMember } from './json/value.js';
import { percolatorSpec } from './node.js';
import type { Targets } from './target.js';
import type { Replacement } from './types.js';

const DEFINITION = 'a percolator query';
const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;

/**
 * Rewrites the queries in percolator fields.
 *
 * @param indices the index of the path; each action of a bulk may name its own
 * @returns `undefined` where nothing changes
 * @throws TerritoryError; of a bulk, the first refused document refuses it all
 */
export function rewriteDocuments(
  rewriter: BodyRewriter,
  targets: Targets,
  kind: 'one' | 'update' | 'bulk',
  body: Buffer,
  indices: string,
): BodyRewrite | undefined {
  if (kind === 'bulk') return rewriteBulk(rewriter, targets, body, indices);
  return rewriteOne(rewriter, targets, kind, body, indices);
}

function rewriteOne(
  rewriter: BodyRewriter,
  targets: Targets,
  kind: 'one' | 'update',
  body: Buffer,
  index: string,
): BodyRewrite | undefined {
  const fields = targets.percolators(index);
  if (fields.length === 0) return undefined;
  return rewriter.rewrite(body, percolatorSpec(fields, kind), () => targets.of(index), DEFINITION);
}

function rewriteBulk(rewriter: BodyRewriter, targets: Targets, body: Buffer, indices: string): BodyRewrite | undefined {
  const made = new GrowingBody(rewriter.options.limits.expandedBytes);
  const replaced: Replacement[] = [];
  const dropped: string[] = [];
  let places = 0;
  let action: Action | undefined;
  for (const [number, line] of [...linesOf(body)].entries()) {
    if (action === undefined) {
      made.keep(line);
      const read = actionOf(line, indices);
      if (read?.name !== 'delete') action = read;
      continue;
    }
    const { name, index } = action;
    action = undefined;
    const rewrite = rewriteOne(rewriter, targets, name === 'update' ? 'update' : 'one', line, index);
    if (rewrite === undefined) {
      made.keep(line);
      continue;
    }
    made.expand(rewrite.body);
    places += rewrite.places;
    replaced.push(...rewrite.replaced.map((one) => ({ ...one, place: `line ${number + 1}: ${one.place}` })));
    dropped.push(...rewrite.dropped);
  }
  if (places === 0) return undefined;
  return { body: made.whole(), replaced, places, dropped };
}

/** Lines with their newlines. */
function* linesOf(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; ) {
    const newline = body.indexOf(NEWLINE, from);
    const end = newline < 0 ? body.length : newline + 1;
    yield body.subarray(from, end);
    from = end;
  }
}

interface Action {
  /** One that Elasticsearch does not know: 8 refuses the bulk, 7 passes over it and the line behind it. */
  readonly name: string;
  readonly index: string;
}

/**
 * The first member of a line, whatever follows: so Elasticsearch reads it, with a warning at most where a brace is missing or
 * another action stands behind. `undefined` for a line that is blank, which is passed over, or no action, for which
 * Elasticsearch will refuse the bulk.
 */
function actionOf(line: Buffer, indices: string): Action | undefined {
  const scanner = new JsonScanner(line);
  scanner.mark();
  try {
    if (scanner.space() !== OPEN_BRACE) return undefined;
    scanner.pos++;
    scanner.space();
    const { name, value } = readMember(line, scanner.pos);
    return { name, index: indexOf(value) ?? indices };
  } catch (error) {
    if (error instanceof InvalidJson) return undefined;
    throw error;
  }
}

/** A number or a literal is a name too, but for `null`. */
function indexOf(parameters: JsonValue): string | undefined {
  const index = memberOf(parameters, '_index');
  if (index?.kind === 'scalar') return index.text === 'null' ? undefined : index.text;
  return index?.kind === 'string' ? index.text : undefined;
}
