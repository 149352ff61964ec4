// What stands around every page: navigation, who is signed in, theme, shortcuts.
import { html, signal, useEffect, useRef } from '../vendor/ui.js';
import { may, remove, session } from '../api/client.js';
import { StatusBar } from '../components/attention.js';
import { Icon } from '../components/Icon.js';
import { Button, Dialog, Untrusted, WithCommands } from '../components/index.js';
import { undoLast } from '../components/Toast.js';
import { pages } from '../pages/index.js';
import { forget } from '../state/resource.js';
import { go, link, route } from '../state/route.js';
import { shortcuts, theme } from '../state/settings.js';
import { Palette } from './Palette.js';

const isNavigationOpen = signal(false);
const above = signal(/** @type {'' | 'palette' | 'help'} */ (''));

/** @param {import('../pages/index.js').Page} page */
export const visible = page => may(page.needs, page.some ? '*' : undefined);

/** The page for whoever names none. */
export const home = () => pages.find(page => page.group && visible(page))?.name ?? 'account';

const inNavigation = () => pages.filter(page => page.group && visible(page));

/** @param {{ children?: Children }} props */
export function Frame({ children }) {
  const { page, segments } = route.value;
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  const isFirst = useRef(true);
  useKeys();
  useEffect(() => {
    isNavigationOpen.value = false;
    // A reader of the screen hears that the page changed; the first one keeps the browser's own start.
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [page, segments.join('/')]);
  return html`
    <a class="skip" href="#main"
      onClick=${(/** @type {Event} */ event) => { event.preventDefault(); main.current?.focus(); }}>
      Skip to content</a>
    <div class="frame">
      <header class="top">
        <${Button} kind="quiet" class="menu" aria-label="Navigation"
          aria-expanded=${isNavigationOpen.value ? 'true' : 'false'}
          aria-controls="navigation" onClick=${() => { isNavigationOpen.value = !isNavigationOpen.value; }}>
            <${Icon} name="menu" /><//>
        <a class="brand" href="#/"><span class="mark" aria-hidden="true"></span>Policy Gateway</a>
        <${Button} class="search" onClick=${() => { above.value = 'palette'; }} aria-keyshortcuts="Control+K">
          <span class="row"><${Icon} name="search" />Go to…</span><kbd>Ctrl K</kbd><//>
        <${Account} />
      </header>
      <nav id="navigation" class=${isNavigationOpen.value ? 'open' : ''} aria-label="Pages"><${Navigation} /></nav>
      <main id="main" tabindex="-1" ref=${main}><${StatusBar} />
        <${WithCommands}>${children}<//></main>
    </div>
    ${above.value === 'palette' && html`<${Palette} pages=${inNavigation()} onClose=${close} />`}
    ${above.value === 'help' && html`<${Help} onClose=${close} />`}`;
}

const close = () => { above.value = ''; };

function Navigation() {
  const shown = inNavigation();
  const here = route.value.page || home();
  return html`${[...new Set(shown.map(page => page.group))].map(group => html`
    <div class="group" role="group" aria-label=${group}><p aria-hidden="true">${group}</p><ul>
      ${shown.filter(page => page.group === group).map(page => {
        const waiting = page.count?.() ?? 0;
        return html`<li><a href=${link(page.name)} aria-current=${here === page.name ? 'page' : undefined}>
          <${Icon} name=${page.icon ?? ''} /><span>${page.title}</span>
            ${waiting > 0 && html`<span class="count">${waiting}</span>`}</a></li>`;
      })}
    </ul></div>`)}
    <div class="group foot"><ul>
      <li><a href="../docs/" target="_blank" rel="noopener"><${Icon} name="book-open" /><span>Docs</span></a></li>
      ${session.value?.via === 'session' && html`<li class="narrow-only"><button type="button" onClick=${signOut}>
        <${Icon} name="log-out" /><span>Sign out</span></button></li>`}
      <li><button type="button" onClick=${() => { above.value = 'help'; }}><${Icon} name="keyboard" />
        <span>Shortcuts</span> <kbd>?</kbd></button></li>
    </ul></div>`;
}

function Account() {
  const who = session.value;
  const next = { system: 'light', light: 'dark', dark: 'system' }[theme.value] ?? 'system';
  return html`<div class="account">
    <${Button} kind="quiet" title=${`Theme: ${theme.value}`} aria-label=${`Theme: ${theme.value}. Switch to ${next}`}
      onClick=${() => { theme.value = next; }}><${Icon}
        name=${{ light: 'sun', dark: 'moon' }[theme.value] ?? 'sun-moon'} /><//>
    <a class="who" href=${link('account')}><${Untrusted} text=${who?.displayName || who?.name} max=${40} /></a>
    ${who?.via === 'session' && html`<${Button} class="sign-out" onClick=${signOut}>Sign out<//>`}
  </div>`;
}

async function signOut() {
  await remove('session');
  forget();
  session.value = null;
  go('#/');
}

/** @param {{ onClose: () => void }} props */
const Help = ({ onClose }) => html`<${Dialog} title="Keyboard shortcuts" onClose=${onClose}>
  <dl class="keys">
    <dt><kbd>Ctrl</kbd> <kbd>K</kbd></dt><dd>Go to a page</dd>
    <dt><kbd>/</kbd></dt><dd>Search on this page</dd>
    <dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>Next or previous row; <kbd>Enter</kbd> opens it</dd>
    ${inNavigation().filter(page => page.key).map(page => html`
      <dt><kbd>g</kbd> <kbd>${page.key}</kbd></dt><dd>${page.title}</dd>`)}
    <dt><kbd>z</kbd></dt><dd>Undo the last change (except a pause) while its notice is shown</dd>
    <dt><kbd>?</kbd></dt><dd>Show this list</dd>
  </dl>
  <label class="check"><input type="checkbox" checked=${shortcuts.value === 'on'}
    onChange=${(/** @type {FieldEvent} */ event) => { shortcuts.value = event.target.checked ? 'on' : 'off'; }} />
    Use single-key shortcuts</label>
<//>`;

function useKeys() {
  useEffect(() => {
    let goingSince = -Infinity;
    /** @param {KeyboardEvent} event */
    const press = event => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        above.value = 'palette';
        return;
      }
      const target = /** @type {HTMLElement} */ (event.target);
      const isTyping = target.closest?.('input, textarea, select, [contenteditable], dialog, .editor');
      if (shortcuts.value !== 'on' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      // Long enough for a person who presses one key at a time with effort.
      if (event.timeStamp - goingSince < 5000) {
        goingSince = -Infinity;
        const page = inNavigation().find(one => one.key === event.key);
        if (page) { event.preventDefault(); go(link(page.name)); }
      } else if (event.key === 'g') goingSince = event.timeStamp;
      else if (event.key === 'z') undoLast();
      else if (event.key === '?') above.value = 'help';
      else if (event.key === '/') focus(event, document.querySelector('main input[type=search]'));
      else if (event.key === 'j' || event.key === 'k') step(event, event.key === 'j' ? 1 : -1);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** @param {Event} event @param {HTMLElement | null | undefined} element */
function focus(event, element) {
  if (!element) return;
  event.preventDefault();
  element.focus();
}

/** @param {Event} event @param {number} by */
function step(event, by) {
  const rows = [...document.querySelectorAll('main [data-row]')];
  const at = rows.findIndex(row => row.contains(document.activeElement));
  const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
  focus(event, row?.querySelector('a, button, input, [tabindex]'));
}

