import { ApiError, ask, setToken, token } from './client.js';
import { h, put } from './dom.js';
import type { Emergencies, EmergencyFile, EmergencyPolicy } from './emergency-wire.js';
import { fingerUp } from './finger.js';
import { field, form } from './form.js';
import { formatMoment } from './format.js';
import { said, t } from './language.js';
import { listen } from './live.js';
import { openEmergency, postMortemButton } from './open-emergency.js';
import { openShell } from './shell.js';
import { stateSign } from './state-sign.js';
import { typeAgain, typedIn } from './typed.js';

const shell = openShell('emergency');
/** What went wrong, above a page that stays as it was: while nothing can be read, and with what somebody sent last. */
const trouble = alertPlace();
const refusal = alertPlace();
const content = h('div', { class: 'stack' }, h('p', { class: 'quiet' }, t.loading));
put(shell.main, trouble, refusal, content);

const NAME = 'territory.name';
const name = h('input', {
  name: 'by',
  maxlength: 100,
  autocomplete: 'name',
  value: sessionStorage.getItem(NAME) ?? '',
});
name.addEventListener('change', () => sessionStorage.setItem(NAME, name.value));

const RETRY_MS = 3_000;
/** Others work in it too, of which no event tells. */
const REFRESH_MS = 5_000;

/** What the page was drawn from: what there is, or a failure. */
let shown = '';
/** Whether what there is was drawn. */
let isPage = false;
let policy: EmergencyPolicy | undefined;
let asking: Promise<void> | undefined;
let next: Promise<void> | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Asks for everything and draws it: once at a time, and once more for all who ask meanwhile. */
function refresh(): Promise<void> {
  if (asking === undefined) {
    clearTimeout(retry);
    asking = draw().finally(() => {
      asking = undefined;
    });
    return asking;
  }
  next ??= asking.then(() => {
    next = undefined;
    return refresh();
  });
  return next;
}

function alertPlace(): HTMLElement {
  return h('p', { class: 'failed', role: 'alert', hidden: true });
}

function tell(place: HTMLElement, reason: string | undefined): void {
  place.hidden = reason === undefined;
  put(place, reason);
}

/** Draws what there is; what somebody typed and did not send stays in its place. */
async function draw(): Promise<void> {
  try {
    if (policy === undefined) {
      policy = await ask<EmergencyPolicy>('emergency-policy');
      // The database may only now be opened: what is an emergency can be read meanwhile.
      put(content, h('h1', {}, t.titles.emergency), h('p', { class: 'quiet' }, t.loading), policySection(policy));
    }
    const all = await ask<Emergencies>('emergencies');
    const file = all.open && (await ask<EmergencyFile>(`emergencies/${encodeURIComponent(all.open.id)}`));
    await fingerUp();
    tell(trouble, undefined);
    const state = JSON.stringify([all, file]);
    if (state === shown) return;
    shown = state;
    isPage = true;
    const typed = typedIn(content);
    put(
      content,
      ...(file === undefined
        ? calm(policy)
        : openEmergency({ file, policy, name, refresh, tell: (reason) => tell(refusal, reason) })),
      past(all),
      file !== undefined && policySection(policy),
      token() !== null && tokenForm(false),
    );
    typeAgain(content, typed);
  } catch (error) {
    const final = error instanceof ApiError && error.status < 500;
    // A database that does not answer now may in a moment.
    if (!final) retry = setTimeout(() => void refresh(), RETRY_MS);
    const needsToken = error instanceof ApiError && error.status === 401;
    const { message } = error as Error;
    if (isPage && !needsToken) {
      tell(trouble, message);
      return;
    }
    tell(trouble, undefined);
    isPage = false;
    // A token that is being typed stays.
    if (shown === message) return;
    shown = message;
    put(
      content,
      h('h1', {}, t.titles.emergency),
      h('p', { class: 'failed', role: 'alert' }, needsToken ? t.emergency.needsToken : message),
      needsToken && tokenForm(true),
      policy && policySection(policy),
    );
  }
}

function calm(policy: EmergencyPolicy): HTMLElement[] {
  const title = h('input', { name: 'title', required: true, maxlength: 200, autocomplete: 'off' });
  const severity = h(
    'select',
    { name: 'severity' },
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
            await refresh();
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
        await refresh();
      },
      forget ? undefined : field(t.emergency.token, value),
      h('p', { class: 'quiet' }, t.emergency.tokenHelp),
    ),
  );
}

listen({ standup: () => void refresh(), connection: (lostSince) => shell.connection(lostSince) });
setInterval(() => {
  if (isPage && document.visibilityState === 'visible') void refresh();
}, REFRESH_MS);
void refresh();
