// The rules: every tool of the server, patterns, what holds for all tools and for what nobody names.
import { html, useState } from '../../vendor/ui.js';
import {
  Badge, Button, Card, ClassBadge, EmptyState, ErrorBox, Field, Risk, Skeleton, Suspicious, Untrusted, part, toast,
} from '../../components/index.js';
import { apply, find, remove, set } from '../../state/json-text.js';
import { choiceOf, choose, drop, append, entriesOf, hiddenOf, isPattern,
  toolPointer } from '../../state/policy-document.js';
import { CallArguments } from './Arguments.js';
import { Classes } from './Classes.js';
import { useRuleForm } from './Conditions.js';
import { Members, useSchema } from './Form.js';
import { Recommended } from './Recommended.js';
import { Rule } from './Rule.js';
import { Segments } from './Segments.js';
import { labelOf } from './words.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** @typedef {import('./edit.js').Tool} Tool */

/** @type {[import('../../state/policy-document.js').Choice, string][]} */
const choices = [['allow', 'Allow'], ['approve', 'Approve'], ['deny', 'Deny'], ['hide', 'Hide'], ['custom', 'Custom']];

/** @param {{ edit: Edit, isFixed: boolean, opened?: string }} props `opened`: the tool whose rule is open first. */
export function Rules({ edit, isFixed, opened }) {
  const error = edit.parsed.value.error;
  const root = edit.root.value;
  const schema = useSchema();
  if (error || root?.kind !== 'object') {
    return html`<${Card} title="Rules"><div class="notice warn" role="alert">The policy is not valid
      JSON: ${error?.message ?? 'it is not an object'}.
      Correct it to see the rules, run tests and publish.</div><//>`;
  }
  if (!schema) return html`<${Card} title="Rules"><${Skeleton} lines=${8} /><//>`;
  const known = new Set(edit.tools.value.map(tool => tool.name));
  // Until the server has answered, nobody knows which names are its tools'.
  const isWaiting = edit.server.value !== '' && known.size === 0 && !edit.toolsError.value;
  const others = entriesOf(root).filter(name => isPattern(name) || !isWaiting && !known.has(name));
  return html`<section class="policy-rules" aria-label="Rules">
    <${Tools} key=${opened} edit=${edit} schema=${schema} isFixed=${isFixed} opened=${opened} />
    ${/* Later than the tools: a list of unknown length would push these down. */ !isWaiting && html`
      <${Classes} edit=${edit} schema=${schema} isFixed=${isFixed} />
      <${Patterns} edit=${edit} schema=${schema} isFixed=${isFixed} names=${others} />
      <${isFixed ? Others : Everything} edit=${edit} schema=${schema} />`}
  </section>`;
}

