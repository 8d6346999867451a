import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnitInput } from '../territory/unit.js';
import { type CogPackageOptions, cogDataFolder, LATEST_COG_YEAR } from './cog-package.js';

/** The country, which the package has no file for. */
const COUNTRY: UnitInput = { code: 'CNTRY:F', label: 'France' };

export interface CogOptions extends CogPackageOptions {
  /** One of `COG_YEARS`; the latest where absent. */
  readonly year?: number | undefined;
}

/**
 * The map of France, from INSEE's "code officiel géographique" and the sources beside it as Etalab packs them: country,
 * regions, departments, communes, municipal arrondissements, departmental arrondissements, EPCI and EPT. Its partitions
 * are `FRANCE_PARTITIONS`. Data: Licence Ouverte.
 *
 * Holes of the older versions are filled: the overseas communes of 2019 and 2021 get the department and region that
 * those of later years have, and delegated and associated communes are former codes of the commune that they belong to
 * where it does not say so itself. There are no EPT before 2023.
 */
export async function cogUnits({ year = LATEST_COG_YEAR, ...options }: CogOptions = {}): Promise<UnitInput[]> {
  const folder = await cogDataFolder(year, options);
  const read = async <T>(name: string): Promise<T[]> =>
    JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
  const [communes, departments, regions, arrondissements, epci] = await Promise.all([
    read<CogCommune>('communes'),
    read<CogDepartment>('departements'),
    read<CogArea>('regions'),
    read<CogArea>('arrondissements'),
    read<CogGroup>('epci'),
  ]);
  const ept = year < 2023 ? [] : await read<CogGroup>('ept');
  return [
    COUNTRY,
    ...regionUnits(regions, communes),
    ...departmentUnits(departments, communes),
    ...arrondissements.map(({ code, nom }) => ({ code: `ARR:${code}`, label: nom })),
    ...epci.map(({ code, nom }) => ({ code: `EPCI:${code}`, label: nom })),
    ...ept.map(({ code, nom }) => ({ code: `EPT:${code}`, label: nom })),
    ...communeUnits(communes, memberships([...groupsOf('EPCI', epci), ...groupsOf('EPT', ept)])),
  ];
}

/** An entry of `regions.json` or `arrondissements.json`. */
interface CogArea {
  readonly code: string;
  readonly nom: string;
}

interface CogDepartment extends CogArea {
  readonly region: string;
}

/** An entry of `epci.json` or `ept.json`. */
interface CogGroup extends CogArea {
  readonly membres: readonly { readonly code: string }[];
}

/** An entry of `communes.json`. */
interface CogCommune extends CogArea {
  readonly type: 'commune-actuelle' | 'arrondissement-municipal' | 'commune-deleguee' | 'commune-associee';
  readonly departement?: string;
  readonly arrondissement?: string;
  /** The commune of a municipal arrondissement. */
  readonly commune?: string;
  /** The commune of a delegated or associated one. */
  readonly chefLieu?: string;
  /** In place of department and region in 2019 and 2021; its three digits are those of both. */
  readonly collectiviteOutremer?: CogArea;
  readonly population?: number;
  readonly codesPostaux?: readonly string[];
  readonly anciensCodes?: readonly string[];
}

function regionUnits(regions: readonly CogArea[], communes: readonly CogCommune[]): UnitInput[] {
  return [...regions, ...missing(regions, communes)].map(({ code, nom }) => ({
    code: `REG:${code}`,
    label: nom,
    parents: [COUNTRY.code],
  }));
}

function departmentUnits(departments: readonly CogDepartment[], communes: readonly CogCommune[]): UnitInput[] {
  const overseas = missing(departments, communes).map((area) => ({ ...area, region: area.code }));
  return [...departments, ...overseas].map(({ code, nom, region }) => ({
    code: `DEP:${code}`,
    label: nom,
    parents: [`REG:${region}`],
  }));
}

/** The overseas collectivities that only the communes name. */
function missing(areas: readonly CogArea[], communes: readonly CogCommune[]): CogArea[] {
  const known = new Set(areas.map(({ code }) => code));
  const found = new Map<string, CogArea>();
  for (const { collectiviteOutremer: area } of communes) if (area && !known.has(area.code)) found.set(area.code, area);
  return [...found.values()];
}

function* groupsOf(level: string, groups: readonly CogGroup[]): Iterable<readonly [group: string, member: string]> {
  for (const { code, membres } of groups) for (const member of membres) yield [`${level}:${code}`, member.code];
}

/** The groups of each commune. */
function memberships(
  pairs: Iterable<readonly [group: string, member: string]>,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [group, member] of pairs) {
    const list = groups.get(member);
    if (list) list.push(group);
    else groups.set(member, [group]);
  }
  return groups;
}

function communeUnits(entries: readonly CogCommune[], groups: ReadonlyMap<string, readonly string[]>): UnitInput[] {
  const current = new Set(entries.flatMap(({ type, code }) => (type === 'commune-actuelle' ? [code] : [])));
  const formerCodes = formerCodesOf(entries, current);
  const units: UnitInput[] = [];
  for (const entry of entries) {
    const facts = { label: entry.nom, inhabitants: entry.population, postal_codes: entry.codesPostaux };
    if (entry.type === 'arrondissement-municipal') {
      units.push({ code: `ARM:${entry.code}`, parents: [`COM:${entry.commune}`], ...facts });
    } else if (entry.type === 'commune-actuelle') {
      units.push({
        code: `COM:${entry.code}`,
        parents: [
          `DEP:${entry.departement ?? entry.code.slice(0, 3)}`,
          ...(entry.arrondissement ? [`ARR:${entry.arrondissement}`] : []),
          ...(groups.get(entry.code) ?? []),
        ],
        former_codes: formerCodes.get(entry.code)?.map((code) => `COM:${code}`),
        ...facts,
      });
    }
  }
  return units;
}

/**
 * The former codes of each commune. What a commune itself lists goes before what a delegated one says of where it
 * belongs: for two of them these differ. A code that is current is no former code.
 */
function formerCodesOf(entries: readonly CogCommune[], current: ReadonlySet<string>): ReadonlyMap<string, string[]> {
  const former = new Map<string, string[]>();
  const listed = new Set<string>();
  const add = (commune: string, code: string) => {
    if (current.has(code)) return;
    listed.add(code);
    const list = former.get(commune);
    if (list) list.push(code);
    else former.set(commune, [code]);
  };
  for (const { type, code, anciensCodes = [] } of entries) {
    if (type === 'commune-actuelle') for (const ancient of anciensCodes) add(code, ancient);
  }
  for (const { code, chefLieu } of entries) if (chefLieu && !listed.has(code)) add(chefLieu, code);
  return former;
}
