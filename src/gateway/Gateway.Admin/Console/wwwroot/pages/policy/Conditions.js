// Conditions of a rule, of a result, or of one another.
import { html, useMemo, useState } from '../../vendor/ui.js';
import { Button, Field, Untrusted } from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { apply, find, join, set, valueOf } from '../../state/json-text.js';
import {
  append, argumentsOf, conditionValue, drop, isYesOrNo, linesOf, operatorsFor, put, takesMany, typeOfValues,
  typedValue, valuesOf,
} from '../../state/policy-document.js';
import { operators } from '../../state/operators.js';
import { memberOf } from '../../state/spec.js';
import { Leaf, Members, Typed } from './Form.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** @typedef {import('./edit.js').Tool} Tool */
/** @typedef {{ path: string, type: string, values: unknown[] | null, description: string }} Known */

/** A path into the caller, which no tool's schema has. @param {string} path */
const isOfCaller = path => path.startsWith('caller.');

/** A path: one of the schema's, or one that is typed.
 * @param {{ label: string, value: string, known: Known[], onSet: (path: string) => void, error?: string }} props */
export function Argument({ label, value, known, onSet, error }) {
  const isKnown = known.some(one => one.path === value);
  const [isFree, setFree] = useState(false);
  if (isFree || !isKnown) {
    return html`<${Typed} label=${label} value=${value}
      onSet=${(/** @type {string} */ text) => { setFree(false); onSet(text); }} spellcheck=${false} error=${error}
      hint=${isKnown || known.length === 0 || isOfCaller(value) ? null : 'No tool of this rule has this argument.'} />`;
  }
  return html`<${Field} label=${label} as="select" value=${value} onChange=${(/** @type {FieldEvent} */ event) =>
      event.target.value === '' ? setFree(true) : onSet(event.target.value)}>
    ${known.map(one => html`<option value=${one.path} selected=${one.path === value}
      title=${one.description}>${one.path}${one.type && ` (${one.type})`}</option>`)}
    <option value="">Other path…</option><//>`;
}

/** @typedef {import('./Form.js').Form & { doc: Edit, schema: PolicySchema, known: Known[], tools: Tool[] }} RuleForm */

/**
 * What the forms of a rule share. @param {Edit} edit @param {PolicySchema} schema @param {Tool[]} tools @param
 * {import('./Form.js').Form['parts']} [more]
 * @returns {RuleForm} */
export function useRuleForm(edit, schema, tools, more) {
  const known = useMemo(() => argumentsOfAll(tools), [tools.map(tool => tool.name).join(), edit.tools.value]);
  const paths = known.map(one => one.path);
  return { doc: edit, schema, known, tools, suggest: { path: paths, argument: paths,
    '.tool': tools.map(tool => tool.name) }, parts: more ? { ...parts, ...more } : parts };
}

/** @param {{ form: RuleForm, pointer: string, title: string, first?: unknown }} props */
export function Conditions({ form, pointer, title, first }) {
  const list = form.doc.at(pointer)?.items ?? [];
  const add = () => form.doc.change(append(form.doc.text.value, pointer, first ?? firstOf(form.known)));
  return html`<section class="stack" role="group" aria-label=${title}><h3>${title}</h3>
    ${list.map((_, at) => html`<${Condition} key=${at} form=${form} pointer=${join(pointer, at)} />`)}
    <div><${Button} aria-label=${`Add condition: ${title}`} onClick=${add}>Add condition<//></div></section>`;
}

/** The condition that a list begins with. @param {Known[]} known */
function firstOf(known) {
  const first = known.find(one => one.type !== 'object') ?? known[0];
  const op = operatorsFor(first)[0];
  return { path: first?.path ?? 'args.', op, value: first?.values ?? startValue(op, first?.type ?? '') };
}

const kinds = [['compare', 'Comparison'], ['any', 'Any of'], ['all', 'All of'], ['not', 'Not'], ['time', 'Hours']];

