/** A made-up country: 20 regions of 5 departments of 30 communes; of the second map each department has one commune more. */
export function units(map) {
  const all = [{ code: 'CNTRY:X' }];
  for (let region = 0; region < 20; region++) {
    all.push({ code: `REG:${region}`, parents: ['CNTRY:X'] });
    for (let i = 0; i < 5; i++) {
      const department = 5 * region + i;
      all.push({ code: `DEP:${department}`, parents: [`REG:${region}`] });
      for (let j = 0; j < 30 + map; j++)
        all.push({ code: `COM:${1000 * department + j}`, parents: [`DEP:${department}`] });
    }
  }
  return all;
}

export const FIELD = 'tags';

/** A cache that is full within the warm-up, so that it can't hide a leak, and from which something leaves all the time. */
export const CONFIG = `indices: { "articles*": { units: ${FIELD} } }\ncache: { maxBytes: 400000 }\n`;

/** The codes that Elasticsearch must be asked for, by expression and version of the map: from the library, remembered. */
export class Truth {
  #trees;
  #known = new Map();

  /** @param trees every map that may be in use */
  constructor(trees) {
    this.#trees = new Map(trees.map((tree) => [tree.version, tree]));
  }

  /** @returns {readonly string[] | undefined} undefined for a version that no map has */
  codes(expression, version) {
    const key = `${version} ${expression}`;
    let codes = this.#known.get(key);
    if (codes === undefined) {
      const query = this.#trees.get(version)?.parse(expression).toQuery({ units: FIELD });
      codes = query?.bool.should.flatMap((clause) => clause.terms[FIELD]);
      this.#known.set(key, codes);
    }
    return codes;
  }
}
