import { html, signal } from '../vendor/ui.js';
import { Untrusted } from './Untrusted.js';

const shown = signal(/** @type {{ id: number, text: string, tone: string }[]} */ ([]));
let last = 0;

/** @param {string} text @param {string} tone */
function say(text, tone) {
  const id = ++last;
  shown.value = [...shown.value.slice(-3), { id, text, tone }];
  setTimeout(() => drop(id), tone === 'bad' ? 15000 : 6000);
}

/** @param {number} id */
const drop = id => { shown.value = shown.value.filter(one => one.id !== id); };

/** Tells what came of something: toast.ok('Saved'), toast.error(error). */
export const toast = {
  /** @param {string} text */
  ok: text => say(text, 'ok'),
  /** @param {any} error */
  error: error => say(error?.message ?? String(error), 'bad'),
};

export const Toasts = () => html`<div class="toasts" role="status" aria-live="polite">
  ${shown.value.map(one => html`<div key=${one.id} class=${`toast ${one.tone}`}>
    <${Untrusted} text=${one.text} />
    <button type="button" class="button quiet" aria-label="Close" onClick=${() => drop(one.id)}>×</button>
  </div>`)}
</div>`;
