import { html, useEffect, useRef, useState } from '../vendor/ui.js';
import { get, may } from '../api/client.js';
import { Dialog, Untrusted } from '../components/index.js';
import { go, link } from '../state/route.js';

/** @typedef {{ kind: string, text: string, href: string }} Target */

// What has a page of its own by its name.
const kinds = /** @type {const} */ ([
  { page: 'servers', kind: 'Server' }, { page: 'grants', kind: 'Grant' }, { page: 'policies', kind: 'Policy' },
]);

/**
 * Goes to a page, or to what has a name.
 * @param {{ pages: import('../pages/index.js').Page[], onClose: () => void }} props
 */
export function Palette({ pages, onClose }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [named, setNamed] = useState(/** @type {Target[]} */ ([]));
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    input.current?.focus();
    for (const { page, kind } of kinds) {
      if (!pages.some(one => one.name === page) || !may('Read', '*')) continue;
      get(page, { limit: 200 }).then(list => setNamed(before => [...before,
        ...list.items.map(one => ({ kind, text: one.name, href: link(page, one.name) }))]),
          () => {});
    }
  }, []);
  /** @param {string} sought */
  const matching = sought =>
    [...pages.map(page => ({ kind: page.group ?? '', text: page.title, href: link(page.name) })), ...named,
    { kind: 'Account', text: 'Your account', href: link('account') }]
    .filter(one => one.text.toLowerCase().includes(sought.toLowerCase())).slice(0, 12);
  const found = matching(text);
  const chosen = Math.min(at, found.length - 1);
  /** @param {Target} target */
  const open = target => { onClose(); go(target.href); };
  /** @param {KeyboardEvent & { currentTarget: HTMLInputElement }} event */
  const press = event => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) { event.preventDefault(); setAt((chosen + by + found.length) % found.length); }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    // Who types fast is ahead of what is drawn.
    const sought = event.currentTarget.value;
    const target = sought === text ? found[chosen] : matching(sought)[0];
    if (target) open(target);
  };
  return html`<${Dialog} title="Go to" onClose=${onClose}>
    <input type="search" ref=${input} class="palette-input" placeholder="Page, server, grant or policy" value=${text}
      role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label="Go to"
      aria-activedescendant=${found.length > 0 ? `palette-${chosen}` : undefined}
      onInput=${(/** @type {FieldEvent} */ event) => { setText(event.target.value); setAt(0); }} onKeyDown=${press} />
    <ul id="palette-list" class="palette" role="listbox" aria-label="Results">
      ${found.map((one, index) => html`<li id=${`palette-${index}`} role="option"
        aria-selected=${index === chosen ? 'true' : 'false'}
        onClick=${() => open(one)}><${Untrusted} text=${one.text} max=${80} />
          <span class="muted">${one.kind}</span></li>`)}
    </ul>
    ${found.length === 0 && html`<p class="muted">No results.</p>`}
  <//>`;
}
