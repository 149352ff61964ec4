import { html } from '../../vendor/ui.js';
import { Field, Untrusted } from '../../components/index.js';
import { members } from './spec.js';

/** @typedef {import('./spec.js').Member} Member */

/** The member as text for its field. @param {Member} member @param {any} value @returns {string} */
function textOf({ name, kind, choices }, value) {
  switch (kind) {
    case 'text': return value ?? '';
    case 'choice': return value ?? choices[0];
    case 'map': return Object.entries(value ?? {}).map(([key, text]) => `${key}=${text}`).join('\n');
    case 'json': return JSON.stringify(value ?? {}, null, 2);
    default: throw new Error(`${name} has the kind ${kind}, which has no field.`);
  }
}

/** The member as the API takes it. @param {Member} member @param {string} text */
function valueOf({ kind }, text) {
  if (kind === 'json') return JSON.parse(text.trim() || '{}');
  if (kind !== 'map') return text;
  return Object.fromEntries(text.split('\n').filter(line => line.trim()).map(line => {
    const at = line.indexOf('=');
    if (at < 1) throw new Error(`"${line}" is incomplete. Write KEY=VALUE.`);
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }));
}

/** The texts of all fields of a grant. @param {any} [grant] @returns {Record<string, string>} */
export const textsOf = grant => Object.fromEntries(members.map(member => [member.name, textOf(member, grant?.[member.name])]));

/** The members that were edited, or the errors by member. @param {Record<string, string>} texts @param {any} [grant] */
export function edited(texts, grant) {
  /** @type {Record<string, any>} */
  const values = {};
  /** @type {Record<string, string>} */
  const errors = {};
  for (const member of members) {
    const text = texts[member.name] ?? '';
    if (text === textOf(member, grant?.[member.name])) continue;
    try { values[member.name] = valueOf(member, text); } catch (problem) { errors[member.name] = /** @type {Error} */ (problem).message; }
  }
  return { values, errors, isWrong: Object.keys(errors).length > 0 };
}

/** A field for each member, or for those of some kinds.
 * @param {{ texts: Record<string, string>, onChange: (texts: Record<string, string>) => void, kinds?: string[],
 *   errorAt: (name: string) => string | undefined }} props */
export const SpecFields = ({ texts, onChange, kinds, errorAt }) => html`${members.filter(member => !kinds || kinds.includes(member.kind)).map(member => {
  const onInput = (/** @type {any} */ event) => onChange({ ...texts, [member.name]: event.target.value });
  const about = { key: member.name, value: texts[member.name], hint: member.text, error: errorAt(member.name) };
  if (member.kind === 'choice') {
    return html`<${Field} ...${about} label=${member.title} as="select" onChange=${onInput}>
      ${member.choices.map(choice => html`<option value=${choice}>${choice}</option>`)}<//>`;
  }
  if (member.kind === 'text') return html`<${Field} ...${about} label=${member.title} maxlength=${member.lengthMax || undefined} onInput=${onInput} />`;
  return html`<${Field} ...${about} as="textarea" rows=${member.kind === 'json' ? '12' : '3'} class="code" spellcheck="false" onInput=${onInput}
    label=${member.kind === 'json' ? `${member.title} (JSON)` : `${member.title}, one KEY=VALUE per line`} />`;
})}`;

/** The facts about members that are text or a map. @param {{ one: any }} props */
export const SpecFacts = ({ one }) => html`${members.filter(({ name, kind }) => (kind === 'text' || kind === 'map') && one[name])
  .map(member => html`<dt>${member.title}</dt><dd><${Untrusted} text=${textOf(member, one[member.name])} max=${1024} multiline /></dd>`)}`;