/** @param {{ edit: Edit, schema: PolicySchema, isFixed: boolean, opened?: string }} props */
function Tools({ edit, schema, isFixed, opened = '' }) {
  const [text, setText] = useState('');
  const [category, setCategory] = useState('');
  const [risk, setRisk] = useState('');
  const [open, setOpen] = useState(opened);
  const [isAsking, setAsking] = useState(false);
  const tools = edit.tools.value;
  if (edit.server.value === '') {
    return html`<${Card} title="Tools"><${EmptyState} title="Select a server">The server's tools appear here, each with
      its rule.
      <//><//>`;
  }
  if (edit.toolsError.value) return html`<${Card} title="Tools">
    <${ErrorBox} error=${edit.toolsError.value} retry=${edit.readTools} /><//>`;
  if (tools.length === 0) return html`<${Card} title="Tools"><${Skeleton} lines=${5} /><//>`;
  // A choice for all of these changes those too that are not drawn.
  const shown = tools.filter(tool => tool.name.toLowerCase().includes(text.toLowerCase())
    && (category === '' || tool.category === category) && (risk === '' || tool.riskLevel === risk));
  const of = (/** @type {(tool: Tool) => string} */ what) => [...new Set(tools.map(what))];
  return html`<${Card} title=${`Tools of ${edit.server.value}`}
      actions=${!isFixed && html`<${Button} onClick=${() => setAsking(true)}>Recommended rules…<//>`}>
    <div class="filters">
      <${Field} label="Search" type="search" value=${text}
        onInput=${(/** @type {FieldEvent} */ event) => setText(event.target.value)} />
      <${Field} label="Category" as="select" value=${category}
        onChange=${(/** @type {FieldEvent} */ event) => setCategory(event.target.value)}>
        <option value="">All</option>${of(tool => tool.category).map(one => html`<option>${one}</option>`)}<//>
      <${Field} label="Risk" as="select" value=${risk}
        onChange=${(/** @type {FieldEvent} */ event) => setRisk(event.target.value)}>
        <option value="">All</option>${of(tool => tool.riskLevel).map(one => html`<option>${one}</option>`)}<//>
      ${!isFixed && html`<${Field} label=${`Set ${shown.length} tools to`} as="select" value=""
        onChange=${(/** @type {FieldEvent} */ event) => {
        const choice = /** @type {import('../../state/policy-document.js').Choice} */ (event.target.value);
        event.target.value = '';
        edit.change(shown.reduce((now, tool) => choose(now, tool.name, choice), edit.text.value));
        toast.ok(`${shown.length} tools set to ${choice}. Select Undo to revert.`);
      }}><option value="">…</option>${choices.slice(0, 4).map(([value, title]) => html`<option value=${value}>
        ${title}</option>`)}
        <option value="other">No rule</option><//>`}
    </div>
    ${part(shown, rows => html`<ul class="policy-tools">
        ${rows.map(tool => html`<${ToolRow} key=${tool.name} edit=${edit} schema=${schema} tool=${tool}
          isFixed=${isFixed} isOpen=${open === tool.name}
          onOpen=${() => setOpen(open === tool.name ? '' : tool.name)} />`)}</ul>`,
      JSON.stringify([text, category, risk, edit.server.value]))}
    ${shown.length === 0 && html`<p class="muted">No matching tools.</p>`}
    ${isAsking && html`<${Recommended} edit=${edit} tools=${shown} onClose=${() => setAsking(false)} />`}
  <//>`;
}

/** @param {{ edit: Edit, schema: PolicySchema, tool: Tool, isFixed: boolean, isOpen: boolean,
 *   onOpen: () => void }} props */
function ToolRow({ edit, schema, tool, isFixed, isOpen, onOpen }) {
  const root = edit.root.value;
  const choice = choiceOf(root, tool.name);
  const part = edit.partOf(tool.name);
  /** @param {import('../../state/policy-document.js').Choice} wanted */
  const pick = wanted => {
    edit.change(choose(edit.text.value, tool.name, wanted));
    if (wanted === 'custom' && !isOpen) onOpen();
    if (wanted !== 'custom' && isOpen) onOpen();
  };
  const by = choice !== 'other' || !part ? null : part.pointer === '/default' ? 'by the default'
    : html`by <code><${Untrusted} text=${part.name} max=${60} /></code>`;
  return html`<li data-row><div class="policy-tool">
      <div class="policy-tool-name"><strong><${Untrusted} text=${tool.name} max=${120} /></strong>
        <span class="row"><${ClassBadge} of=${tool.class} noun="class" /><${Badge}>${tool.category}<//>
          <${Risk} risk=${tool.riskLevel} noun="risk" /><${Suspicious} of=${tool} /></span></div>
      <${Segments} label=${`Rule for ${tool.name}`} choices=${choices} value=${choice} isFixed=${isFixed}
        onPick=${pick} />
      <p class="policy-says muted">${part ? html`${part.sentences.map((one, at) => html`${at > 0 && '; '}
        <${Untrusted} text=${one.text} max=${240} />`)} ${by}` : '…'}
        ${!isFixed && choice !== 'other' && choice !== 'hide' && html` <button type="button" class="link"
          aria-expanded=${isOpen ? 'true' : 'false'}
          aria-label=${`${isOpen ? 'Close' : 'Edit'} rule for ${tool.name}`} onClick=${onOpen}>
            ${isOpen ? 'Close rule' : 'Edit rule'}</button>`}</p>
    </div>
    ${isOpen && !isFixed && find(root, toolPointer(tool.name)) && html`<${Rule} edit=${edit} schema=${schema}
      pointer=${toolPointer(tool.name)} tools=${[tool]} />`}
  </li>`;
}

