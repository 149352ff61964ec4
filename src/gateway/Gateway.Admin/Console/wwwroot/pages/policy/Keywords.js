// A JSON Schema as fields, in policies and virtual tools: the keywords that suit its type, and the others on request.
import { html, useMemo, useState } from '../../vendor/ui.js';
import { Button, Untrusted } from '../../components/index.js';
import { apply, join, set } from '../../state/json-text.js';
import { Leaf, Members } from './Form.js';
import { flag, keywordsFor, typesAt } from './vocabulary.js';
import { inner, keywordLabels } from './words.js';

/** @typedef {import('./Form.js').Form} Form */

/** The fields of a schema.
 * @param {{ form: Form, pointer: string, root?: string }} props `root`: the schema of all arguments. */
export function Keywords({ form, pointer, root = pointer }) {
  const [isOpen, setOpen] = useState(false);
  const { doc } = form;
  const here = doc.at(pointer);
  /** @param {string} at @param {unknown} value */
  const write = (at, value) => doc.change(apply(doc.text.value, set(doc.text.value, at, value)));
  const view = useMemo(() => groupOf(root), [root]);
  const own = { ...form, schema: { $defs: { rule: {} } }, labels: keywordLabels, parts: { rule: { view, start: {} } } };
  if (here?.kind === 'literal') {
    return html`<div class="filters">
      <${Leaf} form=${own} pointer=${pointer} node=${flag} label="Every value allowed" isRequired=${true} />
      <${Button} onClick=${() => write(pointer, {})}>Allow by rules<//></div>`;
  }
  const { shown, more } = keywordsFor(here, typesAt(doc.at, pointer, root), pointer === root);
  const node = { type: 'object', properties: shown, additionalProperties: false };
  const isMore = here?.members.some(one => more.includes(one.name)) ?? false;
  const others = join(pointer, 'additionalProperties');
  return html`<${Members} form=${own} pointer=${pointer} node=${node} skip=${more} />
    ${'additionalProperties' in shown && doc.at(others)?.kind !== 'object' && html`<div class="row">
      <${Button} onClick=${() => write(others, {})}>Allow other arguments by a rule<//></div>`}
    <details open=${isOpen || isMore} onToggle=${(/** @type {DetailsEvent} */ event) => setOpen(event.target.open)}>
      <summary>More rules and descriptions</summary>
      <div class="stack"><${Members} form=${own} pointer=${pointer} node=${node} isRest=${true}
        skip=${Object.keys(shown).filter(name => !more.includes(name))} /></div></details>`;
}

/** The view of a schema within the one of all arguments. @param {string} root */
const groupOf = root => (/** @type {import('./Form.js').Part} */ { form, pointer, label, onRemove }) => {
  const problem = form.doc.problemAt?.(pointer, false);
  return html`<div class="form-part" role="group" aria-label=${label}><div class="row">
      <strong><${Untrusted} text=${label} max=${80} /></strong>
      ${onRemove && html`<${Button} kind="quiet" aria-label=${`Remove ${inner(label)}`}
        onClick=${onRemove}>Remove<//>`}</div>
    ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
    <${Keywords} form=${form} pointer=${pointer} root=${root} /></div>`;
};
