/**
 * What units of France are called beside their official names, for the search by name. Official labels such as
 * "Métropole de Lyon" do not hold the name that everybody uses. Each is the unit's own name for itself (its site, its
 * brand, its usual acronym); what names only a part of a unit, or one that is gone, does not belong here.
 */
export const COG_NAMES: readonly (readonly [name: string, code: string])[] = [
  ['Grand Lyon', 'EPCI:200046977'],
  ['Lyon Métropole', 'EPCI:200046977'],
  ['MGP', 'EPCI:200054781'],
  ['AMP', 'EPCI:200054807'],
  ['MEL', 'EPCI:200093201'],
  ['Lille Métropole', 'EPCI:200093201'],
  ['EMS', 'EPCI:246700488'],
  ['Grenoble La Métro', 'EPCI:200040715'],
  ['TPM', 'EPCI:248300543'],
  ['PACA', 'REG:93'],
  ['Région Sud', 'REG:93'],
  ['IDF', 'REG:11'],
];
