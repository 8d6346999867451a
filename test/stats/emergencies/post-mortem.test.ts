import { Emergencies } from '../../../src/stats/emergencies/emergencies.js';
import { MemoryStore, policy } from './support.js';

const NOW = Date.UTC(2026, 10, 24, 8);

describe('a post-mortem', () => {
  it('tells the whole story in Markdown', async () => {
    let now = NOW;
    const emergencies = new Emergencies({ store: new MemoryStore(), policy, failed: () => {}, now: () => now });
    const { id } = await emergencies.declare({ by: 'Ada', title: 'No hits in the Rhône', severity: 'critical' });
    const steps = { diagnosis: { done: true, answer: 'The map lost it' }, resolved: { done: true, answer: 'Seen' } };
    await emergencies.change(id, { by: 'Grace', revision: 1, responsible: 'Grace', steps });
    now += 65 * 60_000;
    const draft = await emergencies.postMortem(id, { language: 'en', timeZone: 'Europe/Paris' });
    expect(draft).toContain('*The emergency is still open: this is a draft.*');
    await emergencies.close(id, {
      by: 'Grace',
      revision: 2,
      cause: 'A bad file.\nNobody looked.',
      followUp: '- An audit',
    });
    expect(
      await emergencies.postMortem(id, { language: 'en', timeZone: 'Europe/Paris' }),
    ).toBe(`# Post-mortem: No hits in the Rhône

- Severity: Critical
- Declared: 24 Nov 2026, 09:00:00, by Ada
- Closed: 24 Nov 2026, 10:05:00, by Grace
- Lasted: 1 h 05 min
- Responsible: Grace
- id: ${id}

## Cause

A bad file.

Nobody looked.

## Follow-up

\\- An audit

## Steps

- [x] **Diagnosis** (What?)
  The map lost it (Grace, 24 Nov 2026, 09:00:00)
- [ ] **Tell the clients?** (Whom?)
  *not answered*
- [ ] **Related problems** (Where else?)
  *not answered*
- [x] **Resolved?** (How seen?)
  Seen (Grace, 24 Nov 2026, 09:00:00)

## Timeline (Europe/Paris)

- 24 Nov 2026, 09:00:00, Ada: declared (critical): No hits in the Rhône
- 24 Nov 2026, 09:00:00, Grace: responsible: Grace
- 24 Nov 2026, 09:00:00, Grace: step “Diagnosis” done: The map lost it
- 24 Nov 2026, 09:00:00, Grace: step “Resolved?” done: Seen
- 24 Nov 2026, 10:05:00, Grace: closed; cause: A bad file. / Nobody looked.
`);
    const french = await emergencies.postMortem(id, { language: 'fr', timeZone: 'Europe/Paris' });
    expect(french).toContain('- Déclarée: 24 nov. 2026, 09:00:00, par Ada');
  });

  it('lets nothing that people wrote become markup', async () => {
    const emergencies = new Emergencies({ store: new MemoryStore(), policy, failed: () => {}, now: () => NOW });
    const evil = '<img src=x onerror=alert(1)>\n# Title\n[link](javascript:alert(1)) `code` **b** | & ![i](x)';
    const { id } = await emergencies.declare({ by: evil, title: evil, severity: 'minor' });
    await emergencies.change(id, { by: evil, note: evil });
    const steps = { diagnosis: { done: true, answer: evil }, resolved: { done: true } };
    await emergencies.change(id, { by: evil, revision: 2, responsible: evil, steps });
    await emergencies.close(id, { by: evil, revision: 3, cause: evil, followUp: evil });
    const text = await emergencies.postMortem(id, { language: 'en', timeZone: 'UTC' });
    expect(text).not.toMatch(/(?<!\\)[<>`|&$]/);
    expect(text).not.toMatch(/(?<!\\)\]\(|(?<!\\)!\[/);
    expect(text.match(/^#+ /gm)).toEqual(['# ', '## ', '## ', '## ', '## ']);
  });
});
