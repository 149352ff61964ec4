import { html, signal } from '../vendor/ui.js';
import { Untrusted } from './Untrusted.js';

/**
 * @typedef {{ id: number, text: string, tone: string, undo?: () => Promise<unknown>, byKey: boolean, ends: number }}
 *   Shown
 */

const shown = signal(/** @type {Shown[]} */ ([]));
let last = 0;

/** @param {string} text @param {string} tone @param {() => Promise<unknown>} [undo] @param {boolean} [byKey] */
function say(text, tone, undo, byKey = true) {
  const one = { id: ++last, text, tone, undo, byKey, ends: 0 };
  shown.value = [...shown.value.slice(-3), one];
  start(one);
}

/** An undo needs time to be read, found and reached. @param {Shown} one */
const start = one => { one.ends = setTimeout(() => drop(one), one.undo ? 20000 : one.tone === 'bad' ? 15000 : 6000); };

/** @param {Shown} one */
const stop = one => clearTimeout(one.ends);

/** @param {Shown} one */
const drop = one => { stop(one); shown.value = shown.value.filter(other => other !== one); };

/** @param {Shown} one */
async function undo(one) {
  drop(one);
  try {
    await one.undo?.();
    say('Undone.', 'ok');
  } catch (error) { toast.error(error); }
}

/** Undoes the latest change whose notice is still shown. */
export function undoLast() {
  const one = shown.value.findLast(other => other.undo && other.byKey);
  if (one) undo(one);
}

/** Tells what came of something: toast.ok('Saved'), toast.error(error). */
export const toast = {
  /**
   * @param {string} text @param {() => Promise<unknown>} [undo] Reverts the change; omitted if that is not possible.
   * @param {boolean} [byKey] False if a key that is pressed by mistake must not revert it.
   */
  ok: (text, undo, byKey) => say(text, 'ok', undo, byKey),
  /** @param {unknown} error */
  error: error => say(error instanceof Error ? error.message : String(error), 'bad'),
};

// A notice stays while it is pointed at or has the focus.
export const Toasts = () => html`<div class="toasts" role="status" aria-live="polite">
  ${shown.value.map(one => html`<div key=${one.id} class=${`toast ${one.tone}`} onMouseEnter=${() => stop(one)}
    onMouseLeave=${() => start(one)}
    onFocusIn=${() => stop(one)} onFocusOut=${() => start(one)}>
    <${Untrusted} text=${one.text} />
    <span class="row">${one.undo && html`<button type="button" class="button" aria-label=${`Undo: ${one.text}`}
      onClick=${() => undo(one)}>Undo</button>`}
    <button type="button" class="button quiet" aria-label="Close" onClick=${() => drop(one)}>×</button></span>
  </div>`)}
</div>`;
