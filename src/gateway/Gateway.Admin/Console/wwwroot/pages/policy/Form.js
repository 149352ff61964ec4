// Fields for any part of a document, derived from its JSON Schema: a member that the schema gains has a field at once.
import { html, useEffect, useId, useLayoutEffect, useState } from '../../vendor/ui.js';
import { Button, Field, Untrusted } from '../../components/index.js';
import { Num, apply, find, join, lastOf, parse, set, valueOf } from '../../state/json-text.js';
import { amount, append, drop, put } from '../../state/policy-document.js';
import { anything } from './vocabulary.js';
import { memberOf } from '../../state/spec.js';
import { inner, labelOf, wordOf } from './words.js';

/** @typedef {import('../../state/json-text.js').Node} Node */
/** @typedef {{ text: { value: string }, at: (pointer: string) => Node | null, change: (text: string) => void,
 *   problemAt?: (pointer: string, isDeep: boolean) => string | undefined }} Doc */
/** `parts` has the components, and the first values, of members that need more than their schema: by the name of a
 * definition of the schema, or by a member's name after a dot; so has `suggest` the texts to propose.
 * `isNamed` shows members by their own names, and `labels` has the words for others than those of policies.
 * @typedef {{ doc: Doc, schema: JsonSchema, suggest?: Record<string, string[]>, isNamed?: boolean,
 *  labels?: Record<string, string>, parts?: Record<string, { view: (props: never) => Children, start?: unknown }> }}
 *  Form */
/**
 * @typedef {{ form: Form, pointer: string, node: JsonSchema, label: string, isRequired?: boolean,
 *   onRemove?: () => void }} Part
 */

/** @type {Promise<PolicySchema | null> | undefined} */
let schema;
export const readSchema = () => schema ??= fetch(new URL('../schemas/policy-v1.json', document.baseURI))
  .then(response => response.ok ? response.json() : null, () => null);

/** The published schema of policies; null until it is read. */
export function useSchema() {
  const [found, setFound] = useState(/** @type {PolicySchema | null} */ (null));
  useEffect(() => { readSchema().then(setFound); }, []);
  return found;
}

/**
 * A part of a schema, with what it refers to; `ref` names the definition.
 * @param {JsonSchema} root @param {unknown} node @returns {JsonSchema}
 */
export function resolve(root, node) {
  let found = /** @type {JsonSchema} */ (typeof node === 'object' && node !== null ? node : {});
  for (let hops = 0; hops < 8 && typeof found.$ref === 'string' && found.$ref.startsWith('#/'); hops++) {
    const { $ref, ...own } = found;
    const target = $ref.slice(2).split('/').reduce((/** @type {unknown} */ at, step) =>
      memberOf(at, step.replaceAll('~1', '/').replaceAll('~0', '~')), root);
    found = { .../** @type {JsonSchema} */ (target), ...own, ref: lastOf($ref) };
  }

  // The schema of a tool may have anything in these places.
  return {
    ...found, enum: Array.isArray(found.enum) ? found.enum : undefined,
      required: Array.isArray(found.required) ? found.required : undefined,
    properties: typeof found.properties === 'object' && found.properties !== null ? found.properties : undefined,
  };
}

/** The forms that a value may have, each resolved.
 * @param {Form} form @param {JsonSchema} node @returns {JsonSchema[]} */
function choicesOf(form, node, depth = 0) {
  if (form.parts?.[node.ref ?? ''] || depth >= 4) return [node];
  const types = Array.isArray(node.type) ? node.type.filter(one => one !== 'null') : [];
  if (types.length > 1) return types.map(type => ({ ...node, type }));
  // A schema that does not restrict the type takes every value.
  const all = node.type !== undefined || node.properties ? undefined
    : node.oneOf ?? node.anyOf ?? (typeOf(node) === 'any' ? anything.anyOf : undefined);
  return Array.isArray(all) ? all.flatMap(one => choicesOf(form, resolve(form.schema, one), depth + 1)) : [node];
}

/** @param {JsonSchema} node */
function typeOf(node) {
  const type = Array.isArray(node.type) ? node.type.find(one => one !== 'null') : node.type;
  return type ?? (node.properties ? 'object' : node.items ? 'array'
    : node.enum ? 'enum' : 'const' in node ? 'const' : 'any');
}

const isText = (/** @type {JsonSchema} */ node) => ['string', 'number', 'integer', 'enum'].includes(typeOf(node));
const isLeaf = (/** @type {Form} */ form, /** @type {JsonSchema} */ node) => !form.parts?.[node.ref ?? '']
  && (node.enum || choicesOf(form, node).every(isText) || ['boolean', 'const', 'null'].includes(typeOf(node)));

