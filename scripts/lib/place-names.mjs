/**
 * Which departments, regions and towns a French text names. It is a demo's reader, not a geocoder; its rules are these.
 *
 * 1. A name counts as it is officially written, capitals and accents included ("Ain", not "ain"), as a whole word.
 *    Spaces and hyphens stand for each other ("Seine et Marne"), and so do ' and ’. Of names that begin at the same
 *    place the longest wins, and what it covers is no name again: "Pays de la Loire" does not name the Loire.
 * 2. Towns are the communes of over 20,000 inhabitants.
 * 3. A name in a street's name ("rue de Nantes", "boulevard Saint-Denis") names no place, nor does one in the fixed
 *    phrases of `PHRASES` ("Amérique du Nord", "carte Orange", "Lot 1", the insurer "Malakoff Humanis").
 * 4. A town after a postal code of another department is another place of that name ("62170 Montreuil").
 * 5. Units of one name: of two with the same land the lower one counts (Guadeloupe: the department). Otherwise it is a
 *    town only after a postal code of its department ("38200 Vienne"), and else the department or region of that name,
 *    if there is one; a bare "Saint-Denis" (two towns) names nothing.
 *
 * The place where an agreement was signed or a court sits is a place like any other: "Fait à Paris" names Paris.
 */
const STREETS =
  /(?:^|[^\p{L}])(?:rue|avenue|av\.?|boulevard|bd|place|quai|cours|route|faubourg|impasse|allée|chemin|square|porte|gare|collège|lycée)(?: [\p{Ll}]+)? (?:(?:de|du|des|de la) |d['’])?(?:faubourg )?$/iu;

const PHRASES = [
  ['Nord', /(?:Amérique|Europe|Afrique|[Mm]er|Irlande|Corée) du $/u, /^/u],
  ['Bretagne', /Grande[ -]$/u, /^/u],
  ['Loire', /Val[ -]de[ -]$/u, /^/u],
  ['Orange', /carte $/u, /^/u],
  ['Lens', /^|$/u, /^ Flare/u],
  ['Lot', /^|$/u, /^ (?:n°|\d)/u],
  ['Sens', /(?:[.:;!?»]|^) *$/u, /^ (?:de|du|des) /u],
  ['Somme', /^|$/u, /^ (?:de|des|totale|du|à) /u],
  ['Malakoff', /^|$/u, /^[ -](?:Médéric|Humanis|Mederic)/u],
  ['Malakoff', /(?:groupe|Humanis|Médéric) $/iu, /^/u],
];

const TOWN_INHABITANTS = 20_000;
const POSTAL_CODE = /(?<!\d)(\d{5}) $/;

export class PlaceNames {
  #byName = new Map();
  #pattern;

  /** @param {Iterable<{ code: string, level: string, label: string, inhabitants?: number }>} units of the whole map */
  constructor(units) {
    for (const unit of units) {
      if (unit.level === 'COM' ? !(unit.inhabitants > TOWN_INHABITANTS) : !/^(DEP|REG)$/.test(unit.level)) continue;
      const bearers = this.#byName.get(canonical(unit.label)) ?? [];
      bearers.push(unit);
      this.#byName.set(canonical(unit.label), bearers);
    }
    const names = [...this.#byName.keys()].sort((a, b) => b.length - a.length);
    const alternatives = names.map((name) =>
      name
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replace(/ /g, '[ -]')
        .replace(/'/g, "['’]"),
    );
    this.#pattern = new RegExp(`(?<![\\p{L}\\p{N}-])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}-])`, 'gu');
  }

  /**
   * @param {string} text plain text, each run of white space one space
   * @returns {string[]} the codes of the units that it names, sorted, each once
   */
  find(text) {
    const codes = new Set();
    for (const match of text.matchAll(this.#pattern)) {
      const before = text.slice(Math.max(0, match.index - 40), match.index);
      const after = text.slice(match.index + match[0].length, match.index + match[0].length + 12);
      const unit = this.#meant(canonical(match[0]), before, after);
      if (unit) codes.add(unit.code);
    }
    return [...codes].sort();
  }

  #meant(name, before, after) {
    if (STREETS.test(before)) return undefined;
    if (PHRASES.some(([word, left, right]) => word === name && left.test(before) && right.test(after)))
      return undefined;
    const postalCode = POSTAL_CODE.exec(before)?.[1];
    const fits = (unit) => postalCode === undefined || unit.level !== 'COM' || postalCode.startsWith(department(unit));
    const bearers = this.#byName.get(name).filter(fits);
    const towns = bearers.filter((unit) => unit.level === 'COM');
    if (postalCode !== undefined && towns.length === 1) return towns[0];
    if (bearers.length === 1) return bearers[0];
    const areas = bearers.filter((unit) => unit.level !== 'COM');
    if (SAME_LAND.has(name)) return towns[0] ?? areas.find((unit) => unit.level === 'DEP');
    return areas.length === 1 ? areas[0] : undefined;
  }
}

/** Names that a town, a department or a region share because they are one and the same land. */
const SAME_LAND = new Set(
  ['Paris', 'Saint-Martin', 'Guadeloupe', 'Martinique', 'Guyane', 'La Réunion', 'Mayotte'].map(canonical),
);

function canonical(name) {
  return name.replaceAll('-', ' ').replaceAll('’', "'");
}

/** How the postal codes of a commune's department begin: `69`, `974`, and `20` in Corsica. */
function department({ code }) {
  const id = code.slice('COM:'.length);
  if (id.startsWith('97') || id.startsWith('98')) return id.slice(0, 3);
  return /^2[AB]/.test(id) ? '20' : id.slice(0, 2);
}
