// Forms for the virtual tools of a grant. They are views of the member's JSON, which can be edited beside them.
import { html, signal, useId, useState } from '../../vendor/ui.js';
import { Button, Field, Skeleton, Untrusted } from '../../components/index.js';
import { apply, find, join, lastOf, parentOf, parse, partsOf, set } from '../../state/json-text.js';
import { put } from '../../state/policy-document.js';
import { useResource } from '../../state/resource.js';
import { path } from '../../api/client.js';
import { Arguments } from '../policy/Arguments.js';
import { Typed, Value, resolve } from '../policy/Form.js';
import { labelOf } from '../policy/words.js';
import {
  argumentsOf, entriesOf, firstValue, freeName, nameProblem, narrowed, removed, renamed, shapeProblem, sourceOf,
  sourced, typeProblem,
} from './virtual.js';

/** @typedef {import('../policy/Form.js').Doc} Doc */
/** @typedef {import('../policy/edit.js').Tool} Tool */
/** @typedef {import('./virtual.js').Entry} Entry */

/** The JSON of the member, which the forms edit. @param {Api.GrantView | undefined} one the grant */
export function newTools(one) {
  const text = signal(JSON.stringify(one?.virtual_tools ?? {}, null, 2));
  return {
    text, at: (/** @type {string} */ pointer) => find(parse(text.value).root, pointer),
    change: (/** @type {string} */ next) => { text.value = next; },
  };
}

/** @param {{ doc: Doc, servers: string[] }} props `servers`: those of the grant, as its form has them now. */
export function VirtualTools({ doc, servers }) {
  const [open, setOpen] = useState('');
  const error = shapeProblem(doc.text.value);
  const all = error ? [] : entriesOf(doc.at(''));
  const problem = doc.problemAt?.('', false);
  return html`<fieldset class="stack"><legend>Virtual tools</legend>
    <p class="hint">Each virtual tool replaces a tool of a server for this grant: with another name, description or
      schema, or with fixed arguments. The agent cannot call the replaced tool itself.</p>
    ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
    ${error ? html`<p class="notice warn" role="alert">${error} Correct the JSON to see the forms.</p>`
    : html`${all.length > 0 && html`<ul class="policy-tools">${all.map((one, at) => html`<${Row} key=${at} doc=${doc}
        entry=${one} isReachable=${servers.includes(one.server)} isOpen=${open === one.pointer}
        onOpen=${setOpen} />`)}</ul>`}
      ${servers.length > 0 && html`<${Add} doc=${doc} servers=${servers} onAdd=${setOpen} />`}`}
    <${Json} doc=${doc} isWrong=${error !== null} />
  </fieldset>`;
}

