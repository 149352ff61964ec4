// Searches under a name: some that everybody has, and those that this browser keeps.
import { html, signal, useState } from '../../vendor/ui.js';
import { Button, Dialog, Field, Untrusted } from '../../components/index.js';
import { link } from '../../state/route.js';

/** @typedef {{ name: string, query: Record<string, string> }} View */

const key = 'calls-views';
const most = 20;

/** @type {View[]} */
const usual = [
  { name: 'Denied calls', query: { kind: 'decision', outcome: 'denied' } },
  { name: 'Approved requests', query: { kind: 'approval', outcome: 'approved', range: '7d' } },
  { name: 'Errors', query: { kind: 'outcome', outcome: 'error' } },
  { name: 'Slow calls', query: { kind: 'outcome', minMs: '1000' } },
];

const own = signal(read());

/** @returns {View[]} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(one => typeof one?.name === 'string' && typeof one.query === 'object')
      .slice(0, most) : [];
  } catch { return []; }
}

/** @param {View[]} views */
function keep(views) {
  own.value = views.slice(-most);
  localStorage.setItem(key, JSON.stringify(own.value));
}

/** @param {{ query: Record<string, string> }} props */
export function Views({ query }) {
  const [isNaming, setNaming] = useState(false);
  const sorted = (/** @type {Record<string, string>} */ of) =>
    JSON.stringify(Object.entries(of).filter(([, value]) => value).sort());
  const isShown = (/** @type {View} */ view) => sorted(view.query) === sorted(query);
  return html`<div class="row views" role="group" aria-label="Views">
    ${[...usual, ...own.value].map(view => html`<a key=${view.name} class="view" href=${link('calls', view.query)}
      aria-current=${isShown(view) ? 'true' : undefined}><${Untrusted} text=${view.name} max=${40} /></a>`)}
    <${Button} kind="quiet" onClick=${() => setNaming(true)}>Save view…<//>
    ${own.value.some(isShown) && html`<${Button} kind="quiet"
      onClick=${() => keep(own.value.filter(view => !isShown(view)))}>Remove view<//>`}
    ${isNaming && html`<${Naming} query=${query} onClose=${() => setNaming(false)} />`}</div>`;
}

/** @param {{ query: Record<string, string>, onClose: () => void }} props */
function Naming({ query, onClose }) {
  const [name, setName] = useState('');
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!name.trim()) return;
    keep([...own.value.filter(view => view.name !== name.trim()), { name: name.trim(), query }]);
    onClose();
  };
  return html`<${Dialog} title="Save view" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" value=${name} maxlength="40" autofocus
      hint="Up to 40 characters. Saved in this browser only."
      onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Save view<//></div></form><//>`;
}
