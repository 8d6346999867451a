const QUIET_MS = 2_000;
const REPEAT_MS = 10_000;

/**
 * Waits for a piece of work and says what is going on when it takes longer than two seconds: one line at once, then
 * one every ten seconds (on a terminal the same line, every second), and one at the end with the time it took.
 *
 * @template T
 * @param {string} label what is being done, as a sentence without a full stop
 * @param {Promise<T> | (() => Promise<T>)} work
 * @param {() => string} [detail] how far it is, in words; asked each time a line is printed
 * @returns {Promise<T>} what the work gives; its errors pass through
 */
export async function progress(label, work, detail = () => '') {
  const out = process.stderr;
  const started = Date.now();
  const terminal = out.isTTY === true;
  let shown = false;
  let timer = setTimeout(function show() {
    const more = [shown ? `${Math.round((Date.now() - started) / 1000)} s` : '', detail()].filter(Boolean).join(', ');
    const line = `${label}${more ? ` (${more})` : ''} …`;
    out.write(terminal ? `\r\u001b[K${line}` : `${line}\n`);
    shown = true;
    timer = setTimeout(show, terminal ? 1_000 : REPEAT_MS);
  }, QUIET_MS);
  try {
    const result = await (typeof work === 'function' ? work() : work);
    if (shown) {
      const line = `${label}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`;
      out.write(terminal ? `\r\u001b[K${line}\n` : `${line}\n`);
    }
    return result;
  } catch (error) {
    if (shown && terminal) out.write('\n');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
