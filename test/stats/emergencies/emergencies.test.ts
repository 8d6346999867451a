import type { Anomaly } from '../../../src/stats/anomalies/anomaly.js';
import type { ToldMark } from '../../../src/stats/anomalies/standup.js';
import { Emergencies } from '../../../src/stats/emergencies/emergencies.js';
import type { Mark } from '../../../src/stats/history/types.js';
import { MemoryStore, policy } from './support.js';

const NOW = Date.UTC(2026, 10, 24, 8);
const MINUTE = 60_000;

function setUp(more: Partial<ConstructorParameters<typeof Emergencies>[0]> = {}) {
  let now = NOW;
  const store = new MemoryStore();
  const failures: unknown[] = [];
  const marks: Mark[] = [];
  const emergencies = new Emergencies({
    store,
    policy,
    mark: (mark) => void marks.push(mark),
    failed: (error) => void failures.push(error),
    now: () => now,
    ...more,
  });
  const later = (minutes: number) => {
    now += minutes * MINUTE;
  };
  return { store, emergencies, failures, marks, later };
}

const declaration = { by: 'Ada', title: 'No hits in the Rhône', severity: 'critical' };

describe('an emergency', () => {
  it('is declared, assigned, worked and closed, and its timeline tells who did what and when', async () => {
    const { emergencies, marks, later } = setUp();
    const { id, revision } = await emergencies.declare(declaration);
    expect(id).toMatch(/^2026-11-24-[0-9a-f]{6}$/);
    later(2);
    const assigned = await emergencies.change(id, { by: 'Ada', revision, responsible: 'Grace' });
    expect(assigned.responsible).toBe('Grace');
    later(10);
    const steps = { diagnosis: { done: true, answer: 'The map lost DEP:69' }, resolved: { done: true } };
    const worked = await emergencies.change(id, { by: 'Grace', revision: assigned.revision, steps });
    expect(worked.steps.map((step) => [step.id, step.done, step.by])).toEqual([
      ['diagnosis', true, 'Grace'],
      ['clients', false, undefined],
      ['related', false, undefined],
      ['resolved', true, 'Grace'],
    ]);
    later(1);
    const closing = { by: 'Grace', revision: worked.revision, cause: 'A bad file', followUp: 'An audit' };
    const closed = await emergencies.close(id, closing);
    expect(closed.closed).toEqual({ time: NOW + 13 * MINUTE, by: 'Grace', cause: 'A bad file', followUp: 'An audit' });
    expect(closed.timeline.map(({ time, by, kind, text }) => [(time - NOW) / MINUTE, by, kind, text.en])).toEqual([
      [0, 'Ada', 'declared', 'declared (critical): No hits in the Rhône'],
      [2, 'Ada', 'changed', 'responsible: Grace'],
      [12, 'Grace', 'step', 'step “Diagnosis” done: The map lost DEP:69'],
      [12, 'Grace', 'step', 'step “Resolved?” done'],
      [13, 'Grace', 'closed', 'closed; cause: A bad file'],
    ]);
    expect(marks.map(({ kind, text, data }) => [kind, text, data.what])).toEqual([
      ['emergency', 'An emergency was declared (critical)', 'declared'],
      ['emergency', 'The emergency was closed (critical)', 'closed'],
    ]);
    expect(await emergencies.current()).toBeUndefined();
  });

  it('is the only open one: who declares the same trouble in the same moment learns of it', async () => {
    const { emergencies } = setUp();
    const both = await Promise.allSettled([emergencies.declare(declaration), emergencies.declare(declaration)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { open } = await emergencies.list();
    const { reason } = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(reason).toMatchObject({ status: 409, type: 'emergency_open_exception', id: open?.id });
  });

  it('is not changed from a revision that is not the last', async () => {
    const { emergencies } = setUp();
    const { id, revision } = await emergencies.declare(declaration);
    await emergencies.change(id, { by: 'Ada', revision, responsible: 'Grace' });
    await expect(emergencies.change(id, { by: 'Bob', revision, responsible: 'Bob' })).rejects.toMatchObject({
      status: 409,
      type: 'version_conflict_engine_exception',
      revision: 2,
    });
    expect((await emergencies.get(id)).responsible).toBe('Grace');
    await expect(emergencies.change(id, { by: 'Bob', responsible: 'Bob' })).rejects.toMatchObject({ status: 400 });
  });

  it('takes notes of many at once, without a revision', async () => {
    const { emergencies } = setUp();
    const { id } = await emergencies.declare(declaration);
    const notes = ['one', 'two', 'three'];
    await Promise.all(notes.map((note) => emergencies.change(id, { by: 'Ada', note })));
    const { timeline, revision } = await emergencies.get(id);
    expect(
      timeline
        .filter(({ kind }) => kind === 'note')
        .map(({ text }) => text.en)
        .sort(),
    ).toEqual([...notes].sort());
    expect(revision).toBe(4);
  });

  it('is not closed before the required steps are done, and not twice', async () => {
    const { emergencies } = setUp();
    const { id, revision } = await emergencies.declare(declaration);
    const closing = { by: 'Ada', cause: 'x', followUp: 'y' };
    await expect(emergencies.close(id, { ...closing, revision })).rejects.toThrow(/diagnosis, resolved/);
    const steps = { diagnosis: { done: true }, resolved: { done: true } };
    const done = await emergencies.change(id, { by: 'Ada', revision, steps });
    await emergencies.close(id, { ...closing, revision: done.revision });
    await expect(emergencies.close(id, { ...closing, revision: done.revision + 1 })).rejects.toMatchObject({
      status: 409,
    });
    await expect(emergencies.change(id, { by: 'Ada', note: 'late' })).rejects.toThrow(/is closed/);
  });

  it('refuses what the policy does not know, and what is not there', async () => {
    const { emergencies } = setUp();
    await expect(emergencies.declare({ ...declaration, severity: 'huge' })).rejects.toThrow(
      'severity: [huge] is none of critical, minor',
    );
    const { id, revision } = await emergencies.declare(declaration);
    await expect(emergencies.change(id, { by: 'Ada', revision, steps: { dance: { done: true } } })).rejects.toThrow(
      'steps: [dance] is none of diagnosis, clients, related, resolved',
    );
    await expect(emergencies.change(id, { by: 'Ada' })).rejects.toThrow('the change is empty');
    await expect(emergencies.get('nothing')).rejects.toMatchObject({ status: 404 });
  });

  it('keeps the steps of the day on which it was declared', async () => {
    const { emergencies, store } = setUp();
    const { id } = await emergencies.declare(declaration);
    const shorter = new Emergencies({
      store,
      policy: { ...policy, steps: policy.steps.slice(0, 1) },
      failed: () => {},
    });
    expect((await shorter.get(id)).steps).toHaveLength(4);
  });

  it('says 503 where the store does not answer, and nothing is half done', async () => {
    const { emergencies, store, failures, marks } = setUp();
    const { id, revision } = await emergencies.declare(declaration);
    store.broken = true;
    for (const attempt of [
      () => emergencies.list(),
      () => emergencies.get(id),
      () => emergencies.declare(declaration),
      () => emergencies.change(id, { by: 'Ada', revision, responsible: 'Grace' }),
      () => emergencies.close(id, { by: 'Ada', revision, cause: 'x', followUp: 'y' }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 503, type: 'territory_store_exception' });
    }
    expect(failures).toHaveLength(5);
    store.broken = false;
    expect((await emergencies.get(id)).revision).toBe(1);
    expect(marks).toHaveLength(1);
  });

  it('is marked in the charts though the store falls silent just after it was declared', async () => {
    const { emergencies, store, marks } = setUp();
    const find = store.find;
    store.find = async () => {
      throw new Error('connect ECONNREFUSED');
    };
    await expect(emergencies.declare(declaration)).rejects.toMatchObject({ status: 503 });
    store.find = find;
    const {
      emergencies: [declared],
    } = await emergencies.list();
    expect(marks).toMatchObject([{ kind: 'emergency', time: NOW, key: `${declared?.id}:declared` }]);
  });

  it('says what to do where no database is configured', async () => {
    const { emergencies } = setUp({ store: undefined });
    await expect(emergencies.list()).rejects.toThrow(/set DATABASE_URL/);
    expect(await emergencies.current()).toBeUndefined();
  });

  it('is filled with trees, deliveries and anomalies by itself, each once', async () => {
    const { emergencies, failures, store } = setUp();
    const { id } = await emergencies.declare(declaration);
    const told = (mark: Mark, en: string): ToldMark => ({ ...mark, sentence: { en, fr: `${en} (fr)` } });
    const tree = (time: number, to: string) => told({ kind: 'tree', time, text: '', data: { to } }, `tree ${to}`);
    const marks = [
      tree(NOW - 30 * 60 * MINUTE, 'long ago'),
      tree(NOW - 5 * MINUTE, 'b'),
      told({ kind: 'emergency', time: NOW, text: '', data: {} }, 'an emergency was declared'),
    ];
    const anomaly: Anomaly = {
      ...{
        id: 'no_hits:DEP:69',
        series: 'no_hits',
        key: 'DEP:69',
        severity: 2 as const,
        since: NOW - 4 * MINUTE,
        also: [],
      },
      sentence: { en: 'No hits: 38 %', fr: 'Sans résultat : 38 %' },
      figures: { now: 38, usual: [2, 5], unit: '%' },
    };
    const emergency = { severity: 'critical', since: NOW, id };
    await emergencies.fillFrom({ marks, anomalies: [anomaly], emergency });
    const grown = { ...anomaly, since: anomaly.since - MINUTE, sentence: { en: 'No hits: 41 %', fr: '' } };
    await emergencies.fillFrom({ marks, anomalies: [grown], emergency });
    const { timeline } = await emergencies.get(id);
    expect(timeline[0]!.text.fr).toBe('tree b (fr)');
    expect(timeline.map(({ kind, by, text }) => [kind, by, text.en])).toEqual([
      ['tree', undefined, 'tree b'],
      ['anomaly', undefined, 'No hits: 38 %'],
      ['declared', 'Ada', 'declared (critical): No hits in the Rhône'],
    ]);
    store.broken = true;
    await emergencies.fillFrom({ marks, anomalies: [], emergency });
    expect(failures).toHaveLength(1);
  });

  it('leaves a notice with what it tells of, and only where somebody is to be told', async () => {
    let announced = 0;
    const { emergencies, store } = setUp({ announce: () => void announced++ });
    const { id } = await emergencies.declare(declaration);
    const steps = { diagnosis: { done: true }, resolved: { done: true } };
    await emergencies.change(id, { by: 'Ada', revision: 1, steps });
    expect(announced).toBe(1);
    await emergencies.close(id, { by: 'Grace', revision: 2, cause: 'a file', followUp: 'an audit' });
    expect(announced).toBe(2);
    expect(store.notices.map((notice) => [notice.id, notice.text])).toEqual([
      [`${id}:declared`, 'Emergency declared (critical) by Ada: No hits in the Rhône'],
      [`${id}:closed`, 'Emergency closed by Grace: No hits in the Rhône. Cause: a file'],
    ]);

    const quiet = setUp();
    await quiet.emergencies.declare(declaration);
    expect(quiet.store.notices).toEqual([]);
  });
});
