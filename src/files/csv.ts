import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { BuildFault } from '../territory/errors.js';
import type { UnitInput } from '../territory/unit.js';
import { UnitFileError } from './unit-file-error.js';

const COLUMNS = ['code', 'label', 'parents', 'inhabitants', 'postal_codes', 'former_codes'] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

/** A record of the parser, with the number of the line where it ends. */
interface Parsed {
  readonly record: Row;
  readonly info: { readonly lines: number };
}

/**
 * Units from CSV (RFC 4180) with a line of column names, of which only `code` is required; lists are separated by `|`,
 * columns by `,`, `;` or a tab, whichever the first line has. Rows that can't be read become faults.
 *
 * @throws UnitFileError where the first line names no column `code`
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncIterableIterator<UnitInput | BuildFault> {
  const faults: BuildFault[] = [];
  const { firstLine, all } = await peekLine(chunks);
  const parser = parse({
    bom: true,
    columns: (names: string[]) => columnsOf(names),
    delimiter: delimiterOf(firstLine),
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
    on_skip: (error) => {
      if (error) faults.push(faultOf(error));
      return undefined;
    },
  });
  const source = Readable.from(all);
  source.on('error', (error) => parser.destroy(error));
  for await (const { record, info } of source.pipe(parser) as AsyncIterable<Parsed>) {
    yield* faults.splice(0);
    yield isUtf8(record) ? unitOf(record, info.lines) : malformed(info.lines, 'it is not UTF-8');
  }
  yield* faults;
}

/** The first line, and all chunks with those that were read to find it. */
async function peekLine(chunks: AsyncIterable<Buffer>): Promise<{ firstLine: string; all: AsyncIterable<Buffer> }> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!head.includes('\n')) {
    const { value, done } = await rest.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = async function* () {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  };
  return { firstLine: head.toString('utf8').split('\n', 1)[0]!, all: all() };
}

function delimiterOf(firstLine: string): string {
  return [',', ';', '\t'].find((delimiter) => firstLine.includes(delimiter)) ?? ',';
}

function columnsOf(names: readonly string[]): (string | false)[] {
  const columns = names.map((name) => name.toLowerCase());
  if (!columns.includes('code')) {
    throw new UnitFileError(
      `the first line has no column "code" but ${names.map((name) => `"${name}"`).join(', ')}; ` +
        `the columns of units are ${COLUMNS.join(', ')}`,
    );
  }
  return columns.map((name) => ((COLUMNS as readonly string[]).includes(name) ? name : false));
}

function unitOf({ code, label, parents, inhabitants, postal_codes, former_codes }: Row, line: number): UnitInput {
  return {
    code: code!,
    label,
    parents: listOf(parents),
    // What is no number becomes NaN, which the build refuses with the line.
    inhabitants: inhabitants ? Number(inhabitants) : undefined,
    postal_codes: listOf(postal_codes),
    former_codes: listOf(former_codes),
    line,
  };
}

function listOf(value: string | undefined): string[] | undefined {
  return value ? value.split('|').map((item) => item.trim()) : undefined;
}

/** The parser puts U+FFFD where bytes are no UTF-8, such as those of an accented letter in Latin-1. */
function isUtf8(record: Row): boolean {
  return !Object.values(record).some((value) => value.includes('\ufffd'));
}

function faultOf(error: CsvError): BuildFault {
  return malformed(typeof error.lines === 'number' ? error.lines : undefined, error.message);
}

function malformed(line: number | undefined, why: string): BuildFault {
  return { fault: 'malformed_unit', code: '', line, message: `the row can't be read: ${why}` };
}
