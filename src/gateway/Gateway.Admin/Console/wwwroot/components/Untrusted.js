import { html } from '../vendor/ui.js';

// What is not seen, or changes how its neighbours are seen: controls, bidirectional, zero width, tags. Not FE0F,
// emoji's.
const hidden = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f'
  + '\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff0-\\uffff'
  + '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]|\\p{Surrogate}', 'gu');

const shortMax = 18;

/**
 * Text in parts, with each hidden character told by its number. @param {string} text @param {boolean} [multiline]
 * @returns {{ text: string, isHidden: boolean }[]}
 */
export function parts(text, multiline = false) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(hidden)) {
    if (multiline && (match[0] === '\n' || match[0] === '\t')) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), isHidden: false });
    const code = /** @type {number} */ (match[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, '0');
    found.push({ text: `U+${code}`, isHidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), isHidden: false });
  return found;
}

/**
 * Whatever a server, a client or an agent wrote: names, descriptions, arguments, comments. Never markup, never hidden.
 * @param {{ text: unknown, multiline?: boolean, max?: number }} props
 */
export function Untrusted({ text, multiline = false, max = 4000 }) {
  const whole = text === null || text === undefined ? '' : typeof text === 'string' ? text : JSON.stringify(text);
  // The notice about the rest is as long as this many characters.
  const isCut = whole.length > max + 24;
  const shown = isCut ? whole.slice(0, max) : whole;
  const body = parts(shown, multiline).map(part => part.isHidden
    ? html`<span class="hidden-char" title="Invisible character">${part.text}</span>` : part.text);
  const rest = isCut
    ? html`<span class="muted"> … ${(whole.length - max).toLocaleString('en')} more characters</span>` : null;
  // A short name fits into one line, and is read more easily there.
  const isShort = !multiline && shown.length <= shortMax && body.length === 1;
  return html`<bdi class=${`untrusted${multiline ? ' pre' : isShort ? ' whole' : ''}`}>${body}${rest}</bdi>`;
}
