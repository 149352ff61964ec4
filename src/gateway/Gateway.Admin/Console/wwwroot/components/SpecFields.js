// Fields and facts of the members of an object's contract. They are made of the members of a page's `spec.js`.
import { html, useState } from '../vendor/ui.js';
import { formOf, isDefault, memberOf, textOf, textsOf } from '../state/spec.js';
import { Field, count } from './basics.js';
import { Untrusted } from './Untrusted.js';

/** @typedef {import('../state/spec.js').Member} Member */
/** @typedef {(pointer: string) => string | undefined} ErrorAt */
/** @typedef {Record<string, null | undefined | ((fact: Children) => Children)>} OwnFacts */

const isMultiline = (/** @type {Member} */ { kind, placeholder }) =>
  ['list', 'map', 'wholemap', 'json'].includes(kind) || placeholder === 'FILE';

/** @param {Member} member */
const unit = ({ placeholder }) => placeholder?.endsWith('SECONDS') ? ' s' : '';

/** @param {Member} member */
function labelOf(member) {
  if (member.kind === 'json') return `${member.title} (JSON)`;
  if (member.kind === 'list') return `${member.title}, one per line`;
  if (member.kind === 'map' || member.kind === 'wholemap') return `${member.title}, one ${formOf(member)} per line`;
  return unit(member) ? `${member.title} (seconds)` : member.title;
}

/**
 * The description for a form, in which nothing is "absent" or "true".
 * @param {Member} member @param {boolean} [isChange]
 */
function hintOf(member, isChange) {
  const text = member.text.replace(/^true: /, 'If checked: ').replace(/\bAbsent\b/,
    member.absent ? `"${member.absent}"` : 'If empty');
  return member.isSecret ? `${text} Stored encrypted, not shown again.${isChange
    ? ' Leave empty to keep the present one.' : ''}` : text;
}

/** A field for each member, and a group for each object.
 * @param {Form & { members: Member[], within?: string }} props `isChange`: an empty secret keeps the present one. */
export const SpecFields = ({ members, within = '', ...rest }) => html`${members.map(member => {
  const at = `${within}/${member.name}`;
  return member.kind === 'object' ? html`<${Group} key=${at} member=${member} at=${at} ...${rest} />`
    : html`<${SpecField} key=${at} member=${member} at=${at} ...${rest} />`;
})}`;

/** @typedef {{ texts: Record<string, string>, onChange: (texts: Record<string, string>) => void, errorAt: ErrorAt,
 *   isChange?: boolean }} Form */
/** @param {Form & { member: Member, at: string }} props */
function SpecField({ member, at, texts, onChange, errorAt, isChange }) {
  const onInput = (/** @type {FieldEvent} */ event) => onChange({ ...texts, [at]: event.target.value });
  const hint = hintOf(member, isChange);
  const about = { label: labelOf(member), value: texts[at], hint, error: errorAt(at), autocomplete: 'off',
    spellcheck: false, onInput };
  if (member.kind === 'flag') {
    const onFlag = (/** @type {FieldEvent} */ event) => onChange({ ...texts, [at]: event.target.checked ? 'yes' : '' });
    return html`<div class="field"><label class="check">
      <input type="checkbox" checked=${texts[at] !== ''} onChange=${onFlag} />${member.title}</label>
      <p class="hint">${hint}</p>${about.error && html`<p class="field-error">${about.error}</p>`}</div>`;
  }
  if (member.kind === 'choice') {
    return html`<${Field} ...${about} as="select" onInput=${undefined} onChange=${onInput}>
      ${member.absent && html`<option value="">${member.absent}</option>`}
      ${member.choices?.map(choice => html`<option value=${choice}>${choice}</option>`)}<//>`;
  }
  if (isMultiline(member)) {
    return html`<${Field} ...${about} as="textarea" class="code"
      rows=${Math.min(12, Math.max(3, texts[at].split('\n').length))} />`;
  }
  if (member.kind === 'whole') {
    return html`<${Field} ...${about} type="number" step="1" min=${member.min} max=${member.max}
      placeholder=${member.default} />`;
  }
  return html`<${Field} ...${about} type=${member.isSecret ? 'password' : 'text'}
    autocomplete=${member.isSecret ? 'new-password' : 'off'}
    maxlength=${member.lengthMax} />`;
}

/** @param {Form & { member: Member, at: string }} props */
const Group = ({ member, at, ...rest }) => html`<${Disclosure} title=${member.title} class="spec"
  members=${member.members} at=${at} ...${rest}>
  <p class="hint">${hintOf(member)}</p><${SpecFields} members=${member.members} within=${at} ...${rest} /><//>`;

/** Fields that are shown on request, and from the start if one of them is set. An error in them opens them.
 * @param {{ title: string, class: string, members: Member[], texts: Record<string, string>, errorAt: ErrorAt, at?:
 *   string, children?: Children }} props */
export function Disclosure({ title, class: kind, members, texts, errorAt, at = '', children }) {
  const [isOpen, setOpen] = useState(() => Object.entries(textsOf(members))
    .some(([one, text]) => texts[at + one] !== text));
  const isWrong = Object.keys(textsOf(members)).some(one => errorAt(at + one));
  return html`<details class=${kind} open=${isOpen || isWrong}
    onToggle=${(/** @type {DetailsEvent} */ event) => setOpen(event.target.open)}>
    <summary>${title}</summary><div class="stack">${children}</div></details>`;
}

/** The facts about the members that are set. `own` changes the fact of a member, or hides it with null.
 * @param {{ members: Member[], one: object, own?: OwnFacts }} props */
export const SpecFacts = ({ members, one, own = {} }) => html`${members
  .map(member => ({ member, value: memberOf(one, member.name) }))
  .filter(({ member, value }) => own[member.name] !== null && (own[member.name] || !isDefault(member, value)))
  .map(({ member, value }) => {
    const fact = html`<${SpecValue} member=${member} value=${value} />`;
    return html`<dt>${member.title}</dt><dd>${own[member.name]?.(fact) ?? fact}</dd>`;
  })}`;

/** @param {{ member: Member, value: unknown }} props */
function SpecValue({ member, value }) {
  switch (member.kind) {
    case 'flag': return 'yes';
    case 'whole': return count(Number(value)) + unit(member);
    case 'wholemap': return html`${Object.entries(value ?? {}).map(([key, number]) => html`<div>
      <${Untrusted} text=${key} />: ${count(number) + unit(member)}</div>`)}`;
    case 'object': return html`${(member.members ?? [])
      .map(inner => ({ inner, one: memberOf(value, inner.name) })).filter(({ inner, one }) => !isDefault(inner, one))
      .map(({ inner, one }) => html`<div>
      <span class="muted">${inner.title}:</span> <${SpecValue} member=${inner} value=${one} /></div>`)}`;
    case 'json': return html`<pre class="arguments"><${Untrusted} text=${textOf(member, value)} multiline /></pre>`;
    default: return html`<${Untrusted} text=${textOf(member, value)} max=${1024} multiline />`;
  }
}
