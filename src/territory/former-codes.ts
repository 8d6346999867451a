/** Former codes: which units took over, chains followed. */
import type { BuildFault } from './errors.js';
import { GrowableU32 } from './growable.js';
import { MAX_KEY_BYTES } from './key-table.js';
import { CODE } from './unit.js';
import type { UnitColumns } from './unit-columns.js';

/** A former code that is listed by no unit of its own, and a code that took over: a unit's, or another former one. */
export type Succession = readonly [former: string, successor: string];

/** What became of each former code, in the numbers of `columns.formerCodes`. */
export interface FormerCodes {
  /** Rows of the units that took over, for each former code; each row once, in no particular order. */
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
  /** Former codes that a fault was noted for. */
  const faulty = new Set<number>();
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
      faulty.add(number);
    } else {
      heads.push(number);
      rows.push(row);
    }
  }
  const links = new Map<number, string[]>();
  for (const [former, successor] of successions) {
    const wrong = [former, successor].find((code) => !isCode(code));
    if (wrong !== undefined) {
      const shown = JSON.stringify(String(wrong).slice(0, 100));
      const message = `the code ${shown} in the succession ${former} → ${successor} is not of the form LEVEL:ID, at most ${MAX_KEY_BYTES} bytes long`;
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

  const direct = Array.from({ length: formerCodes.count }, () => new Set<number>());
  for (let i = 0; i < heads.length; i++) direct[heads.at(i)]!.add(rows.at(i));
  const follow = (former: number): number[] => {
    const found = new Set(direct[former]);
    /** The former codes that were reached, each with the one that it was reached from. */
    const cameFrom = new Map([[former, -1]]);
    for (const number of cameFrom.keys()) {
      for (const code of links.get(number) ?? []) {
        const row = current(code);
        const next = row >= 0 ? -1 : formerCodes.find(code);
        if (row >= 0) {
          found.add(row);
        } else if (next < 0) {
          const path = [code];
          for (let at = number; at >= 0; at = cameFrom.get(at)!) path.unshift(formerCodes.textOf(at));
          const message = `the chain of former codes ${path.join(' → ')} ends nowhere: ${code} is neither a unit nor a former code`;
          faults.push({ fault: 'former_code_ends_nowhere', code: path[0]!, line: undefined, message });
          faulty.add(former);
        } else if (!cameFrom.has(next)) {
          cameFrom.set(next, number);
          for (const followed of direct[next]!) found.add(followed);
        }
      }
    }
    return [...found];
  };
  const successors = direct.map((own, number) => (links.has(number) ? follow(number) : [...own]));
  successors.forEach((found, number) => {
    if (found.length > 0 || faulty.has(number)) return;
    const code = formerCodes.textOf(number);
    const message = `the chain of former codes from ${code} goes in a circle and ends nowhere`;
    faults.push({ fault: 'former_code_ends_nowhere', code, line: undefined, message });
  });
  return { successors };
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && code.length <= MAX_KEY_BYTES && CODE.test(code);
}
