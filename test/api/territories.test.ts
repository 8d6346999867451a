import request from 'supertest';
import { testApi, tree } from './services.js';

const { app } = testApi();
const post = (path: string, body: object) => request(app).post(`/_territory/${path}`).send(body);

describe('POST resolve', () => {
  it('gives the cover of an expression', async () => {
    const { body } = await post('resolve', { expression: 'REG:84 - COM:01004' }).expect(200);
    expect(body).toEqual({
      version: tree.version,
      codes: ['COM:01234', 'DEP:69'],
      units: [tree.unit('COM:01234'), tree.unit('DEP:69')].map((unit) => JSON.parse(JSON.stringify(unit))),
      atomCount: 3,
      resolved: {},
    });
  });

  it('takes codes, and tells what became of a former one', async () => {
    const { body } = await post('resolve', { codes: ['COM:69232', 'DEP:01'] }).expect(200);
    expect(body).toMatchObject({ codes: ['COM:69123', 'DEP:01'], resolved: { 'COM:69232': ['COM:69123'] } });
  });

  it('answers 400 with all unknown codes, as a search would', async () => {
    const { body } = await post('resolve', { codes: ['COM:234', 'COM:9'] }).expect(400);
    expect(body.error).toMatchObject({ type: 'unknown_unit_exception', units: ['COM:234', 'COM:9'] });
  });

  it('tells the column of a syntax error', async () => {
    const { body } = await post('resolve', { expression: 'REG:84 -' }).expect(400);
    expect(body.error).toMatchObject({ type: 'territory_syntax_exception', column: expect.any(Number) });
  });

  it.each([{}, { codes: 'COM:69123' }, { codes: [], expression: '' }, { code: 'x' }])('refuses %j', async (input) => {
    const { body } = await post('resolve', input).expect(400);
    expect(body.error.type).toBe('illegal_argument_exception');
  });

  it('knows the empty territory', async () => {
    const { body } = await post('resolve', { codes: [] }).expect(200);
    expect(body).toMatchObject({ codes: [], units: [], atomCount: 0 });
  });
});

describe('POST compare', () => {
  it.each([
    ['DEP:75', 'COM:75056', 'equal'],
    ['DEP:69', 'REG:84', 'within'],
    ['REG:84', 'DEP:69', 'contains'],
    ['DEP:69 | COM:01004', 'DEP:01', 'intersects'],
    ['DEP:69', 'DEP:01', 'disjoint'],
    ['DEP:69 & DEP:01', 'DEP:01', 'disjoint'],
  ])('says that %s towards %s is %#: %s', async (a, b, relation) => {
    const { body } = await post('compare', { a: { expression: a }, b: { expression: b } }).expect(200);
    expect(body.relation).toBe(relation);
  });

  it('gives what the two share and do not', async () => {
    const { body } = await post('compare', { a: { codes: ['DEP:69', 'COM:01004'] }, b: { codes: ['DEP:01'] } }).expect(
      200,
    );
    expect({
      intersection: body.intersection.codes,
      union: body.union.codes,
      onlyA: body.onlyA.codes,
      onlyB: body.onlyB.codes,
    }).toEqual({ intersection: ['COM:01004'], union: ['REG:84'], onlyA: ['DEP:69'], onlyB: ['COM:01234'] });
  });
});
