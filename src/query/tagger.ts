import { TerritorySyntaxError, UnknownUnitError } from '../territory/errors.js';
import type { TerritoryTree } from '../territory/tree.js';
import { Ancestors, type AncestorsOptions } from './ancestors.js';
import { InvalidJson } from './json/scanner.js';
import { type JsonMember, type JsonValue, readValue } from './json/value.js';
import { type Splice, splice } from './splice.js';

export interface TagOptions extends AncestorsOptions {
  /** The field with the codes that a document is tagged with; dots go into objects. */
  readonly units: string;
  /** The field that the ancestors are written to; an old value is replaced. */
  readonly ancestors: string;
  /** What lines are: documents, the body of a bulk, or (default) what the first line looks like. */
  readonly format?: 'documents' | 'bulk' | 'auto' | undefined;
  /** Whether a tag that the tree does not know is an error, or stays alone. */
  readonly unknown?: 'error' | 'keep' | undefined;
}

const ACTIONS = new Set(['index', 'create', 'update', 'delete']);

/**
 * Adds the ancestors to documents, line by line: the codes they are tagged with and all units around them, by atoms, so
 * that `within` can be asked with a short covering. All other bytes stay as they are. A line may be a document, or, in a
 * bulk body, an action or its document (of an update: what lies in `doc` and `upsert`).
 */
export class Tagger {
  readonly #ancestors: Ancestors;
  #format: 'documents' | 'bulk' | undefined;
  #action: 'index' | 'update' | undefined;
  #line = 0;
  /** Documents that were given ancestors, and tags that the tree does not know, with how often they came. */
  tagged = 0;
  readonly unknown = new Map<string, number>();

  constructor(
    tree: TerritoryTree,
    readonly options: TagOptions,
  ) {
    this.#ancestors = new Ancestors(tree, options);
    if (options.format !== 'auto') this.#format = options.format;
  }

  /**
   * The next line, without its newline. Throws TerritorySyntaxError for a line that is no JSON object, UnknownUnitError
   * for tags that the tree does not know; both name the line.
   */
  line(line: Buffer): Buffer {
    this.#line++;
    if (isBlank(line)) return line;
    const value = this.#read(line);
    this.#format ??= actionOf(value) === undefined ? 'documents' : 'bulk';
    if (this.#format === 'documents') return this.#tag(line, [value]);
    if (this.#action === undefined) {
      const action = actionOf(value);
      if (action === undefined) throw this.#fault('is no action of a bulk (index, create, update, delete)');
      if (action !== 'delete') this.#action = action === 'update' ? 'update' : 'index';
      return line;
    }
    const action = this.#action;
    this.#action = undefined;
    if (action === 'index') return this.#tag(line, [value]);
    const documents = value.members.filter(({ name }) => name === 'doc' || name === 'upsert');
    return this.#tag(
      line,
      documents.map((member) => member.value),
    );
  }

  #tag(line: Buffer, documents: readonly JsonValue[]): Buffer {
    const splices = documents.flatMap((document) => this.#splice(line, document) ?? []);
    this.tagged += splices.length;
    return splices.length === 0 ? line : splice(line, splices, Number.POSITIVE_INFINITY);
  }

  #splice(_line: Buffer, document: JsonValue): Splice | undefined {
    const units = find(document, this.options.units);
    if (units === undefined) return undefined;
    const tags = this.#tagsOf(units.member.value);
    if (tags.length === 0) return undefined;
    const list = JSON.stringify(this.#codes(tags));
    const old = find(document, this.options.ancestors);
    if (old !== undefined) {
      const { start, end } = old.member.value;
      return { start, end, bytes: Buffer.from(list) };
    }
    // Beside the tags where both are members of one object, else at the root, where a name with dots says the same.
    const beside =
      this.options.ancestors.startsWith(units.prefix) &&
      !this.options.ancestors.slice(units.prefix.length).includes('.');
    const name = beside ? this.options.ancestors.slice(units.prefix.length) : this.options.ancestors;
    const at = beside ? units.member.value.end : document.end - 1;
    return { start: at, end: at, bytes: Buffer.from(`,${JSON.stringify(name)}:${list}`) };
  }

  #tagsOf(value: JsonValue): string[] {
    const items = value.kind === 'array' ? value.items : [value];
    return items.flatMap((item) => {
      if (item.kind === 'string') return [item.text];
      if (item.kind === 'scalar' && item.text === 'null') return [];
      throw this.#fault(`has tags in [${this.options.units}] that are no text`);
    });
  }

  #codes(tags: readonly string[]): readonly string[] {
    try {
      return this.#ancestors.of(tags);
    } catch (error) {
      if (!(error instanceof UnknownUnitError)) throw error;
      for (const code of error.units) this.unknown.set(code, (this.unknown.get(code) ?? 0) + 1);
      if (this.options.unknown !== 'keep') throw this.#fault(`is tagged with ${error.message}`);
      const strange = new Set(error.units);
      const known = tags.filter((tag) => !strange.has(tag));
      const codes = known.length === 0 ? [] : this.#ancestors.of(known);
      return [...new Set([...codes, ...strange])].sort();
    }
  }

  #read(line: Buffer): Extract<JsonValue, { kind: 'object' }> {
    try {
      const value = readValue(line);
      if (value.kind === 'object' && isBlank(line.subarray(value.end))) return value;
    } catch (error) {
      if (!(error instanceof InvalidJson)) throw error;
    }
    throw this.#fault('is no JSON object');
  }

  #fault(what: string): TerritorySyntaxError {
    return new TerritorySyntaxError(`line ${this.#line} ${what}`);
  }
}

interface Found {
  readonly member: JsonMember;
  /** The part of the field's path that leads to the object of the member, with its last dot. */
  readonly prefix: string;
}

/** A field by its path, of which each part may be a key with dots or lead into an object. */
function find(value: JsonValue, path: string, prefix = ''): Found | undefined {
  if (value.kind !== 'object') return undefined;
  const rest = path.slice(prefix.length);
  const own = value.members.findLast(({ name }) => name === rest);
  if (own !== undefined) return { member: own, prefix };
  for (const { name, value: below } of value.members) {
    const found = rest.startsWith(`${name}.`) ? find(below, path, `${prefix}${name}.`) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function actionOf(value: JsonValue): string | undefined {
  if (value.kind !== 'object' || value.members.length !== 1) return undefined;
  const { name, value: parameters } = value.members[0]!;
  return ACTIONS.has(name) && parameters.kind === 'object' ? name : undefined;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((c) => c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0a);
}
