// What lists of things have in common: search and pages in the address, and a name that is typed before what cannot be
// undone.
import { html, useEffect, useRef, useState } from '../vendor/ui.js';
import { link, route, setQuery } from '../state/route.js';
import { Badge, Button, ErrorBox, Field, count, localInput } from './basics.js';
import { Dialog } from './Dialog.js';
import { Untrusted } from './Untrusted.js';

/**
 * Looks for text as it is typed; the address keeps it.
 * @param {{ label: string, value?: string, name?: string, placeholder?: string }} props
 */
export function Search({ label, value = '', name = 'q', placeholder }) {
  const [text, setText] = useState(value);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const asked = useRef(value);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The address may change by itself: a link, or the way back.
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setText(value);
  }, [value]);
  return html`<${Field} label=${label} type="search" value=${text} maxlength="200" autocomplete="off"
    placeholder=${placeholder}
    onInput=${(/** @type {FieldEvent} */ event) => {
      setText(event.target.value);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        asked.current = event.target.value;
        setQuery({ [name]: event.target.value, cursor: '' });
      }, 200);
    }} />`;
}

/**
 * One of some words, kept in the address.
 * @param {{ label: string, name: string, value?: string, options: [string, string][] }} props
 */
export const Choice = ({ label, name, value = '', options }) => html`<${Field} label=${label} as="select"
  onChange=${(/** @type {FieldEvent} */ event) => setQuery({ [name]: event.target.value, cursor: '' })}>
  ${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}<//>`;

/**
 * An instant in the viewer's zone, which its label names.
 * @param {{ label: string, name: string, value?: string }} props
 */
export function Instant({ label, name, value }) {
  const at = value ? new Date(value) : new Date();
  const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' }).formatToParts(at)
    .find(part => part.type === 'timeZoneName')?.value;
  return html`<${Field} label=${`${label} (${zone})`} type="datetime-local" value=${localInput(value)}
    onChange=${(/** @type {FieldEvent} */ event) =>
      setQuery({ [name]: event.target.value ? new Date(event.target.value).toISOString() : '' })} />`;
}

const atOnce = 50;

/**
 * The beginning of a long list, and the way to more of it: thousands drawn at once would hold up the page.
 * @template T @param {T[]} list @param {(part: T[]) => Children} children @param {string} [key]
 * @returns {Children}
 */
export const part = (list, children, key) => html`<${Part} key=${key} list=${list}>${children}<//>`;

/** @template T @param {{ list: T[], children: (part: T[]) => Children }} props */
function Part({ list, children }) {
  const [most, setMost] = useState(atOnce);
  return html`${children(list.slice(0, most))}
    ${list.length > most && html`<div class="row"><span class="muted">Showing ${count(most)} of ${count(list.length)}.
      </span>
      <${Button} onClick=${() => setMost(most + atOnce)}>Show ${Math.min(atOnce, list.length - most)} more<//></div>`}`;
}

/** How many there are, and the way to the others.
 * @param {{ list: { items: unknown[], total?: number, next?: string }, noun: string }} props */
export function Pager({ list, noun }) {
  const { page, segments, query } = route.value;
  const to = (/** @type {string} */ cursor) => link([page, ...segments], { ...query, cursor });
  const total = list.total ?? list.items.length;
  const what = total === 1 ? noun.replace(/s$/, '') : noun;
  return html`<div class="row pager"><span class="muted small">${total > list.items.length
    ? `${count(list.items.length)} of ${count(total)} ${what}` : `${count(total)} ${what}`}</span>
    ${query.cursor && html`<a class="button" href=${to('')}>First page</a>`}
    ${list.next && html`<a class="button" href=${to(list.next)}>Next page</a>`}</div>`;
}

/**
 * Asks before what cannot be undone: the name has to be typed.
 * @param {{ title: string, name: string, act: string, onDo: () => Promise<unknown>, onClose: () => void, children?:
 *   Children }} props
 */
export function Confirm({ title, name, act, onDo, onClose, children }) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (typed !== name) return;
    try { await onDo(); onClose(); } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${title} onClose=${onClose}><form onSubmit=${submit}>
    ${children}
    <${Field} label=${html`Type <code>${name}</code> to confirm`} value=${typed} autocomplete="off" spellcheck=${false}
      autofocus
      onInput=${(/** @type {FieldEvent} */ event) => setTyped(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="danger" type="submit" disabled=${typed !== name}>${act}<//></div>
  </form><//>`;
}

/**
 * Segments for the parts of a page, as links that the address keeps.
 * @param {{ parts: [string, string][], now: string, to: (part: string) => string, label: string }} props
 */
export const Tabs = ({ parts, now, to, label }) => html`<nav class="tabs" aria-label=${label}>
  ${parts.map(([key, text]) =>
  html`<a href=${to(key)} aria-current=${key === now ? 'true' : undefined}>${text}</a>`)}</nav>`;

/** A tool's risk with its colour. @param {{ risk?: string, noun?: string }} props */
export const Risk = ({ risk, noun = '' }) => html`<span
  class=${`badge ${{ Critical: 'bad', High: 'bad', Medium: 'warn', Low: 'ok' }[risk ?? ''] ?? ''}`}>
  ${risk ?? 'unknown'}${noun && ` ${noun}`}</span>`;

/** True for the gateway itself, which accepts what is in a server's first tool list. @param {string} [by] */
export const isFirstList = by => by === '(baseline)';

/** Who accepted a definition. @param {{ by?: string }} props */
export const AcceptedBy = ({ by }) => isFirstList(by) ? 'with the first tool list'
  : html`by <${Untrusted} text=${by} />`;

/**
 * The class of a tool by which policies decide, with its origin as a tooltip. `noun` stands before its name.
 * @param {{ of?: { name: string, accepted?: string, origin?: string, by?: string, reason?: string },
 *   noun?: string }} props
 */
export const ClassBadge = ({ of, noun = '' }) => !of ? null : html`<span title=${!of.accepted ? 'No accepted class.'
  : `Accepted as ${of.accepted} ${isFirstList(of.by) ? 'with the first tool list' : `by ${of.by}`} (${of.origin})${
    of.reason ? `: ${of.reason}` : ''}`}
  class=${`badge ${of.name === 'uncertain' ? 'warn' : ''}`}>${noun && `${noun} `}${of.name}</span>`;

/** What becomes of a call. @param {{ outcome: string }} props */
export const Outcome = ({ outcome }) => html`<span
  class=${`badge ${{ allowed: 'ok', denied: 'bad', approval_required: 'warn', depends: 'info' }[outcome] ?? ''}`}>
  ${{ allowed: 'allowed', denied: 'denied', approval_required: 'needs approval',
    depends: 'depends on arguments' }[outcome] ?? outcome}</span>`;

/** A tool whose definition has findings that nobody has accepted. @param {{ of: { suspicious?: boolean } }} props */
export const Suspicious = ({ of }) => of.suspicious ? html`<${Badge} tone="bad">suspicious<//>` : null;

/** Findings in the definition or the app of a tool. @param {{ list: Api.Finding[] }} props */
export const Findings = ({ list }) => list.length === 0 ? null : html`<ul class="list small">
  ${list.map(one => html`<li class="row">
  <${Badge} tone=${one.isHard ? 'bad' : 'warn'}>${one.kind.replaceAll('_', ' ')}<//><span>
    <${Untrusted} text=${one.reason} max=${600} /> <code>
      <${Untrusted} text=${one.place} max=${200} /></code></span></li>`)}</ul>`;
