/** The first half of a build: units come one by one, and are kept as columns; what is wrong with each is noted. */
import type { BuildFault } from './errors.js';
import { GrowableText, GrowableU32, Interner } from './growable.js';
import { MAX_KEY_BYTES } from './key-table.js';
import { CODE, levelOf, type UnitInput } from './unit.js';

const UNDEFINED = 0xffffffff;

/** Codes are numbered in the order in which they are first seen, as a unit or as a parent; that number is an id. */
export class UnitColumns {
  readonly codes = new Interner();
  readonly faults: BuildFault[] = [];
  /** Number of the row that defines an id, or `UNDEFINED`. */
  readonly #rowOf = new GrowableU32();

  // One entry a row, that is a unit, in the order read.
  readonly ids = new GrowableU32();
  /** Level of each row, as a number in `levelNames`. */
  readonly levels = new GrowableU32();
  readonly lines = new GrowableU32();
  readonly labels = new GrowableText();
  readonly postal = new GrowableText();
  #inhabitants = new Float64Array(1024);

  // One entry an arrow: row of the child, id of the parent.
  readonly arrowRows = new GrowableU32();
  readonly arrowParents = new GrowableU32();

  // One entry a former code listed by a unit: row of the unit, number of the former code.
  readonly formerCodes = new Interner();
  readonly formerRows = new GrowableU32();
  readonly formerNumbers = new GrowableU32();

  readonly #levelNumbers = new Map<string, number>();

  /** The levels there are, in the order in which they first come. */
  get levelNames(): string[] {
    return [...this.#levelNumbers.keys()];
  }

  get rowCount(): number {
    return this.ids.length;
  }

  /** The row that defines a code, or -1 where none does. */
  rowOf(id: number): number {
    const row = id >= 0 && id < this.#rowOf.length ? this.#rowOf.at(id) : UNDEFINED;
    return row === UNDEFINED ? -1 : row;
  }

  codeOfRow(row: number): string {
    return this.codes.textOf(this.ids.at(row));
  }

  lineOfRow(row: number): number | undefined {
    return this.lines.at(row) || undefined;
  }

  inhabitants(): Float64Array {
    return this.#inhabitants.subarray(0, this.rowCount);
  }

  /** Takes one unit, or a fault that its reader found. */
  add(item: UnitInput | BuildFault): void {
    if (typeof item !== 'object' || item === null) {
      this.#fault('malformed_unit', '', undefined, `a unit is an object with a code, not ${JSON.stringify(item)}`);
      return;
    }
    if (isFault(item)) {
      this.faults.push(item);
      return;
    }
    const { line } = item;
    const code = String(item.code);
    if (!this.#checkCode(item.code, line, (shown) => `the code ${shown}`, code)) return;
    const id = this.#idOf(code);
    const before = this.rowOf(id);
    if (before >= 0) {
      const where = this.lineOfRow(before);
      const first = where === undefined ? '' : `, first on line ${where}`;
      this.#fault('duplicate_code', code, line, `${code} stands twice${first}`);
      return;
    }
    const row = this.rowCount;
    this.#rowOf.set(id, row);
    this.ids.push(id);
    this.levels.push(this.#levelNumberOf(levelOf(code)));
    this.lines.push(line ?? 0);
    this.labels.push(typeof item.label === 'string' ? item.label : '');
    if (item.label !== undefined && item.label !== null && typeof item.label !== 'string') {
      this.#fault('malformed_unit', code, line, `the label of ${code} is no text`);
    }
    this.#addInhabitants(row, item.inhabitants, code, line);
    this.#addPostalCodes(item.postal_codes, code, line);
    for (const parent of this.#list(item.parents, 'parents', code, line)) {
      if (!this.#checkCode(parent, line, (shown) => `the parent ${shown} of ${code}`, code)) continue;
      this.arrowRows.push(row);
      this.arrowParents.push(this.#idOf(parent as string));
    }
    for (const former of this.#list(item.former_codes, 'former_codes', code, line)) {
      if (!this.#checkCode(former, line, (shown) => `the former code ${shown} of ${code}`, code)) continue;
      this.formerRows.push(row);
      this.formerNumbers.push(this.formerCodes.intern(former as string));
    }
  }

  #levelNumberOf(level: string): number {
    let number = this.#levelNumbers.get(level);
    if (number === undefined) {
      number = this.#levelNumbers.size;
      this.#levelNumbers.set(level, number);
    }
    return number;
  }

  #idOf(code: string): number {
    const id = this.codes.intern(code);
    while (this.#rowOf.length <= id) this.#rowOf.push(UNDEFINED);
    return id;
  }

  #checkCode(code: unknown, line: number | undefined, what: (shown: string) => string, owner: string): code is string {
    if (typeof code === 'string' && code.length <= MAX_KEY_BYTES && CODE.test(code)) return true;
    const shown = typeof code === 'string' ? JSON.stringify(code.slice(0, 100)) : `(${typeof code})`;
    const rule =
      typeof code === 'string' && code.length > MAX_KEY_BYTES
        ? `longer than ${MAX_KEY_BYTES} bytes`
        : 'not of the form LEVEL:ID, e.g. COM:69123';
    this.#fault('malformed_code', owner, line, `${what(shown)} is ${rule}`);
    return false;
  }

  #list(value: unknown, name: string, code: string, line: number | undefined): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.#fault('malformed_unit', code, line, `"${name}" of ${code} is no list`);
    return [];
  }

  #addInhabitants(row: number, value: unknown, code: string, line: number | undefined): void {
    if (row === this.#inhabitants.length) {
      const larger = new Float64Array(row * 2);
      larger.set(this.#inhabitants);
      this.#inhabitants = larger;
    }
    const known = value !== undefined && value !== null;
    const valid = typeof value === 'number' && Number.isFinite(value) && value >= 0;
    if (known && !valid)
      this.#fault('malformed_unit', code, line, `the inhabitants of ${code} are no number of people`);
    this.#inhabitants[row] = valid ? value : Number.NaN;
  }

  #addPostalCodes(value: unknown, code: string, line: number | undefined): void {
    const codes = this.#list(value, 'postal_codes', code, line);
    const valid = codes.filter((postal) => typeof postal === 'string' && postal !== '' && !postal.includes('|'));
    if (valid.length < codes.length) {
      this.#fault('malformed_unit', code, line, `a postal code of ${code} is no text, empty or holds a "|"`);
    }
    this.postal.push([...new Set(valid as string[])].sort().join('|'));
  }

  #fault(fault: BuildFault['fault'], code: string, line: number | undefined, message: string): void {
    this.faults.push({ fault, code, line, message });
  }
}

function isFault(item: UnitInput | BuildFault): item is BuildFault {
  return 'fault' in item;
}
