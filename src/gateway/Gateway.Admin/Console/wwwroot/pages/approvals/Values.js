import { html } from '../../vendor/ui.js';
import { Untrusted } from '../../components/index.js';

const valuesMax = 4;
const valueMax = 40;

/** The arguments in one line; plain values first, because amounts and recipients decide.
 * @param {{ of?: unknown }} props */
export function Values({ of }) {
  if (of === undefined || of === null) return null;
  const all = Object.entries(of).map(([name, value]) =>
    ({ name, text: typeof value === 'string' ? value : JSON.stringify(value) }));
  const plain = all.filter(one => !/^[[{]/.test(one.text));
  const shown = [...plain, ...all.filter(one => !plain.includes(one))].slice(0, valuesMax);
  return html`<span class="row small values">${shown.map(one => html`<span><span class="muted">
    <${Untrusted} text=${short(one.name)} /></span>
    ${' '}<strong><${Untrusted} text=${short(one.text)} /></strong></span>`)}
    ${all.length > shown.length && html`<span class="muted">${all.length - shown.length} more</span>`}</span>`;
}

/** @param {string} text */
const short = text => text.length <= valueMax ? text : `${text.slice(0, valueMax).replace(/[\ud800-\udbff]$/, '')}…`;
