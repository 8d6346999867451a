import { ApiError, ask } from './client.js';
import { h, put } from './dom.js';
import type { EmergencyFile, EmergencyPolicy, EmergencyStep } from './emergency-wire.js';
import { field, form } from './form.js';
import { formatAgo, formatMoment } from './format.js';
import { language, said, t } from './language.js';
import { stateSign } from './state-sign.js';
import { sent } from './typed.js';

interface Parts {
  readonly file: EmergencyFile;
  readonly policy: EmergencyPolicy;
  /** The name of who works, kept while the tab is open. */
  readonly name: HTMLInputElement;
  /** Asks anew and draws; what was typed and not sent stays. */
  readonly refresh: () => Promise<void>;
  /** Says above the page, which may be drawn anew, why what was sent last was refused; or no more. */
  readonly tell: (reason: string | undefined) => void;
}

/** `409` of the API: the change was made from what is no longer so. */
const CONFLICT = 409;

/** The emergency that is open, with all that there is to do in it. */
export function openEmergency(parts: Parts): HTMLElement[] {
  const { file, policy } = parts;
  const severity = policy.severities.find(({ id }) => id === file.severity);
  return [
    h(
      'section',
      { class: 'hero', 'data-state': 'emergency', 'aria-labelledby': 'emergency-title' },
      h('div', { class: 'sign-place' }, stateSign('emergency')),
      h(
        'div',
        {},
        h('h1', { id: 'emergency-title', tabindex: '-1', class: file.title.length > 60 && 'long' }, file.title),
        h(
          'p',
          { class: 'sentence' },
          h('span', { class: 'tag' }, severity === undefined ? file.severity : said(severity.title)),
          ` ${t.emergency.declared(formatMoment(file.declared.time), formatAgo(file.declared.time, Date.now()), file.declared.by)}`,
        ),
      ),
    ),
    h(
      'div',
      { class: 'two' },
      h(
        'div',
        { class: 'stack' },
        h('div', { class: 'panel' }, field(t.emergency.by, parts.name)),
        responsible(parts),
        steps(parts),
      ),
      h('div', { class: 'stack' }, timeline(parts), closing(parts)),
    ),
  ];
}

/** @param saved called when it is, before the page is drawn anew */
async function change(parts: Parts, body: Record<string, unknown>, saved: () => void): Promise<void> {
  const path = `emergencies/${encodeURIComponent(parts.file.id)}`;
  const { revision } = parts.file;
  await send(parts, path, 'PATCH', { by: nameOf(parts.name), revision, ...body }, saved);
}

async function send(
  { refresh, tell }: Parts,
  path: string,
  method: string,
  body: Record<string, unknown>,
  saved: () => void,
): Promise<void> {
  tell(undefined);
  try {
    await ask(path, { method, body });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== CONFLICT) throw error;
    // The page of now, with what was typed still in it.
    await refresh();
    tell(t.emergency.conflict);
    return;
  }
  saved();
  await refresh();
}

function nameOf(name: HTMLInputElement): string {
  const given = name.value.trim();
  if (given !== '') return given;
  name.focus();
  throw new Error(`${t.emergency.by}?`);
}

function responsible(parts: Parts): HTMLElement {
  const who = h('input', {
    name: 'responsible',
    value: parts.file.responsible ?? '',
    maxlength: 100,
    autocomplete: 'off',
  });
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'responsible' },
    h('h2', { id: 'responsible' }, t.emergency.responsible),
    h('p', { class: 'who' }, parts.file.responsible ?? t.emergency.nobody),
    form(
      t.emergency.assign,
      () => change(parts, { responsible: who.value.trim() === '' ? null : who.value.trim() }, () => sent(who)),
      field(t.emergency.responsible, who),
    ),
  );
}

function steps(parts: Parts): HTMLElement {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'steps' },
    h('h2', { id: 'steps' }, t.emergency.steps),
    h(
      'ol',
      { class: 'steps' },
      ...parts.file.steps.map((step) => h('li', { 'data-done': String(step.done) }, stepOf(parts, step))),
    ),
  );
}

function stepOf(
  parts: Parts,
  { id, title, question, required, done, answer = '', time, by }: EmergencyStep,
): HTMLElement {
  const text = h('textarea', { name: `answer ${id}`, rows: 2, maxlength: 10_000 }, answer);
  const check = h('input', { name: `done ${id}`, type: 'checkbox', checked: done });
  const state =
    done && time !== undefined ? `${t.emergency.done}, ${formatMoment(time)}${by === undefined ? '' : `, ${by}`}` : '';
  return h(
    'div',
    {},
    h('h3', {}, said(title), required && h('span', { class: 'needed' }, ` ${t.emergency.required}`)),
    h('p', { class: 'quiet' }, said(question)),
    state !== '' && h('p', { class: 'state' }, state),
    form(
      t.emergency.save,
      () =>
        change(
          parts,
          {
            steps: {
              [id]: { done: check.checked, ...(text.value.trim() === '' ? {} : { answer: text.value.trim() }) },
            },
          },
          () => sent(text, check),
        ),
      field(t.emergency.note, text),
      h('label', { class: 'check' }, check, ` ${t.emergency.done}`),
    ),
  );
}

function timeline(parts: Parts): HTMLElement {
  const note = h('textarea', { name: 'note', rows: 2, maxlength: 10_000 });
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'timeline' },
    h('h2', { id: 'timeline' }, t.emergency.timeline),
    timelineOf(parts.file),
    form(
      t.emergency.add,
      () =>
        change(parts, { note: note.value.trim(), revision: undefined }, () => {
          note.value = '';
        }),
      field(t.emergency.addNote, note),
    ),
  );
}

/** What happened, the oldest first. */
export function timelineOf({ timeline }: EmergencyFile): HTMLElement {
  return h(
    'ol',
    { class: 'timeline' },
    ...timeline.map(({ time, kind, by, text }) =>
      h(
        'li',
        { 'data-kind': kind },
        h('time', { datetime: new Date(time).toISOString() }, formatMoment(time)),
        h('span', {}, said(text), by !== undefined && h('span', { class: 'quiet' }, ` ${by}`)),
      ),
    ),
  );
}

function closing(parts: Parts): HTMLElement {
  const { file, name } = parts;
  const cause = h('textarea', { name: 'cause', rows: 3, maxlength: 10_000, required: true });
  const followUp = h('textarea', { name: 'follow-up', rows: 3, maxlength: 10_000, required: true });
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'closing' },
    h('h2', { id: 'closing' }, t.emergency.close),
    form(
      t.emergency.closeGo,
      () => {
        const told = { cause: cause.value.trim(), followUp: followUp.value.trim() };
        const body = { by: nameOf(name), revision: file.revision, ...told };
        return send(parts, `emergencies/${encodeURIComponent(file.id)}/close`, 'POST', body, () => undefined);
      },
      field(t.emergency.cause, cause),
      field(t.emergency.followUp, followUp),
    ),
  );
}

/** Saves the post-mortem as a file: fetched, so that the token goes with it. */
export function postMortemButton(id: string): HTMLElement {
  const error = h('span', { class: 'failed', role: 'alert' });
  const button = h('button', { type: 'button', class: 'plain' }, t.emergency.postMortem);
  button.addEventListener('click', () => {
    ask<string>(`emergencies/${encodeURIComponent(id)}/post-mortem.md?language=${language}`)
      .then((text) => {
        const url = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
        const link = h('a', { href: url, download: `post-mortem-${id}.md` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(url), 10_000);
      })
      .catch((reason: Error) => put(error, ` ${reason.message}`));
  });
  return h('span', {}, button, error);
}