/** @param {{ doc: Doc, isWrong: boolean }} props */
function Json({ doc, isWrong }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details open=${isOpen || isWrong}
    onToggle=${(/** @type {DetailsEvent} */ event) => setOpen(event.target.open)}>
    <summary>JSON of the virtual tools</summary>
    <${Typed} as="textarea" class="code" label="Virtual tools (JSON)" rows="8" spellcheck=${false}
      value=${doc.text.value} onSet=${(/** @type {string} */ typed) => doc.change(typed.trim() || '{}')} /></details>`;
}

/**
 * @param {{ doc: Doc, entry: Entry, isReachable: boolean, isOpen: boolean, onOpen: (pointer: string) => void }} props
 */
function Row({ doc, entry: { server, name, pointer, tool }, isReachable, isOpen, onOpen }) {
  const act = isOpen ? 'Close' : 'Edit';
  const problem = doc.problemAt?.(pointer, !isOpen) ?? doc.problemAt?.(parentOf(pointer), false);
  return html`<li><div class="policy-tool">
      <div class="policy-tool-name"><strong><code><${Untrusted} text=${name} max=${128} /></code></strong>
        <span class="muted">replaces <${Untrusted} text=${tool || '…'} max=${120} />
          ${' '}on <${Untrusted} text=${server} /></span></div>
      <${Button} aria-expanded=${isOpen ? 'true' : 'false'} aria-label=${`${act} virtual tool ${name}`}
        onClick=${() => onOpen(isOpen ? '' : pointer)}>${act}<//>
      <${Button} kind="quiet" aria-label=${`Remove virtual tool ${name}`}
        onClick=${() => doc.change(removed(doc.text.value, pointer))}>Remove<//>
    </div>
    ${!isReachable && html`<p class="notice warn">This grant has no access to the server
      ${' '}<${Untrusted} text=${server} />. Select the server, or remove this virtual tool.</p>`}
    ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
    ${isOpen && html`<${Editor} doc=${doc} pointer=${pointer} onRename=${onOpen} />`}</li>`;
}

/** The tools of a server; without a response of the server, names can still be typed. @param {string} server */
function useTools(server) {
  const found = useResource(server === '' ? null : path('servers', server, 'tools'));
  return { tools: /** @type {Tool[]} */ (found.data?.tools ?? []), isLoading: found.loading && !found.data };
}

/** @param {{ doc: Doc, servers: string[], onAdd: (pointer: string) => void }} props */
function Add({ doc, servers, onAdd }) {
  const [chosen, setChosen] = useState('');
  const [tool, setTool] = useState('');
  const server = servers.includes(chosen) ? chosen : servers[0];
  const { tools } = useTools(server);
  const add = () => {
    if (tool === '') return;
    const pointer = join(join('', server), freeName(doc.at(''), server, tool));
    doc.change(apply(doc.text.value, set(doc.text.value, pointer, { tool })));
    onAdd(pointer);
    setTool('');
  };
  return html`<div class="filters">
    ${servers.length > 1 && html`<${Field} label="Server of the tool" as="select"
      onChange=${(/** @type {FieldEvent} */ event) => setChosen(event.target.value)}>
      ${servers.map(one => html`<option value=${one} selected=${one === server}>${one}</option>`)}<//>`}
    <${Suggested} as=${Field} label="Tool to replace" value=${tool} names=${tools.map(one => one.name)}
      autocomplete="off" onInput=${(/** @type {FieldEvent} */ event) => setTool(event.target.value)}
      onKeyDown=${onEnter(add)} />
    <${Button} disabled=${tool === ''} onClick=${add}>Add virtual tool<//></div>`;
}

/** In these fields, Enter does not submit the form around them. @param {() => void} act */
const onEnter = act => (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  act();
};

/** A field that proposes names. @param {{ as: unknown, names: string[] } & Record<string, unknown>} props */
function Suggested({ as, names, ...rest }) {
  const id = useId();
  return html`<${as} ...${rest} spellcheck=${false} maxlength="1024" list=${names.length > 0 ? id : undefined} />
    ${names.length > 0 && html`<datalist id=${id}>
      ${names.map(one => html`<option value=${one}></option>`)}</datalist>`}`;
}

/** @param {{ doc: Doc, pointer: string, onRename: (pointer: string) => void }} props */
function Editor({ doc, pointer, onRename }) {
  const [wrong, setWrong] = useState('');
  const [server, name] = partsOf(pointer);
  const { tools, isLoading } = useTools(server);
  const node = doc.at(pointer);
  const replaced = find(node, '/tool')?.value ?? '';
  const tool = tools.find(one => one.name === replaced);
  /** @param {string} member @param {unknown} value */
  const write = (member, value) => doc.change(put(doc.text.value, join(pointer, member), value));
  const rename = (/** @type {string} */ typed) => {
    const next = typed.trim();
    const problem = nameProblem(doc.at(''), pointer, next);
    setWrong(problem ?? '');
    if (problem || next === name) return;
    doc.change(renamed(doc.text.value, pointer, next));
    onRename(join(parentOf(pointer), next));
  };
  const problem = (/** @type {string} */ member) => {
    const text = doc.problemAt?.(join(pointer, member), true);
    return text && html`<${Untrusted} text=${text} max=${300} />`;
  };
  return html`<div class="rule" role="group" aria-label=${`Virtual tool ${name}`}>
    <div class="filters form-fields">
      <${Typed} label="Name for the agent" value=${name} maxlength="128" autocomplete="off" spellcheck=${false}
        error=${wrong || null} onSet=${rename} />
      <${Suggested} as=${Typed} label="Replaced tool" value=${replaced} names=${tools.map(one => one.name)}
        error=${problem('tool')} hint=${tools.length > 0 && !tool ? 'The server does not offer this tool.' : null}
        onSet=${(/** @type {string} */ text) => write('tool', text.trim() || replaced)} />
      <${Typed} as="textarea" label="Description for the agent" rows="3" maxlength="4096"
        value=${find(node, '/description')?.value ?? ''} error=${problem('description')}
        hint="If empty: the description of the replaced tool."
        onSet=${(/** @type {string} */ text) => write('description', text.trim())} /></div>
    ${isLoading ? html`<${Skeleton} lines=${3} />`
    : html`<${Sources} doc=${doc} pointer=${pointer} schema=${tool?.inputSchema} />
      <${OwnSchema} doc=${doc} pointer=${pointer} tool=${tool} />`}
  </div>`;
}

