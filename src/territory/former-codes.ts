/** Former codes: which units took over, chains followed. */
import type { BuildFault } from './errors.js';
import { GrowableU32 } from './growable.js';
import { CODE } from './unit.js';
import type { UnitColumns } from './unit-columns.js';

/** A former code that is listed by no unit of its own, and a code that took over: a unit's, or another former one. */
export type Succession = readonly [former: string, successor: string];

/** What became of each former code, in the numbers of `columns.formerCodes`. */
export interface FormerCodes {
  /** Rows of the units that took over, for each former code. */
  readonly successors: readonly (readonly number[])[];
}

/** Follows every former code to the units of today; what is in use, or ends nowhere, is noted. */
export function resolveFormerCodes(
  columns: UnitColumns,
  successions: Iterable<Succession>,
  faults: BuildFault[],
): FormerCodes {
  const { formerCodes } = columns;
  const current = (code: string) => columns.rowOf(columns.codes.find(code));
  /** Pairs: former code, row. */
  const heads = new GrowableU32();
  const rows = new GrowableU32();
  for (let i = 0; i < columns.formerRows.length; i++) {
    const number = columns.formerNumbers.at(i);
    const row = columns.formerRows.at(i);
    const code = formerCodes.textOf(number);
    const held = current(code);
    if (held >= 0) {
      const where = columns.lineOfRow(held);
      const message = `the former code ${code} of ${columns.codeOfRow(row)} is still in use${where ? ` on line ${where}` : ''}`;
      faults.push({ fault: 'former_code_in_use', code: columns.codeOfRow(row), line: columns.lineOfRow(row), message });
    } else {
      heads.push(number);
      rows.push(row);
    }
  }
  const links = new Map<number, string[]>();
  for (const [former, successor] of successions) {
    const wrong = [former, successor].find((code) => typeof code !== 'string' || !CODE.test(code));
    if (wrong !== undefined) {
      const message = `the code ${JSON.stringify(wrong)} in the succession ${former} → ${successor} is not of the form LEVEL:ID`;
      faults.push({ fault: 'malformed_code', code: String(former), line: undefined, message });
    } else if (current(former) >= 0) {
      const message = `the former code ${former} (→ ${successor}) is still in use`;
      faults.push({ fault: 'former_code_in_use', code: former, line: undefined, message });
    } else {
      const number = formerCodes.intern(former);
      const list = links.get(number);
      if (list === undefined) links.set(number, [successor]);
      else list.push(successor);
    }
  }

  const direct = Array.from({ length: formerCodes.count }, (): number[] => []);
  for (let i = 0; i < heads.length; i++) direct[heads.at(i)]!.push(rows.at(i));
  const successors = direct.map((own, number) => {
    if (!links.has(number)) return own;
    const found = new Set(own);
    const seen = new Set([number]);
    const pending = [...links.get(number)!.map((code) => [formerCodes.textOf(number), code])];
    while (pending.length > 0) {
      const path = pending.pop()!;
      const code = path[path.length - 1]!;
      const row = current(code);
      const next = row >= 0 ? -1 : formerCodes.find(code);
      if (row >= 0) {
        found.add(row);
      } else if (next < 0) {
        const message = `the chain of former codes ${path.join(' → ')} ends nowhere: ${code} is neither a unit nor a former code`;
        faults.push({ fault: 'former_code_ends_nowhere', code: path[0]!, line: undefined, message });
      } else if (!seen.has(next)) {
        seen.add(next);
        for (const followed of direct[next]!) found.add(followed);
        for (const further of links.get(next) ?? []) pending.push([...path, further]);
      }
    }
    return [...found];
  });
  successors.forEach((found, number) => {
    const code = formerCodes.textOf(number);
    const told = faults.some((f) => f.fault !== 'malformed_unit' && (f.code === code || f.message.includes(code)));
    if (found.length > 0 || told) return;
    const message = `the chain of former codes from ${code} goes in a circle and ends nowhere`;
    faults.push({ fault: 'former_code_ends_nowhere', code, line: undefined, message });
  });
  return { successors };
}