/** @param {JsonSchema} node @param {Node | null} value */
function fits(node, value) {
  const kind = value?.kind !== 'literal' ? value?.kind : value.value === 'null' ? 'null' : 'boolean';
  const type = typeOf(node);
  return type === 'any' || kind === (type === 'integer' ? 'number'
    : type === 'enum' ? 'string' : type === 'const' ? typeof node.const : type);
}

/** The value that a new part begins with. @param {Form} form @param {unknown} given @returns {unknown} */
function start(form, given) {
  const node = choicesOf(form, resolve(form.schema, given))[0];
  const own = form.parts?.[node.ref ?? '']?.start;
  if (own !== undefined) return own;
  if (node.enum) return node.enum[0];
  switch (typeOf(node)) {
    case 'const': return node.const;
    case 'number': case 'integer': return new Num(String(Math.max(node.minimum ?? 1, 1)));
    case 'boolean': return true;
    case 'null': return null;
    case 'array': return node.minItems && !isText(resolve(form.schema, node.items)) ? [start(form, node.items)] : [];
    case 'object': return Object.fromEntries((node.required ?? []).map(name =>
      [name, start(form, node.properties?.[name])]));
    default: return '';
  }
}

/** @param {string} typed @param {(JsonSchema & { isAmount?: boolean })[]} choices @param {Node | null} before */
function scalar(typed, choices, before) {
  const takesNumber = choices.some(one => ['number', 'integer'].includes(typeOf(one)));
  if (choices.length > 1 && choices[0].isAmount) return amount(typed, before);
  return takesNumber && Num.is(typed.trim()) ? new Num(typed.trim()) : typed;
}

/** A field that is written when it is left, or Enter is pressed: half a word is no edit.
 * @param {{ value: string, onSet: (text: string) => void } & Record<string, unknown>} props */
export function Typed({ value, onSet, ...rest }) {
  const [typed, setTyped] = useState(value);
  // Before the page is drawn: an effect after that could replace what was typed in the meantime.
  useLayoutEffect(() => setTyped(value), [value]);
  const done = (/** @type {FieldEvent} */ event) => { if (event.target.value !== value) onSet(event.target.value); };
  return html`<${Field} ...${rest} value=${typed}
    onInput=${(/** @type {FieldEvent} */ event) => setTyped(event.target.value)} onBlur=${done}
    onKeyDown=${(/** @type {FieldKeyEvent} */ event) => { if (event.key === 'Enter'
      && rest.as !== 'textarea') { event.preventDefault(); done(event); } }} />`;
}

/** The members of an object: fields, then parts with members of their own, then buttons that add a part.
 * @param {{ form: Form, pointer: string, node: JsonSchema, skip?: string[], isRest?: boolean }} props `isRest`: other
 *   fields
 *   of the same object have its unknown members. */
export function Members({ form, pointer, node, skip = [], isRest = false }) {
  const here = form.doc.at(pointer);
  const known = Object.entries(node.properties ?? {});
  const parts = known.filter(([name]) => !skip.includes(name)).map(([name, part]) => ({
    name, pointer: join(pointer, name), node: withPart(form, name, resolve(form.schema, part)), 
    label: form.isNamed ? name : form.labels?.[name] ?? labelOf(name, pointer),
    isRequired: (node.required ?? []).includes(name), isThere: find(here, join('', name)) !== null,
  }));
  const fields = parts.filter(part => isLeaf(form, part.node));
  const others = parts.filter(part => !fields.includes(part));
  const isShown = (/** @type {typeof parts[0]} */ part) => part.isThere || part.isRequired;
  const isKnown = (/** @type {string} */ name) => known.some(([one]) => one === name);
  const extra = isRest ? [] : (here?.members ?? []).map(one => one.name).filter(name => !isKnown(name));
  const isOpen = node.additionalProperties !== false && typeOf(node) !== 'array' && skip.length === 0;
  const add = (/** @type {typeof parts[0]} */ part) => form.doc.change(apply(form.doc.text.value,
    set(form.doc.text.value, part.pointer, start(form, part.node))));
  return html`${fields.length > 0 && html`<div class="filters form-fields">
    ${fields.map(part => html`<${Leaf} key=${part.name} form=${form} ...${part} />`)}</div>`}
    ${others.filter(isShown).map(part => html`<${Value} key=${part.name} form=${form} ...${part}
      onRemove=${part.isRequired ? undefined : () => form.doc.change(drop(form.doc.text.value, part.pointer))} />`)}
    ${isOpen ? extra.map(name => html`<${Value} key=${name} form=${form} pointer=${join(pointer, name)} label=${name}
      isRequired=${true}
      node=${resolve(form.schema, typeof node.additionalProperties === 'object' ? node.additionalProperties : anything)}
      onRemove=${() => form.doc.change(drop(form.doc.text.value, join(pointer, name)))} />`)
    : extra.map(name => html`<${Raw} key=${name} doc=${form.doc} pointer=${join(pointer, name)} name=${name}
      isUnknown=${true} />`)}
    ${others.some(part => !isShown(part)) && html`<div class="row">
      ${others.filter(part => !isShown(part)).map(part => html`<${Button} key=${part.name}
      onClick=${() => add(part)}><span>Add <${Untrusted} text=${inner(part.label)} max=${80} /></span><//>`)}</div>`}
    ${isOpen && html`<${NewMember} form=${form} pointer=${pointer} node=${node} />`}`;
}