/** The origin of each argument's value. @param {{ doc: Doc, pointer: string, schema: JsonSchema }} props */
function Sources({ doc, pointer, schema }) {
  const [added, setAdded] = useState('');
  const node = doc.at(pointer);
  const names = argumentsOf(node, schema);
  const add = () => {
    if (added === '' || names.includes(added)) return;
    doc.change(sourced(doc.text.value, pointer, added, 'fix', ''));
    setAdded('');
  };
  return html`<section class="stack" role="group" aria-label="Arguments"><h3>Arguments</h3>
    ${names.map(name => html`<${Argument} key=${name} doc=${doc} pointer=${pointer} name=${name}
      schema=${schema ?? {}} />`)}
    ${names.length === 0 && html`<p class="muted">${schema ? 'The replaced tool has no arguments.'
      : 'The arguments of the replaced tool are not known.'}</p>`}
    <div class="filters"><${Field} label="Other argument" value=${added} spellcheck=${false} autocomplete="off"
        error=${names.includes(added) && 'This argument is already listed.'}
        onInput=${(/** @type {FieldEvent} */ event) => setAdded(event.target.value)} onKeyDown=${onEnter(add)} />
      <${Button} disabled=${added === '' || names.includes(added)} onClick=${add}>Add argument<//></div></section>`;
}

/** @type {[import('./virtual.js').Source, string][]} */
const sources = [
  ['agent', 'Set by the agent'], ['default', 'Default, can be set by the agent'],
  ['fix', 'Fixed, hidden from the agent'],
];

/** @param {{ doc: Doc, pointer: string, name: string, schema: JsonSchema }} props */
function Argument({ doc, pointer, name, schema }) {
  const source = sourceOf(doc.at(pointer), name);
  const node = resolve(schema, schema.properties?.[name] ?? {});
  const place = join(join(pointer, source), name);
  // The gateway does not compare these values with the schema of the tool, so a wrong type is shown here.
  const choose = (/** @type {FieldEvent} */ event) => {
    const wanted = /** @type {import('./virtual.js').Source} */ (event.target.value);
    doc.change(sourced(doc.text.value, pointer, name, wanted, firstValue(node)));
  };
  /** @type {Doc} */
  const own = { ...doc, problemAt: (at, isDeep) =>
    doc.problemAt?.(at, isDeep) ?? (at === place ? typeProblem(node, doc.at(at)) : undefined) };
  return html`<div class="rule-line" role="group" aria-label=${`Argument ${name}`}><div class="filters">
      <${Field} label=${html`<${Untrusted} text=${name} max=${80} />`} as="select" onChange=${choose}>
        ${sources.map(([value, title]) => html`<option value=${value} selected=${value === source}>${title}</option>`)}
      <//></div>
    ${source !== 'agent' && html`<${Value} form=${{ doc: own, schema, parts: {}, isNamed: true }} pointer=${place}
      node=${node} isRequired=${true} label=${source === 'fix' ? 'Fixed value' : 'Default value'} />`}</div>`;
}

/** A schema that replaces the one of the tool. @param {{ doc: Doc, pointer: string, tool: Tool | undefined }} props */
function OwnSchema({ doc, pointer, tool }) {
  const at = join(pointer, 'schema');
  const label = labelOf(lastOf(at), '/virtual_tools');
  const form = { doc, schema: {}, tools: [], own: tool
    && narrowed(/** @type {JsonSchema} */ (tool.inputSchema), doc.at(pointer)) };
  const add = () => doc.change(apply(doc.text.value, set(doc.text.value, at, { type: 'object' })));
  return doc.at(at) === null
    ? html`<div class="row"><${Button} onClick=${add}>Restrict arguments<//>
      <span class="muted">The agent sees the schema of the replaced tool, without fixed arguments.</span></div>`
    : html`<${Arguments} form=${form} pointer=${at} label=${label}
      onRemove=${() => doc.change(put(doc.text.value, at, undefined))} />`;
}
