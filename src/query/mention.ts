/** Whether a text that is no query of ours names the shorthand, and why that can't be expanded. */
import { RELATIONS } from '../territory/relation.js';
import type { TextUse } from './grammar.js';

/** Whether this is the shorthand as the name of a field: `territory` itself, or `territory.` and a relation or a slip. */
export function mentionsField(field: string, shorthand: string): boolean {
  return field.startsWith(shorthand) && (field.length === shorthand.length || field[shorthand.length] === '.');
}

/** The reason to refuse a text, or `undefined` where it does not name the shorthand. */
export function mentionsInText(use: TextUse, raw: string, shorthand: string): string | undefined {
  const patterns = patternsOf(shorthand);
  const text = withoutEscapes(raw);
  switch (use) {
    case 'simple':
      return patterns.field.test(text)
        ? `[simple_query_string] knows no fields in its text, so "${shorthand}:" would be searched as a word; use query_string, or the clause {"${shorthand}": …}`
        : undefined;
    case 'kql':
      return patterns.field.test(text)
        ? `[${shorthand}] can't be expanded in the text of a [kql] query; use query_string, or put the clause {"${shorthand}": …} beside it, in the "filter" of a "bool"`
        : undefined;
    case 'sql':
    case 'esql':
    case 'eql':
      return patterns.column.test(text) || patterns.field.test(text)
        ? `[${shorthand}] can't be expanded in the text of the query; put it into "filter" beside "query": {"filter": {"${shorthand}": {"codes": […]}}}`
        : undefined;
    case 'template':
      return patterns.word.test(text)
        ? `[${shorthand}] stands in a mustache template, which Elasticsearch renders; send the rendered query to _search instead`
        : undefined;
    case 'json':
      return patterns.word.test(text)
        ? `[${shorthand}] stands in a template of a query; write the query without mustache, as an object or as JSON in a string`
        : undefined;
    default:
      return mentionsField(text, shorthand) || patterns.field.test(text)
        ? `[${shorthand}] stands in a query that the proxy does not know, and would match nothing there; put it beside that query, in the "filter" of a "bool"`
        : undefined;
  }
}

/** Whether JSON in a string may hold a `wrapper`, in whose base64 no name can be seen. */
export function mayWrap(text: string): boolean {
  return withoutEscapes(text).includes('wrapper');
}

/** A text in a text (JSON, Lucene) may write the name with escapes of its own, however often they are escaped in turn. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\+u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replaceAll('\\', '');
}

interface Patterns {
  /** As a field with its colon: `territory:`, `territory.within :`. */
  readonly field: RegExp;
  /** As a column that is compared, or the argument of a function. */
  readonly column: RegExp;
  readonly word: RegExp;
}

let latest: { readonly shorthand: string; readonly patterns: Patterns } | undefined;

function patternsOf(shorthand: string): Patterns {
  if (latest?.shorthand !== shorthand) {
    const name = shorthand.replace(/[^\w]/g, '\\$&');
    const field = `(?<![\\w.-])${name}(?:\\.(?:${RELATIONS.join('|')}))?`;
    const operator = '[=!<>,)]|(?:not\\s+)?(?:in|like|rlike|is|between|match|regex)\\b';
    latest = {
      shorthand,
      patterns: {
        field: new RegExp(`${field}["\`]?\\s*:`),
        column: new RegExp(`${field}["\`]?\\s*(?:${operator})`, 'i'),
        word: new RegExp(`(?<![\\w])${name}(?![\\w])`),
      },
    };
  }
  return latest.patterns;
}
