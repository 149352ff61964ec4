// Small pieces that every page uses.
import {
  createContext, html, useContext, useEffect, useId, useRef, useSignal, useState,
} from '../vendor/ui.js';
import { now } from '../state/settings.js';
import { toast } from './Toast.js';

/** Attributes that an element gets as they are. @typedef {Record<string, unknown>} Attributes */

/** A page's head: its title, one sentence, and its main actions. The title is the page's only h1.
 * @param {{ title: Children, lead?: Children, actions?: Children, back?: { href: string, text: string } }} props */
export function PageHead({ title, lead, actions, back }) {
  return html`<header class="page-head">
    <div>
      ${back && html`<a class="back" href=${back.href}>‹ ${back.text}</a>`}
      <h1 tabindex="-1">${title}</h1>
      ${lead && html`<p class="muted">${lead}</p>`}
    </div>
    ${actions && html`<div class="actions">${actions}</div>`}
  </header>`;
}

/** @param {{ title?: Children, actions?: Children, foot?: Children, children?: Children, class?: string }} props */
export function Card({ title, actions, foot, children, ...rest }) {
  return html`<section class=${`card ${rest.class ?? ''}`}>
    ${(title || actions) && html`<div class="card-head"><h2>${title}</h2><div class="actions">${actions}</div></div>`}
    ${children}
    ${foot && html`<p class="card-foot muted">${foot}</p>`}
  </section>`;
}

/**
 * `kind`: 'primary', 'plain' (the default), 'danger', 'quiet'. `onClick` may be async: the button waits for it and
 * shows what it throws.
 * @param {{ kind?: string, busy?: boolean, onClick?: (event: Event) => unknown, children?: Children,
 *   class?: string } & Attributes} props
 */
export function Button({ kind = 'plain', busy, onClick, children, ...rest }) {
  const [waiting, setWaiting] = useState(false);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const click = onClick && (async (/** @type {Event} */ event) => {
    const result = onClick(event);
    if (!(result instanceof Promise)) return;
    setWaiting(true);
    try { await result; } catch (error) { toast.error(error); } finally { if (alive.current) setWaiting(false); }
  });
  const wait = busy || waiting;
  return html`<button type="button" ...${rest} class=${`button ${kind} ${rest.class ?? ''}`} onClick=${click}
    disabled=${rest.disabled || wait} aria-busy=${wait ? 'true' : undefined}>${children}</button>`;
}

/** A labelled input; `as` may be 'select' or 'textarea'. `hint` and `error` are read out with it.
 * @param {{ label: Children, hint?: Children, error?: Children, as?: string,
 *   children?: Children } & Attributes} props */