/** @param {{ form: RuleForm, pointer: string, onRemove?: () => void }} props */
function Condition({ form, pointer, onRemove }) {
  const edit = form.doc;
  const node = edit.at(pointer);
  const kind = kinds.find(([name]) => find(node, `/${name}`) !== null)?.[0] ?? 'compare';
  const path = find(node, '/path')?.value;
  const said = edit.review.value?.parts?.flatMap(part => part.sentences).find(one => one.pointer === pointer)?.text;
  const problem = edit.problemAt(pointer, false);
  const known = pointer.includes('/results/') ? [] : form.known;
  const choose = (/** @type {FieldEvent} */ event) => edit.change(apply(edit.text.value, set(edit.text.value, pointer,
    rewritten(event.target.value, kind, node && valueOf(node), known))));
  return html`<div class="rule-line"><div class="filters">
      <${Field} label="Kind of condition" as="select" onChange=${choose}>
        ${kinds.map(([value, title]) => html`<option value=${value} selected=${value === kind}>${title}</option>`)}<//>
          </div>
    ${kind === 'compare' ? html`<${Comparison} form=${form} pointer=${pointer} known=${known} />`
    : html`<${Members} form=${form} pointer=${pointer} node=${form.schema.$defs[kind]} />`}
    ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
    <p class="row"><span class="muted">${said && html`<${Untrusted} text=${said} max=${300} />`}</span>
      <${Button} kind="quiet" aria-label=${path === undefined ? 'Remove condition' : `Remove condition on ${path}`}
        onClick=${onRemove ?? (() => edit.change(drop(edit.text.value, pointer)))}>Remove<//></p></div>`;
}

/** A condition of another kind, which keeps the conditions of the previous kind.
 * @param {string} to @param {string} from @param {unknown} value @param {Known[]} known */
function rewritten(to, from, value, known) {
  const inner = [from === 'compare' || from === 'time' ? value : memberOf(value, from)].flat();
  return to === 'compare' ? memberOf(inner[0], 'path') === undefined ? firstOf(known) : inner[0]
    : to === 'time' ? { time: { zone: 'UTC', days: ['mon-fri'], hours: ['09:00-17:00'] } }
    : { [to]: to === 'not' ? inner[0] : inner };
}

/** Definitions of the schema that have a form of their own. */
const parts = { condition: { view: Condition, start: { path: 'args.', op: 'exists', value: true } } };

/** The value that a new operator begins with. @param {string} op @param {string} type */
const startValue = (op, type) => conditionValue(op, type === 'boolean' || isYesOrNo(op) ? 'true'
  : ['number', 'integer'].includes(String(operators[op]?.value.type)) ? '100' : '', type);

