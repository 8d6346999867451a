import request from 'supertest';
import { testApi } from './services.js';

const declaration = { by: 'Ada', title: 'No hits in the Rhône', severity: 'critical' };

describe('emergencies over the API', () => {
  it('are declared, assigned, worked and closed, and end in a post-mortem', async () => {
    const { app, standup } = testApi();
    const declared = await request(app).post('/_territory/emergencies').send(declaration).expect(201);
    const { id } = declared.body;
    const at = `/_territory/emergencies/${id}`;
    await request(app).patch(at).send({ by: 'Ada', revision: 1, responsible: 'Grace', note: 'looking' }).expect(200);
    const open = await request(app).get('/_territory/emergencies').expect(200);
    expect(open.body).toMatchObject({ open: { id, responsible: 'Grace' }, emergencies: [{ id }] });
    await standup.lookForEmergency();
    const top = await request(app).get('/_territory/standup').expect(200);
    expect(top.body).toMatchObject({ state: 'emergency', emergency: { id, title: declaration.title } });
    const closing = { by: 'Grace', revision: 2, cause: 'A bad file', followUp: 'An audit' };
    const refused = await request(app).post(`${at}/close`).send(closing).expect(400);
    expect(refused.body.error.reason).toBe('steps that must be done before it can be closed: diagnosis, resolved');
    const steps = { diagnosis: { done: true, answer: 'A bad file' }, resolved: { done: true } };
    await request(app).patch(at).send({ by: 'Grace', revision: 2, steps }).expect(200);
    await request(app).post(`${at}/close`).send(closing).expect(409);
    const closed = await request(app)
      .post(`${at}/close`)
      .send({ ...closing, revision: 3 })
      .expect(200);
    expect(closed.body.closed).toMatchObject({ by: 'Grace', cause: 'A bad file', followUp: 'An audit' });
    const { text, headers } = await request(app).get(`${at}/post-mortem.md`).expect(200);
    expect(text).toContain('# Post-mortem: No hits in the Rhône');
    expect(headers).toMatchObject({
      'content-type': 'text/markdown; charset=utf-8',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="post-mortem-${id}.md"`,
    });
    expect((await request(app).get(`${at}/post-mortem.md?language=fr`)).text).toContain('## Chronologie');
    await request(app).get(`${at}/post-mortem.md?language=de`).expect(400);
  });

  it('are one at a time', async () => {
    const { app } = testApi();
    const { body } = await request(app).post('/_territory/emergencies').send(declaration).expect(201);
    const second = await request(app).post('/_territory/emergencies').send(declaration).expect(409);
    expect(second.body.error).toMatchObject({ type: 'emergency_open_exception', id: body.id });
  });

  it.each([
    [{}, /\[by\]: .*; body \[title\]: .*; body \[severity\]/],
    [{ ...declaration, by: '  ' }, /\[by\]: must not be empty/],
    [{ ...declaration, title: 'x'.repeat(201) }, /\[title\]: must have at most 200 characters/],
    [{ ...declaration, title: 'a\u0000b' }, /\[title\]: must not hold control characters/],
    [{ ...declaration, title: 'a\ud800b' }, /\[title\]: must be well-formed Unicode/],
    [{ ...declaration, severity: '<b>' }, /severity: \[<b>\] is none of critical, minor/],
    [{ ...declaration, more: 1 }, /unrecognized key \[more\]/],
  ])('refuse %j', async (body, reason) => {
    const { app, store } = testApi();
    const answer = await request(app).post('/_territory/emergencies').send(body).expect(400);
    expect(answer.body.error.reason).toMatch(reason);
    expect(store.emergencies.size).toBe(0);
  });

  it('show and take nothing without the right, but the policy is for everyone', async () => {
    const { app, standup } = testApi({ token: 'secret' });
    const right = { authorization: 'Bearer secret' };
    const { body } = await request(app).post('/_territory/emergencies').set(right).send(declaration).expect(201);
    const at = `/_territory/emergencies/${body.id}`;
    for (const path of ['/_territory/emergencies', at, `${at}/post-mortem.md`]) {
      await request(app).get(path).expect(401);
      await request(app).get(path).set(right).expect(200);
    }
    await request(app).post('/_territory/emergencies').send(declaration).expect(401);
    await request(app).patch(at).send({ by: 'Eve', note: 'x' }).expect(401);
    await request(app).post(`${at}/close`).send({}).expect(401);
    const policy = await request(app).get('/_territory/emergency-policy').expect(200);
    expect(policy.body.severities.map(({ id }: { id: string }) => id)).toEqual(['critical', 'minor']);
    await standup.lookForEmergency();
    const without = await request(app).get('/_territory/standup').expect(200);
    expect(without.body.emergency).toEqual({ severity: 'critical', since: expect.any(Number) });
    expect(JSON.stringify(without.body)).not.toContain('Rhône');
    const forwarded = testApi();
    await request(forwarded.app).get('/_territory/emergencies').set('x-forwarded-for', '10.0.0.1').expect(403);
  });

  it('are not changed where the API only reads', async () => {
    const { app } = testApi({ access: 'read' });
    await request(app).post('/_territory/emergencies').send(declaration).expect(405);
    await request(app).get('/_territory/emergencies').expect(200);
  });

  it('answer 503 while the store is away', async () => {
    const { app, store } = testApi();
    store.broken = true;
    const { body } = await request(app).post('/_territory/emergencies').send(declaration).expect(503);
    expect(body.error.type).toBe('territory_store_exception');
    expect(JSON.stringify(body)).not.toContain('10.0.0.1');
    await request(app).get('/_territory/emergencies').expect(503);
    await request(app).get('/_territory/standup').expect(200);
  });

  it('answer 404 to an id that none has', async () => {
    const { app } = testApi();
    for (const path of ['x', '%3Cscript%3E', `..%2F..`]) {
      await request(app).get(`/_territory/emergencies/${path}`).expect(404);
    }
    await request(app).patch('/_territory/emergencies/x').send({ by: 'Ada', note: 'x' }).expect(404);
  });
});
