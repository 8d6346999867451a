let isDown = false;
let waiting: (() => void)[] = [];

// Other buttons click nothing.
addEventListener('pointerdown', ({ button }) => {
  if (button === 0) isDown = true;
});
// A menu and another window may keep the end for themselves: then nothing is clicked either.
for (const name of ['pointerup', 'pointercancel', 'contextmenu', 'blur']) addEventListener(name, up);
// The end may have been told to nobody, as where a list of choices hung over the page.
addEventListener('pointermove', ({ buttons }) => {
  if (isDown && buttons === 0) up();
});

function up(): void {
  isDown = false;
  // The click comes right after; it must still find the element on which it began.
  setTimeout(() => {
    if (isDown) return;
    for (const go of waiting) go();
    waiting = [];
  });
}

/** Resolves when nobody presses anything: a click on an element that was replaced meanwhile would be lost. */
export function fingerUp(): Promise<void> {
  return isDown ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
}
