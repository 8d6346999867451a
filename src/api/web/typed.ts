type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Typed {
  readonly value: string;
  readonly checked: boolean;
  /** Of the control that has the focus: where its caret is. */
  readonly caret: readonly [start: number | null, end: number | null] | undefined;
}

/** What somebody has typed and not sent yet, by the names of the controls. */
export function typedIn(root: Element): ReadonlyMap<string, Typed> {
  const typed = new Map<string, Typed>();
  for (const control of controlsOf(root)) {
    const isFocused = control === document.activeElement;
    if (!isFocused && !isChanged(control)) continue;
    const caret = isFocused
      ? ([caretOf(control, 'selectionStart'), caretOf(control, 'selectionEnd')] as const)
      : undefined;
    typed.set(control.name, { value: control.value, checked: isCheck(control) && control.checked, caret });
  }
  return typed;
}

/** Puts what was typed into the controls of the same names, after the page was drawn anew. */
export function typeAgain(root: Element, typed: ReadonlyMap<string, Typed>): void {
  for (const control of controlsOf(root)) {
    const before = typed.get(control.name);
    if (before === undefined) continue;
    if (isCheck(control)) control.checked = before.checked;
    else control.value = before.value;
    if (before.caret === undefined) continue;
    control.focus();
    const [start, end] = before.caret;
    if (start !== null && !(control instanceof HTMLSelectElement)) control.setSelectionRange(start, end);
  }
}

/** Says that what a control holds was sent: another's change may replace it. */
export function sent(...controls: readonly (HTMLInputElement | HTMLTextAreaElement)[]): void {
  for (const control of controls) {
    if (isCheck(control)) control.defaultChecked = control.checked;
    else control.defaultValue = control.value;
  }
}

function controlsOf(root: Element): Control[] {
  return [...root.querySelectorAll<Control>('input[name], textarea[name], select[name]')];
}

function isCheck(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && control.type === 'checkbox';
}

function isChanged(control: Control): boolean {
  if (control instanceof HTMLSelectElement) return control.selectedIndex > 0;
  return isCheck(control) ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

function caretOf(control: Control, end: 'selectionStart' | 'selectionEnd'): number | null {
  return control instanceof HTMLSelectElement || isCheck(control) ? null : control[end];
}