/** @param {Form} form @param {string} name @param {JsonSchema} node */
const withPart = (form, name, node) => form.parts?.[`.${name}`] ? { ...node, ref: `.${name}` } : node;

/** @param {{ form: Form, pointer: string, node: JsonSchema }} props */
function NewMember({ form, pointer, node }) {
  const [name, setName] = useState('');
  const isTaken = form.doc.at(join(pointer, name)) !== null;
  const add = () => {
    if (name === '' || isTaken) return;
    form.doc.change(apply(form.doc.text.value, set(form.doc.text.value, join(pointer, name),
      start(form, typeof node.additionalProperties === 'object' ? node.additionalProperties : anything))));
    setName('');
  };
  return html`<div class="row"><${Field} label="Name" value=${name} spellcheck=${false} autocomplete="off"
    error=${isTaken && 'This name exists already.'}
      onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') { event.preventDefault();
        add(); } }} />
    <${Button} disabled=${name === '' || isTaken} onClick=${add}>Add value<//></div>`;
}

/** One part: a field, or a group of them. @param {Part} props */
export function Value(props) {
  const { form, pointer, label, onRemove } = props;
  const own = form.parts?.[props.node.ref ?? ''];
  if (own) return html`<${own.view} ...${props} />`;
  const choices = choicesOf(form, props.node);
  const remove = onRemove && html`<${Button} kind="quiet" aria-label=${`Remove ${inner(label)}`} onClick=${onRemove}>
    Remove<//>`;
  if (isLeaf(form, props.node)) return html`<div class="row"><${Leaf} ...${props} />${remove}</div>`;
  const here = form.doc.at(pointer);
  const node = choices.find(one => fits(one, here)) ?? choices[0];
  const problem = form.doc.problemAt?.(pointer, false);
  const choose = (/** @type {FieldEvent} */ event) => form.doc.change(apply(form.doc.text.value,
    set(form.doc.text.value, pointer, start(form, choices[Number(event.target.value)]))));
  return html`<div class="form-part" role="group" aria-label=${label}><div class="row"><strong>
    <${Untrusted} text=${label} max=${80} /></strong>${remove}</div>
    ${props.node.description && html`<p class="hint"><${Untrusted} text=${props.node.description} max=${300} /></p>`}
    ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
    ${choices.length > 1 && html`<div class="filters">
      <${Field} label=${html`Type of <${Untrusted} text=${inner(label)} max=${80} />`} as="select" onChange=${choose}>
      ${choices.map((one, at) => html`<option value=${at} selected=${one === node}>
        ${one.ref ? labelOf(one.ref, '') : wordOf(one.title ?? typeOf(one))}</option>`)}<//></div>`}
    ${isLeaf(form, node) ? html`<${Leaf} ...${props} node=${node} label=${`Value of ${inner(label)}`} />`
    : typeOf(node) === 'array' ? html`<${Items} ...${props} node=${node} />`
    : html`<${Members} form=${form} pointer=${pointer} node=${node} />`}</div>`;
}

/** @param {Part} props */
function Items({ form, pointer, node, label }) {
  const here = form.doc.at(pointer);
  const of = resolve(form.schema, node.items ?? anything);
  const write = (/** @type {unknown} */ value) => form.doc.change(apply(form.doc.text.value,
    set(form.doc.text.value, pointer, value)));
  if (of.enum) {
    const chosen = new Set((here?.items ?? []).map(item => item.value));
    const all = of.enum;
    const toggle = (/** @type {unknown} */ one) => write(all.filter(other =>
      (other === one) !== chosen.has(String(other))));
    return html`<div class="row">${all.map(one => html`<label class="check">
      <input type="checkbox" checked=${chosen.has(String(one))}
        onChange=${() => toggle(one)} /> ${wordOf(one)}</label>`)}</div>`;
  }

  if (isLeaf(form, of) && (here?.items ?? []).every(item => !/\n/.test(item.value))) {
    const choices = choicesOf(form, of);
    const problem = form.doc.problemAt?.(pointer, true);
    return html`<${Typed} as="textarea" class="code"
      label=${html`<${Untrusted} text=${label} max=${80} />, one per line`} spellcheck=${false}
      error=${problem && html`<${Untrusted} text=${problem} max=${300} />`}
      value=${(here?.items ?? []).map(item => item.value).join('\n')}
      onSet=${(/** @type {string} */ text) => write(text.split('\n').map(line => line.trim()).filter(Boolean)
        .map(line => scalar(line, choices, null)))} />`;
  }

  const one = labelOf(`${lastOf(pointer)}[]`, pointer);
  return html`${(here?.items ?? []).map((_, at) => html`<${Value} key=${at} form=${form} pointer=${join(pointer, at)}
    node=${of} isRequired=${true}
      label=${`${one} ${at + 1}`} onRemove=${() => form.doc.change(drop(form.doc.text.value, join(pointer, at)))} />`)}
    <div class="row"><${Button} onClick=${() => form.doc.change(append(form.doc.text.value, pointer, start(form, of)))}>
      Add ${inner(one)}<//></div>`;
}

