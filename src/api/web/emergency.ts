import { ApiError, ask, setToken, token } from './client.js';
import { h, put } from './dom.js';
import type { Emergencies, EmergencyFile, EmergencyPolicy } from './emergency-wire.js';
import { field, form } from './form.js';
import { formatMoment } from './format.js';
import { said, t } from './language.js';
import { listen } from './live.js';
import { openEmergency, postMortemButton } from './open-emergency.js';
import { openShell } from './shell.js';
import { stateSign } from './state-sign.js';

const shell = openShell('emergency');
const content = h('div', { class: 'stack' }, h('p', { class: 'quiet' }, t.loading));
put(shell.main, content);

const NAME = 'territory.name';
const name = h('input', { maxlength: 100, autocomplete: 'name', value: sessionStorage.getItem(NAME) ?? '' });
name.addEventListener('change', () => sessionStorage.setItem(NAME, name.value));

const RETRY_MS = 3_000;

let shown = '';
let policy: EmergencyPolicy | undefined;

/** Asks for everything and draws it; what somebody types at the moment is left alone unless `force`. */
async function refresh(force: boolean): Promise<void> {
  try {
    if (policy === undefined) {
      policy = await ask<EmergencyPolicy>('emergency-policy');
      // The database may only now be opened: what is an emergency can be read meanwhile.
      put(content, h('h1', {}, t.titles.emergency), h('p', { class: 'quiet' }, t.loading), policySection(policy));
    }
    const all = await ask<Emergencies>('emergencies');
    const file = all.open && (await ask<EmergencyFile>(`emergencies/${encodeURIComponent(all.open.id)}`));
    const state = JSON.stringify([all, file]);
    if (state === shown || (!force && isTyping())) return;
    shown = state;
    const again = () => refresh(true);
    put(
      content,
      ...(file === undefined ? calm(policy, again) : openEmergency({ file, policy, name, refresh: again })),
      past(all),
      file !== undefined && policySection(policy),
      token() !== null && tokenForm(false),
    );
  } catch (error) {
    shown = '';
    const final = error instanceof ApiError && error.status < 500;
    // A database that does not answer now may in a moment.
    if (!final) setTimeout(() => void refresh(false), RETRY_MS);
    const needsToken = error instanceof ApiError && error.status === 401;
    put(
      content,
      h('h1', {}, t.titles.emergency),
      h('p', { class: 'failed', role: 'alert' }, needsToken ? t.emergency.needsToken : (error as Error).message),
      needsToken && tokenForm(true),
      policy && policySection(policy),
    );
  }
}

function isTyping(): boolean {
  const active = document.activeElement;
  const fields = [
    ...content.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('textarea, input:not([type=checkbox])'),
  ];
  return content.contains(active) && fields.some((each) => each !== name && each.value !== each.defaultValue);
}

function calm(policy: EmergencyPolicy, again: () => Promise<void>): HTMLElement[] {
  const title = h('input', { required: true, maxlength: 200, autocomplete: 'off' });
  const severity = h(
    'select',
    {},
    ...policy.severities.map(({ id, title }) => h('option', { value: id }, said(title))),
  );
  return [
    h(
      'section',
      { class: 'hero', 'data-state': 'well' },
      h('div', { class: 'sign-place' }, stateSign('well')),
      h('div', {}, h('h1', {}, t.emergency.none), h('p', { class: 'sentence' }, t.emergency.noneText)),
    ),
    h(
      'div',
      { class: 'two' },
      policySection(policy),
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'declare' },
        h('h2', { id: 'declare' }, t.emergency.declare),
        form(
          t.emergency.go,
          async () => {
            await ask('emergencies', {
              method: 'POST',
              body: { by: name.value.trim(), title: title.value.trim(), severity: severity.value },
            });
            await again();
            document.getElementById('emergency-title')?.focus();
          },
          field(t.emergency.title, title),
          field(t.emergency.severity, severity),
          field(t.emergency.by, name),
        ),
      ),
    ),
  ];
}

function policySection({ about, severities }: EmergencyPolicy): HTMLElement {
  return h(
    'section',
    { class: 'panel policy', 'aria-labelledby': 'policy' },
    h('h2', { id: 'policy' }, t.emergency.policy),
    h('p', {}, said(about)),
    ...severities.map(({ title, criteria }) =>
      h('div', {}, h('h3', {}, said(title)), h('ul', {}, ...criteria.map((each) => h('li', {}, said(each))))),
    ),
  );
}

function past({ emergencies }: Emergencies): HTMLElement | undefined {
  const closed = emergencies.filter((each) => each.closed !== undefined);
  if (closed.length === 0) return undefined;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'past' },
    h('h2', { id: 'past' }, t.emergency.past),
    h(
      'ul',
      { class: 'past' },
      ...closed.map(({ id, title, closed }) =>
        h(
          'li',
          {},
          h('span', {}, h('strong', {}, title), ` ${t.emergency.closed(formatMoment(closed?.time ?? 0))}`),
          postMortemButton(id),
        ),
      ),
    ),
  );
}

/** Takes the token, or forgets the one that was taken. */
function tokenForm(refused: boolean): HTMLElement {
  const value = h('input', { type: 'password', autocomplete: 'off', maxlength: 4000 });
  const forget = token() !== null && !refused;
  return h(
    'section',
    { class: 'panel token' },
    form(
      forget ? t.emergency.tokenForget : t.emergency.tokenSet,
      async () => {
        setToken(forget ? '' : value.value.trim());
        shown = '';
        await refresh(true);
      },
      forget ? undefined : field(t.emergency.token, value),
      h('p', { class: 'quiet' }, t.emergency.tokenHelp),
    ),
  );
}

listen({ standup: () => void refresh(false), connection: (lostSince) => shell.connection(lostSince) });
void refresh(true);