export function Field({ label, hint, error, as = 'input', children, ...rest }) {
  const id = useId();
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <${as} id=${id} ...${rest} aria-describedby=${said} aria-invalid=${error ? 'true' : undefined}>${children}<//>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="field-error" id=${`${id}-error`}>${error}</p>`}
  </div>`;
}

/** A word with a colour that says the same: tone 'ok', 'warn', 'bad', 'info' or none.
 * @param {{ tone?: string, children?: Children }} props */
export const Badge = ({ tone = '', children }) => html`<span class=${`badge ${tone}`}>${children}</span>`;

/** Why there is nothing, one action, and the command that does the same. `alone` makes the title the page's.
 * @param {{ title: Children, action?: Children, command?: string, alone?: boolean, children?: Children }} props */
export function EmptyState({ title, children, action, command, alone }) {
  return html`<div class="empty">
    <${alone ? 'h1' : 'h2'}>${title}<//>
    ${children && html`<p class="muted">${children}</p>`}
    ${action && html`<div class="actions">${action}</div>`}
    ${command && html`<${CommandHint} command=${command} />`}
  </div>`;
}

/** Shown in place of what is being read; appears after 200 ms only. @param {{ lines?: number }} props */
export const Skeleton = ({ lines = 3 }) => html`<div class="skeleton" role="status" aria-label="Loading">
  ${Array.from({ length: lines }, (_, i) => html`<span class=${`w${i % 4}`}></span>`)}</div>`;

/** What went wrong, why, and a way out. `at` is when the data that is still shown was read.
 * @param {{ error: unknown, retry?: () => unknown, at?: number }} props */
export function ErrorBox({ error, retry, at }) {
  if (!error) return null;
  /** @type {Partial<import('../api/client.js').ApiError>} */
  const { title = 'Failed', message, errors = [] } = error;
  return html`<div class="error-box" role="alert">
    <div><strong>${title}</strong><p>${message}</p>
      ${errors.length > 0 && html`<ul>${errors.map(one => html`<li>${one.pointer ?? one.path ?? ''} ${one.line
        ? `line ${one.line}` : ''} ${one.message ?? ''}</li>`)}</ul>`}
      ${at && html`<p class="muted">Showing data from <${Time} at=${at} />.</p>`}
    </div>
    ${retry && html`<${Button} onClick=${retry}>Try again<//>`}
  </div>`;
}

/** A resource's data, or a skeleton of some lines, or its error; an error beside old data says its age.
 * @template T @param {Resource<T>} of @param {(data: T) => Children} children @param {number} [lines]
 * @returns {Children} */
export const loaded = (of, children, lines) => html`<${Loaded} of=${of} lines=${lines}>${children}<//>`;

/** @template T @param {{ of: Resource<T>, lines?: number, children: (data: T) => Children }} props */
function Loaded({ of, lines, children }) {
  if (of.data === undefined) {
    return of.error ? html`<${ErrorBox} error=${of.error} retry=${of.reload} />` : html`<${Skeleton} lines=${lines} />`;
  }
  return html`${of.error && html`<${ErrorBox} error=${of.error} retry=${of.reload}
    at=${of.at} />`}${children(of.data)}`;
}

/** @param {string | number | Date} at */
const utc = at => new Date(at).toISOString().replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC');

/**
 * An instant in the viewer's zone, which is named: people compare it with other systems and with each other.
 * @param {string | number} at @param {boolean} [seconds]
 */
export const localTime = (at, seconds) => localParts(at, seconds).join(', ');

/** @param {string | number} at @param {boolean} [seconds] @returns {[date: string, time: string]} */
const localParts = (at, seconds) => [new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' }),
  new Date(at).toLocaleTimeString(undefined, {
    hour: 'numeric', minute: '2-digit', second: seconds ? '2-digit' : undefined, timeZoneName: 'short',
  })];

/** The value of an input for an instant, in the viewer's zone. @param {string} [at] */
export function localInput(at) {
  if (!at) return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * An instant in the viewer's zone, with UTC on hover.
 * @param {{ at?: string | number | null, seconds?: boolean }} props
 */
export function Time({ at, seconds = false }) {
  if (!at) return html`<span class="muted">never</span>`;
  const [date, time] = localParts(at, seconds);
  // In a narrow column it breaks between date and time only.
  return html`<time datetime=${new Date(at).toISOString()} title=${utc(at)}><span class="whole">${date},</span>${' '}
    <span class="whole">${time}</span></time>`;
}

/** How long ago, or until; with the instant on hover. @param {{ at?: string | number | null }} props */
export function RelativeTime({ at }) {
  if (!at) return html`<span class="muted">never</span>`;
  const seconds = Math.round((new Date(at).getTime() - now.value) / 1000);
  return html`<time datetime=${new Date(at).toISOString()} title=${utc(at)}>${relative(seconds)}</time>`;
}

/** @param {number} seconds Negative for the past. */
export function relative(seconds) {
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const [value, unit] = size < 60 ? [size, 's'] : size < 3600 ? [Math.round(size / 60), 'min']
    : size < 86400 ? [Math.round(size / 3600), 'h'] : [Math.round(size / 86400), size < 129600 ? 'day' : 'days'];
  return seconds < 0 ? `${value} ${unit} ago` : `in ${value} ${unit}`;
}

/** Copies `text`. @param {{ text: string, label?: string, what?: string }} props */
export function Copy({ text, label = 'Copy', what = '' }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  return html`<${Button} kind="quiet" class="copy" aria-label=${what ? `Copy ${what}` : undefined}
    onClick=${async () => { await copy(text); setDone(true); }}>${done ? 'Copied' : label}<//>`;
}

/** @param {string} text */
async function copy(text) {
  // Over plain HTTP from elsewhere a browser has no clipboard for pages.
  if (navigator.clipboard) { await navigator.clipboard.writeText(text); return; }
  throw new Error('This browser can copy only over HTTPS or from localhost. Select the text and copy it.');
}

/** The commands of a page or dialog by the id of their hint; null where a hint shows its own, as before a sign-in. */
const All = createContext(/** @type {{ value: Map<string, string> } | null} */ (null));

/** The command that does the same. A page or dialog shows all of its commands at its end, on request.
 * @param {{ command: string }} props */
export function CommandHint({ command }) {
  const all = useContext(All);
  const id = useId();
  useEffect(() => {
    if (!all) return;
    all.value = new Map([...all.value, [id, command]]);
    return () => { all.value = new Map([...all.value].filter(([other]) => other !== id)); };
  }, [all, command]);
  return all ? null : html`<${Commands} commands=${[command]} />`;
}

/** A page or dialog, and its commands behind one button. @param {{ children: Children }} props */
export function WithCommands({ children }) {
  const all = useSignal(/** @type {Map<string, string>} */ (new Map()));
  const commands = [...new Set(all.value.values())];
  return html`<${All.Provider} value=${all}>${children}<//>
    ${commands.length > 0 && html`<${Commands} commands=${commands} />`}`;
}

/** @param {{ commands: string[] }} props */
const Commands = ({ commands }) => html`<details class="command"><summary>Command line</summary>
  ${commands.map(one => html`<div class="row" key=${one}><code>${one}</code><${Copy} text=${one} what="the command" />
    </div>`)}</details>`;

/** Code as it is, with a button to copy it. @param {{ text: string, what?: string }} props */
export const CodeBlock = ({ text, what = 'the text' }) => html`<div class="code-block">
  <pre tabindex="0" role="region" aria-label=${what}>${text}</pre><${Copy} text=${text} what=${what} /></div>`;

/** A number as the command line writes it: 12,345. @param {number} value */
export const count = value => value.toLocaleString('en');
