import { TerritorySyntaxError, TerritoryUnsupportedError } from '../territory/errors.js';
import { isRelation, RELATIONS, type Relation } from '../territory/relation.js';
import { CODE } from '../territory/unit.js';
import type { LeafForm } from './grammar.js';
import { type JsonMember, type JsonValue, readMember } from './json/value.js';
import { mentionsField } from './mention.js';
import type { Source, Use } from './use.js';

/** Parameters of the long forms that can't change what a code means to a keyword field. */
const HARMLESS: Readonly<Record<LeafForm, ReadonlySet<string>>> = {
  term: new Set(),
  terms: new Set(),
  match: new Set([
    ...['auto_generate_synonyms_phrase_query', 'fuzzy_rewrite', 'fuzzy_transpositions', 'lenient', 'max_expansions'],
    ...['minimum_should_match', 'operator', 'prefix_length', 'zero_terms_query'],
  ]),
  match_phrase: new Set(['slop', 'zero_terms_query']),
};

/** Reads the shorthand where it stands in a body as a leaf query, as `exists`, or as a clause of its own. */
export class ShorthandReader {
  constructor(readonly shorthand: string) {}

  /**
   * @param buffer the body, in which the query's member (`"term": …`) begins at `start`
   * @throws TerritorySyntaxError, TerritoryUnsupportedError
   */
  read(form: LeafForm | 'exists' | 'clause', buffer: Buffer, start: number): Use {
    const member = readMember(buffer, start);
    if (form === 'clause') return this.#clause(member, buffer);
    if (form === 'exists') return this.#exists(member.value, buffer);
    return form === 'terms' ? this.#terms(member.value, buffer) : this.#leaf(form, member.value, buffer);
  }

  #leaf(form: 'term' | 'match' | 'match_phrase', query: JsonValue, buffer: Buffer): Use {
    const members = query.kind === 'object' ? query.members : [];
    const field = members.find(({ name }) => mentionsField(name, this.shorthand))!;
    const other = members.find((entry) => entry !== field);
    if (other !== undefined) {
      throw new TerritorySyntaxError(`[${form}] takes one field, and has [${field.name}] and [${other.name}]`);
    }
    const relation = this.#relation(field.name);
    const valueName = form === 'term' ? 'value' : 'query';
    if (field.value.kind !== 'object') {
      return { source: this.#oneValue(form, field.value), relation, boost: undefined, name: undefined };
    }
    let value: JsonValue | undefined;
    const rest: JsonMember[] = [];
    for (const entry of field.value.members) {
      if (entry.name === valueName || (form === 'term' && entry.name === 'term')) value = entry.value;
      else if (form === 'term' && entry.name === 'case_insensitive' && isFalse(entry.value)) continue;
      else if (!HARMLESS[form].has(entry.name)) rest.push(entry);
    }
    if (value === undefined) throw new TerritorySyntaxError(`[${form}] of [${field.name}] has no [${valueName}]`);
    return { source: this.#oneValue(form, value), relation, ...this.#extras(form, rest, buffer) };
  }

  #terms(query: JsonValue, buffer: Buffer): Use {
    const members = query.kind === 'object' ? query.members : [];
    const field = members.find(({ name }) => mentionsField(name, this.shorthand))!;
    const relation = this.#relation(field.name);
    const rest = members.filter((entry) => entry !== field);
    if (field.value.kind === 'object') {
      throw new TerritoryUnsupportedError(
        `[terms] of [${field.name}] looks its values up in a document, which the proxy can't read; send the codes`,
      );
    }
    if (field.value.kind !== 'array') {
      throw new TerritorySyntaxError(`[terms] of [${field.name}] takes an array of codes or expressions`);
    }
    const source = sourceOf(field.value.items.map((item) => stringOf(item, `[terms] of [${field.name}]`)));
    return { source, relation, ...this.#extras('terms', rest, buffer) };
  }

  #exists(query: JsonValue, buffer: Buffer): Use {
    const members = query.kind === 'object' ? query.members : [];
    const field = members.findLast(({ name }) => name === 'field');
    const text = field?.value.kind === 'string' ? field.value.text : this.shorthand;
    if (text !== this.shorthand) {
      throw new TerritoryUnsupportedError(`[exists] of [${text}] has no meaning; use [${this.shorthand}]`);
    }
    const rest = members.filter(({ name }) => name !== 'field');
    return { source: { kind: 'exists' }, relation: undefined, ...this.#extras('exists', rest, buffer) };
  }

  #clause({ name, value }: JsonMember, buffer: Buffer): Use {
    const relation = this.#relation(name);
    if (value.kind === 'string') {
      return { source: sourceOf([value.text]), relation, boost: undefined, name: undefined };
    }
    if (value.kind !== 'object') {
      throw new TerritorySyntaxError(
        `[${name}] takes a set expression, or an object with "codes" or "expression": {"${name}": {"codes": ["COM:69123"]}}`,
      );
    }
    let source: Source | undefined;
    let named: Relation | undefined;
    const rest: JsonMember[] = [];
    for (const entry of value.members) {
      if (entry.name === 'relation') named = this.#named(stringOf(entry.value, `"relation" of [${name}]`));
      else if (entry.name === 'codes' || entry.name === 'expression') {
        if (source !== undefined) throw new TerritorySyntaxError(`[${name}] takes "codes" or "expression", not both`);
        source = entry.name === 'codes' ? codesOf(entry.value, name) : expressionOf(entry.value, name);
      } else rest.push(entry);
    }
    if (source === undefined) {
      throw new TerritorySyntaxError(
        `[${name}] names no territory; give it "codes" or "expression": {"${name}": {"codes": ["COM:69123"]}}`,
      );
    }
    if (relation !== undefined && named !== undefined && relation !== named) {
      throw new TerritorySyntaxError(`[${name}] and its "relation": "${named}" contradict each other`);
    }
    return { source, relation: relation ?? named, ...this.#extras(name, rest, buffer) };
  }

  #oneValue(form: string, value: JsonValue): Source {
    return sourceOf([stringOf(value, `[${form}] of [${this.shorthand}]`)]);
  }