/** One field for a text, a number, a choice, or yes or no. @param {Part} props */
export function Leaf({ form, pointer, node, label, isRequired = false }) {
  const id = useId();
  const here = form.doc.at(pointer);
  const problem = form.doc.problemAt?.(pointer, true);
  const hint = node.description && html`<${Untrusted} text=${node.description} max=${300} />`;
  const shared = { label: html`<${Untrusted} text=${label}
    max=${80} />`, hint, error: problem && html`<${Untrusted} text=${problem} max=${300} />` };
  const write = (/** @type {unknown} */ value) => form.doc.change(isRequired
    ? apply(form.doc.text.value, set(form.doc.text.value, pointer, value)) : put(form.doc.text.value, pointer, value));
  const options = node.enum ?? (typeOf(node) === 'boolean' ? [true, false] : null);
  if (['const', 'null'].includes(typeOf(node))) return null;
  if (options) {
    const at = options.findIndex(one => String(one) === here?.value);
    const pick = (/** @type {FieldEvent} */ { target: { value } }) =>
      write(value === '' ? undefined : options[Number(value)]);
    return html`<${Field} ...${shared} as="select" onChange=${pick}>
      ${(!isRequired || at < 0) && html`<option value="" selected=${at < 0}>
        ${node.default === undefined ? 'Not set' : `Default: ${wordOf(node.default)}`}</option>`}
      ${options.map((one, n) => html`<option value=${n}
        selected=${n === at}>${wordOf(one)}</option>`)}<//>`;
  }

  const choices = choicesOf(form, node).map(one => ({ ...one, isAmount: node.ref === 'amount' }));
  const listed = [...choices.flatMap(one => one.enum ?? []),
    ...(form.suggest?.[node.ref ?? ''] ?? form.suggest?.[`.${lastOf(pointer)}`] ?? [])];
  return html`<${Typed} ...${shared} value=${here?.value ?? ''} spellcheck=${false}
    list=${listed.length > 0 ? id : undefined}
      placeholder=${node.default === undefined ? undefined : String(node.default)}
      onSet=${(/** @type {string} */ text) => write(scalar(text, choices, here))} />
    ${listed.length > 0 && html`<datalist id=${id}>${listed.map(one => html`<option value=${one}></option>`)}
      </datalist>`}`;
}

/**
 * A member as its text, for what has no form.
 * @param {{ doc: Doc, pointer: string, name: string, isUnknown?: boolean }} props
 */
export function Raw({ doc, pointer, name, isUnknown = false }) {
  const node = doc.at(pointer);
  const [wrong, setWrong] = useState('');
  const text = node === null ? '' : doc.text.value.slice(node.start, node.end);
  return html`<${Typed} as="textarea" label=${name} class="code" spellcheck=${false} value=${text}
    error=${wrong || null}
    hint=${isUnknown ? 'Not known to this console. Kept unchanged.' : null} onSet=${(/** @type {string} */ typed) => {
      if (typed.trim() === '') { setWrong(''); doc.change(drop(doc.text.value, pointer)); return; }
      const parsed = parse(typed);
      setWrong(parsed.error?.message ?? '');
      if (!parsed.root) return;
      if (node === null) doc.change(apply(doc.text.value, set(doc.text.value, pointer, valueOf(parsed.root))));
      else doc.change(apply(doc.text.value, { start: node.start, end: node.end, text: typed.trim() }));
    }} />`;
}