/** @param {{ edit: Edit, schema: PolicySchema, isFixed: boolean, names: string[] }} props */
function Patterns({ edit, schema, isFixed, names }) {
  const [name, setName] = useState('');
  const [open, setOpen] = useState('');
  const root = edit.root.value;
  const hidden = hiddenOf(root);
  const known = edit.tools.value.map(tool => tool.name);
  /** @param {Event} event */
  const add = event => {
    event.preventDefault();
    if (name === '' || find(root, toolPointer(name))) return;
    edit.change(apply(edit.text.value, set(edit.text.value, toolPointer(name), {})));
    setOpen(name);
    setName('');
  };
  return html`<${Card} title="Patterns and other names">
    ${names.length === 0 && html`<p class="muted">
      ${isFixed ? 'None.' : html`A pattern such as <code>send_*</code> covers several tools. The most specific one
        decides.`}</p>`}
    <ul class="policy-tools">${names.map(one => {
      const pointer = toolPointer(one);
      const part = edit.review.value?.parts?.find(part => part.pointer === pointer);
      const mine = new Set(part?.tools);
      const decided = edit.tools.value.filter(tool => mine.has(tool.name));
      return html`<li key=${one}><div class="policy-tool">
        <div class="policy-tool-name"><strong><code><${Untrusted} text=${one} max=${120} /></code></strong>
          <${Reach} part=${part} isKnown=${known.length > 0} /></div>
        ${isFixed ? html`<${Segments} label=${one} choices=${choices} value=${choiceOf(root, one)} isFixed
          onPick=${() => {}} />`
    : html`<${Button} kind="quiet" aria-label=${`Remove rule for ${one}`}
      onClick=${() => edit.change(apply(edit.text.value, remove(edit.text.value, pointer)))}>Remove<//>`}
        <p class="policy-says muted">${part?.sentences.map((said, at) => html`${at > 0 && '; '}
          <${Untrusted} text=${said.text} max=${240} />`)}${' '}
          ${!isFixed && html`<button type="button" class="link" aria-expanded=${open === one ? 'true' : 'false'}
            aria-label=${`${open === one ? 'Close' : 'Edit'} rule for ${one}`}
            onClick=${() => setOpen(open === one ? '' : one)}>
          ${open === one ? 'Close rule' : 'Edit rule'}</button>`}</p></div>
        ${open === one && html`<${Rule} edit=${edit} schema=${schema} pointer=${pointer} tools=${decided} />`}</li>`;
    })}</ul>
    ${hidden.filter(one => !known.includes(one)).length > 0 && html`<div><h3>Hidden</h3>
      <ul class="list">${hidden.map((one, at) => known.includes(one) ? null : html`<li class="row">
      <code><${Untrusted} text=${one} max=${120} /></code>
      <${Reach} part=${edit.review.value?.parts?.find(part => part.pointer === `/hide/${at}`)}
        isKnown=${known.length > 0} />
      ${!isFixed && html`<${Button} kind="quiet" aria-label=${`Show again: ${one}`}
        onClick=${() => edit.change(drop(edit.text.value, `/hide/${at}`))}>Show again<//>`}</li>`)}</ul></div>`}
    ${!isFixed && html`<form class="row" onSubmit=${add}>
      <${Field} label="Name or pattern" value=${name} spellcheck=${false} autocomplete="off" maxlength="512"
        onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
      <${Button} type="submit" disabled=${name === ''}>Add rule<//>
      <${Button} disabled=${name === ''}
        onClick=${() => { edit.change(append(edit.text.value, '/hide', name)); setName(''); }}>Hide tools<//></form>`}
  <//>`;
}

/** Which tools it matches now. @param {{ part: Api.PolicyPart | undefined, isKnown: boolean }} props */
function Reach({ part, isKnown }) {
  if (!part || !isKnown) return null;
  if (part.matches.length === 0) return html`<span class="muted">matches no tools</span>`;
  return html`<span class="muted">
    ${part.tools.length === part.matches.length ? '' : `applies to ${part.tools.length} of `}${part.matches.length === 1
    ? '1 tool' : `${part.matches.length} tools`}: <${Untrusted} text=${part.matches.slice(0, 8).join(', ')}
      max=${240} />${part.matches.length > 8 && ', …'}</span>`;
}

/** Members of a policy that have forms of their own. */
const own = ['version', 'default', 'mode', 'hide', 'all_tools', 'tools', 'classes'];
/** @type {{ name: string, label: string, otherwise: string, choices: [string, string][] }[]} */
const switches = [
  { name: 'default', label: 'Tools without a rule', otherwise: '', choices: [['allow', 'Allow'], ['deny', 'Deny']] },
  { name: 'mode', label: 'Policy mode', otherwise: 'enforce',
    choices: [['enforce', 'Enforce'], ['shadow', 'Record only']] },
];
const ofPolicy = { '.arguments': { view: CallArguments, start: {} } };

/** @param {{ edit: Edit, schema: PolicySchema }} props */
function Everything({ edit, schema }) {
  const form = useRuleForm(edit, schema, edit.tools.value, ofPolicy);
  const root = edit.root.value;
  return html`<${Card} title="Everything else">
    ${switches.map(({ name, label, otherwise, choices }) => html`<div class="row policy-all"><span>${label}</span>
      <${Segments} label=${label} choices=${choices} value=${find(root, `/${name}`)?.value ?? otherwise}
        isFixed=${false}
        onPick=${(/** @type {string} */ one) => edit.change(apply(edit.text.value,
          set(edit.text.value, `/${name}`, one)))} /></div>`)}
    <details open=${find(root, '/all_tools') !== null}><summary>Rule for all tools</summary>
      <${Rule} edit=${edit} schema=${schema} pointer="/all_tools" tools=${edit.tools.value} isForAll=${true} />
        </details>
    <section class="stack" role="group" aria-label="More settings of the policy">
      <h3>Resources, prompts, recording and tests</h3>
      <${Members} form=${form} pointer="" node=${schema} skip=${own} /></section>
  <//>`;
}

/** The same for an operator who may not edit. @param {{ edit: Edit }} props */
function Others({ edit }) {
  const root = edit.root.value;
  const forAll = edit.review.value?.parts?.find(part => part.pointer === '/all_tools')?.sentences ?? [];
  return html`<${Card} title="Everything else"><dl class="facts">
    ${switches.map(({ name, label, otherwise, choices }) => html`<dt>${label}</dt><dd>
      <${Segments} label=${label} choices=${choices}
      value=${find(root, `/${name}`)?.value ?? otherwise} isFixed onPick=${() => {}} /></dd>`)}
    ${forAll.length > 0 && html`<dt>Rule for all tools</dt>
      <dd>${forAll.map(one => html`<p><${Untrusted} text=${one.text} max=${240} /></p>`)}</dd>`}
    ${root?.members.filter(member => !own.includes(member.name)).map(({ name, value }) => html`<dt>
      ${labelOf(name, '')}</dt>
      <dd>${value.kind === 'object' || value.kind === 'array' ? html`<pre class="arguments" tabindex="0" role="region"
        aria-label=${labelOf(name, '')}><${Untrusted}
        text=${edit.text.value.slice(value.start, value.end)} multiline />
          </pre>` : html`<${Untrusted} text=${value.value} />`}</dd>`)}
  </dl><//>`;
}