  #extras(form: string, members: readonly JsonMember[], buffer: Buffer): Pick<Use, 'boost' | 'name'> {
    let boost: string | undefined;
    let name: string | undefined;
    for (const { name: key, value } of members) {
      const raw = () => buffer.toString('utf8', value.start, value.end);
      if (key === 'boost' && (value.kind === 'scalar' || value.kind === 'string')) boost = raw();
      else if (key === '_name' && value.kind === 'string') name = raw();
      else {
        throw new TerritoryUnsupportedError(
          `[${form}] of the shorthand can't have [${key}]; a territory takes only a relation, "boost" and "_name"`,
        );
      }
    }
    return { boost, name };
  }

  #relation(field: string): Relation | undefined {
    return field === this.shorthand ? undefined : this.#named(field.slice(this.shorthand.length + 1), field);
  }

  #named(relation: string, field?: string): Relation {
    if (isRelation(relation)) return relation;
    const where = field === undefined ? '' : ` in [${field}]`;
    throw new TerritorySyntaxError(`[${relation}]${where} is no relation; there are ${RELATIONS.join(', ')}`);
  }
}

function codesOf(value: JsonValue, clause: string): Source {
  const items = value.kind === 'array' ? value.items : [value];
  return { kind: 'codes', values: items.map((item) => stringOf(item, `"codes" of [${clause}]`)) };
}

function expressionOf(value: JsonValue, clause: string): Source {
  return sourceOf([stringOf(value, `"expression" of [${clause}]`)]);
}

/** Values that are codes need no parser. */
function sourceOf(values: readonly string[]): Source {
  return { kind: values.every((value) => CODE.test(value)) ? 'codes' : 'expression', values };
}

function stringOf(value: JsonValue, what: string): string {
  if (value.kind === 'string') return value.text;
  const found = value.kind === 'scalar' ? value.text : `an ${value.kind}`;
  throw new TerritorySyntaxError(`${what} takes text, a code such as COM:69123 or a set expression, not ${found}`);
}

function isFalse(value: JsonValue): boolean {
  return (value.kind === 'scalar' || value.kind === 'string') && value.text === 'false';
}
