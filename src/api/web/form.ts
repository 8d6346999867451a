import { h, newId, put } from './dom.js';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A control with its label. */
export function field(label: string, control: Control): HTMLElement {
  control.id = newId('field');
  return h('div', { class: 'field-row' }, h('label', { for: control.id }, label), control);
}

/** A form whose work may be refused: then it says why, and nothing that was typed is lost. */
export function form(
  button: string,
  work: () => Promise<void>,
  ...content: readonly (Node | undefined)[]
): HTMLFormElement {
  const error = h('p', { class: 'failed', role: 'alert' });
  const submit = h('button', { type: 'submit' }, button);
  const element = h('form', {}, ...content, error, submit);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    submit.disabled = true;
    put(error);
    work()
      .catch((reason: Error) => put(error, reason.message))
      .finally(() => {
        submit.disabled = false;
      });
  });
  return element;
}
