import request from 'supertest';
import { TerritoryTree } from '../../src/territory/tree.js';
import { testApi, tree } from './services.js';

const { app } = testApi();
const codes = async (path: string): Promise<string[]> => {
  const { body, status } = await request(app).get(`/_territory/units${path}`);
  expect({ path, status }).toEqual({ path, status: 200 });
  expect(body.version).toBe(tree.version);
  return body.units.map((unit: { code: string }) => unit.code);
};

describe('GET units', () => {
  it('gives the units of a list of codes, in their order', async () => {
    expect(await codes('?ids=COM:69123,DEP:01')).toEqual(['COM:69123', 'DEP:01']);
  });

  it('gives a unit with all its members', async () => {
    const { body } = await request(app).get('/_territory/units/COM:69123').expect(200);
    expect(body).toEqual({
      code: 'COM:69123',
      level: 'COM',
      label: 'Lyon',
      parents: ['DEP:69', 'EPCI:200046977'],
      inhabitants: 520_000,
      postal_codes: [],
      former_codes: ['COM:69232'],
    });
  });

  it('answers 404 and names all unknown codes, with suggestions', async () => {
    const { body } = await request(app).get('/_territory/units?ids=COM:234,DEP:01,COM:69232').expect(404);
    expect(body).toMatchObject({
      status: 404,
      error: {
        type: 'unknown_unit_exception',
        root_cause: [{ type: 'unknown_unit_exception' }],
        units: ['COM:234', 'COM:69232'],
        suggestions: { 'COM:234': ['COM:01234'], 'COM:69232': ['COM:69123'] },
      },
    });
    await request(app).get('/_territory/units/COM:234').expect(404);
    await request(app).get('/_territory/units/COM:234/children').expect(404);
  });

  it('finds units by name, of one level, and so many', async () => {
    expect(await codes('?label=paris')).toEqual(expect.arrayContaining(['DEP:75', 'COM:75056']));
    expect(await codes('?label=paris&level=DEP')).toEqual(['DEP:75']);
    expect(await codes('?label=paris&size=1')).toHaveLength(1);
    expect(await codes('?level=DEP')).toEqual(['DEP:01', 'DEP:69', 'DEP:75']);
    expect(await codes('?level=DEP&size=2')).toEqual(['DEP:01', 'DEP:69']);
  });

  it('follows the arrows of the unit itself, not of the territory that it is', async () => {
    expect(await codes('/COM:75056/parents')).toEqual(['DEP:75']);
    expect(await codes('/COM:75056/children')).toEqual(['ARM:75101', 'ARM:75102']);
    expect(await codes('/COM:69123/ancestors')).toEqual(['CNTRY:F', 'DEP:69', 'EPCI:200046977', 'REG:84']);
    expect(await codes('/REG:84/descendants?level=COM')).toEqual(['COM:01004', 'COM:01234', 'COM:69123', 'COM:69266']);
    expect(await codes('/REG:84/descendants')).toHaveLength(6);
    expect(await codes('/EPCI:200046977/children')).toEqual(['COM:69123', 'COM:69266']);
    expect(await codes('/CNTRY:F/parents')).toEqual([]);
  });

  it('reads a code with an escaped colon', async () => {
    await request(app).get('/_territory/units/COM%3A69123').expect(200);
  });

  it.each([
    ['?', 'give ids, label or level'],
    ['?ids=DEP:01&label=x', 'ids: stands alone, without label or level'],
    ['?label=x&size=0', 'query [size]: Too small: expected number to be >=1'],
    ['?label=x&size=ten', 'query [size]: Invalid input: expected number, received NaN'],
    ['?level=XXX', 'level: [XXX] is none of the levels of this map: ARM, COM, DEP, REG, CNTRY, EPCI'],
    ['?label=x&sise=1', 'query: unrecognized parameter [sise]'],
    ['?label=x&label=y', 'query [label]: Invalid input: expected string, received array'],
  ])('refuses %s with a sentence', async (query, reason) => {
    const { body } = await request(app).get(`/_territory/units${query}`).expect(400);
    expect(body).toMatchObject({ status: 400, error: { type: 'illegal_argument_exception', reason } });
  });

  it('gives thousands of units whole, in slices between which others are served', async () => {
    const towns = Array.from({ length: 5_000 }, (_, i) => ({
      code: `COM:${String(i).padStart(5, '0')}`,
      label: `Town “${i}”`,
      parents: ['DEP:01'],
    }));
    const { app: large, rewriter } = testApi();
    const big = TerritoryTree.build([{ code: 'DEP:01' }, ...towns]);
    Object.assign(rewriter, { tree: big });
    const waiting = request(large).get('/_territory/units/DEP:01/children').expect(200);
    const { body } = await waiting;
    expect(body.version).toBe(big.version);
    expect(body.units).toHaveLength(5_000);
    expect(body.units[4_999]).toEqual(JSON.parse(JSON.stringify(big.unit('COM:04999'))));
    await request(large).head('/_territory/units/DEP:01/children').expect(200);
    const pretty = await request(large).get('/_territory/units?level=COM&size=300&pretty').expect(200);
    expect(pretty.body.units).toHaveLength(300);
  });

  it('indents where pretty is asked for', async () => {
    const { text } = await request(app).get('/_territory/units/DEP:01?pretty');
    expect(text).toContain('{\n  "code": "DEP:01"');
  });
});