/** @param {{ form: RuleForm, pointer: string, known: Known[] }} props */
function Comparison({ form, pointer, known }) {
  const edit = form.doc;
  const { tools } = form;
  const node = edit.at(pointer);
  const path = find(node, '/path')?.value ?? '';
  const op = find(node, '/op')?.value ?? '';
  const list = find(node, '/list')?.value;
  const names = useResource('lists').data?.items.map(one => one.name) ?? [];
  const wrong = (/** @type {string} */ name) => edit.problemAt(join(pointer, name), true);
  const argument = known.find(one => one.path === path);
  const type = argument?.type ?? '';
  const lacking = tools.filter(tool => known.length > 0 && argument
    && !argumentsOf(tool.inputSchema).some(one => one.path === path));
  const ops = list === undefined ? [...new Set([...operatorsFor(argument), op])]
    : Object.keys(operators).filter(one => operators[one].takesList);
  /** @param {Record<string, unknown>} members */
  const write = members => edit.change(Object.entries(members).reduce(
    (text, [name, value]) => apply(text, set(text, join(pointer, name), value)), edit.text.value));
  const expected = typeOfValues(op, type);
  const typed = typedValue(edit.text.value, find(node, '/value'), expected);
  const isList = takesMany(op);
  const lines = isList ? linesOf(find(node, '/value'), expected) : null;
  const compareWith = (/** @type {string} */ name) => edit.change(name === ''
    ? put(drop(edit.text.value, join(pointer, 'list')), join(pointer, 'value'), [])
    : put(drop(edit.text.value, join(pointer, 'value')), join(pointer, 'list'), name));
  return html`<div class="filters">
    <${Argument} label="Argument" value=${path} known=${known} error=${wrong('path')}
      onSet=${(/** @type {string} */ to) => {
      if (list !== undefined) { write({ path: to }); return; }
      const next = known.find(one => one.path === to);
      const fits = operatorsFor(next).includes(op) ? op : operatorsFor(next)[0];
      write({ path: to, op: fits, ...(fits === op ? {}
        : { value: conditionValue(fits, next?.values?.join(',') ?? (isYesOrNo(fits) ? 'true' : '0'),
          next?.type ?? '') }) });
    }} />
    <${Field} label="Operator" as="select" value=${op} error=${wrong('op')}
      onChange=${(/** @type {FieldEvent} */ event) => write(list !== undefined ? { op: event.target.value } : {
      op: event.target.value, value: conditionValue(event.target.value, isYesOrNo(event.target.value) ? 'true' : typed,
        type) })}>
      ${ops.map(one => html`<option value=${one} selected=${one === op}>${operators[one]?.words ?? one}</option>`)}<//>
    ${operators[op]?.takesList && (names.length > 0 || list !== undefined) && html`<${Field} label="Values" as="select"
      value=${list ?? ''}
        onChange=${(/** @type {FieldEvent} */ event) => compareWith(event.target.value)}>
      <option value="" selected=${list === undefined}>Entered here</option>
      ${[...new Set([...names, ...(list === undefined ? [] : [list])])].map(one => html`<option value=${one}
        selected=${one === list}>List ${one}</option>`)}<//>`}
    ${list !== undefined && op !== 'host_in' && html`<${Leaf} form=${form} pointer=${join(pointer, 'as')}
      label="Compare as"
      node=${form.schema.$defs.condition.oneOf?.[0].properties?.as} />`}
    ${list !== undefined ? null : isYesOrNo(op) || type === 'boolean' && !isList ? html`<${Field} label="Value"
      as="select" value=${typed || 'true'}
      onChange=${(/** @type {FieldEvent} */ event) => write({ value: event.target.value === 'true' })}>
        <option value="true" selected=${typed !== 'false'}>Yes</option>
          <option value="false" selected=${typed === 'false'}>No</option><//>`
      : argument?.values && !isList ? html`<${Field} label="Value" as="select" value=${typed}
        onChange=${(/** @type {FieldEvent} */ event) => write({ value: conditionValue(op, event.target.value, type) })}>
        ${[...new Set([typed, ...argument.values.map(String)])].map(one => html`<option selected=${one === typed}>
          ${one}</option>`)}<//>`
      : lines !== null ? html`<${Typed} as="textarea" class="code" rows="3" label="Value" value=${lines}
        spellcheck=${false} error=${wrong('value')}
        hint=${expected === 'string' ? 'One per line.' : 'One per line. Quote a text of digits: "12".'}
        onSet=${(/** @type {string} */ text) => write({ value: valuesOf(text, expected) })} />`
      : html`<${Typed} label="Value" value=${typed} error=${wrong('value')}
        hint=${isList ? 'A JSON array, because a value has several lines or types.' : null}
        onSet=${(/** @type {string} */ text) => write({ value: conditionValue(op, text, type) })} />`}
    <${Typed} label="Reason sent to the agent" value=${find(node, '/reason')?.value ?? ''}
      onSet=${(/** @type {string} */ text) => edit.change(put(edit.text.value, join(pointer, 'reason'), text))} />
  </div>
  ${lacking.length > 0 && html`<p class="small muted">
    <strong>Tools without this argument (${lacking.length}):
      </strong> <${Untrusted} text=${lacking.map(tool => tool.name).join(', ')} max=${160} /></p>`}
  ${known.length > 0 && !argument && !isOfCaller(path) && html`<p class="small muted">
    <strong>No tool of this rule has this argument.</strong></p>`}`;
}

/** The arguments of all these tools, each once. @param {Tool[]} tools @returns {Known[]} */
function argumentsOfAll(tools) {
  const all = tools.slice(0, 50).flatMap(tool => argumentsOf(tool.inputSchema));
  return [...new Map(all.map(one => [one.path, one])).values()];
}
