// The arguments of a tool: a schema that they must satisfy, or the values of one call.
import { html } from '../../vendor/ui.js';
import { Button, Untrusted } from '../../components/index.js';
import { apply, find, parentOf, parse, set, valueOf } from '../../state/json-text.js';
import { Members, resolve } from './Form.js';
import { Keywords } from './Keywords.js';
import { inner } from './words.js';

/** The schema that the arguments of an entry's calls must satisfy.
 * @param {{ form: import('./Form.js').Form & { tools: import('./edit.js').Tool[], own?: JsonSchema }, pointer: string,
 *   label: string, onRemove: () => void }} props `own`: the schema to start from, if it is not the only tool's. */
export function Arguments({ form, pointer, label, onRemove }) {
  const { doc, tools } = form;
  const own = form.own ?? (tools.length === 1 ? tools[0].inputSchema : undefined);
  const problem = doc.problemAt?.(pointer, true);
  const take = () => {
    const schema = parse(JSON.stringify(own)).root;
    if (schema) doc.change(apply(doc.text.value, set(doc.text.value, pointer, valueOf(schema))));
  };
  return html`<div class="form-part" role="group" aria-label=${label}><div class="row"><strong>${label}</strong>
      ${own && html`<${Button} onClick=${take}>Use the schema of the tool<//>`}
      <${Button} kind="quiet" aria-label=${`Remove ${inner(label)}`} onClick=${onRemove}>Remove<//></div>
    <p class="hint">Calls whose arguments do not satisfy these rules are denied.</p>
    ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
    <${Keywords} form=${form} pointer=${pointer} /></div>`;
}

/** The arguments of one call, by the schema of its tool.
 * @param {{ form: import('./Form.js').Form & { tools: import('./edit.js').Tool[] }, pointer: string, label: string,
 *   onRemove?: () => void }} props */
export function CallArguments({ form, pointer, label, onRemove }) {
  const name = find(form.doc.at(parentOf(pointer)), '/tool')?.value;
  const schema = form.tools.find(tool => tool.name === name)?.inputSchema ?? { type: 'object' };
  return html`<div class="form-part" role="group" aria-label=${label}><div class="row"><strong>${label}</strong>
      ${onRemove && html`<${Button} kind="quiet" aria-label=${`Remove ${inner(label)}`} onClick=${onRemove}>Remove<//>`}
        </div>
    <${Members} form=${{ ...form, schema, parts: {}, isNamed: true }} pointer=${pointer}
      node=${resolve(schema, schema)} /></div>`;
}
