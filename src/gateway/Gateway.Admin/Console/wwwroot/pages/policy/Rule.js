// One entry of the policy, or what holds for all tools: limits, conditions, approval, as fields over the text.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { Button, Field, Untrusted } from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { Num, apply, find, join, parse, set, valueOf } from '../../state/json-text.js';
import {
  amount, append, argumentsOf, conditionValue, counterName, drop, isYesOrNo, operatorsFor, put, takesMany, typedValue,
  unknownMembers,
} from '../../state/policy-document.js';
import { approval as approvalTerms, operators } from '../../state/operators.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** @typedef {import('./edit.js').Tool} Tool */

const windows = ['second', 'minute', 'hour', 'day', 'week', 'month'];
const scopes = [['grant', 'each grant'], ['server', 'all grants together'], ['session', 'each session'],
  ['subject', 'each caller']];
const kinds = [['fixed', 'fixed window'], ['sliding', 'sliding window'], ['bucket', 'token bucket']];
const lists = [['deny_if', 'Deny if'], ['require', 'Allow only if'], ['approve_if', 'Require approval if']];
/** @param {{ edit: Edit, pointer: string, tools: Tool[], isForAll?: boolean }} props */
export function Rule({ edit, pointer, tools, isForAll = false }) {
  const entry = edit.at(pointer);
  const action = find(entry, '/action')?.value ?? 'allow';
  const known = argumentsOfAll(tools);
  const isAsked = action === 'approve' || action === 'require_approval' || find(entry, '/approve_if') !== null;
  const raw = [...(isForAll ? ['results'] : ['rate_limit', 'arguments', 'results', 'rounds', 'case_variants', 'pin', 'number']), ...unknownMembers(entry, false)];
  /** @param {string} member @param {unknown} value */
  const write = (member, value) => edit.change(put(edit.text.value, join(pointer, member), value));
  return html`<div class="rule">
    ${!isForAll && html`<div class="filters">
      <${Field} label="Action" as="select" value=${action} onChange=${(/** @type {any} */ event) => write('action', event.target.value === 'allow' ? undefined : event.target.value)}>
        ${[['allow', 'Allow'], ['approve', 'Require approval'], ['deny', 'Deny'], ['rate_limit', 'Allow up to a limit'],
          ...(action === 'require_approval' ? [['require_approval', 'Require approval']] : [])]
          .map(([value, title]) => html`<option value=${value} selected=${value === action}>${title}</option>`)}<//>
      ${action === 'deny' && html`<${Typed} label="Reason sent to the agent" value=${find(entry, '/reason')?.value ?? ''} onSet=${(/** @type {string} */ text) => write('reason', text)} />`}
      <${Field} label="Mode" as="select" value=${find(entry, '/mode')?.value ?? ''} onChange=${(/** @type {any} */ event) => write('mode', event.target.value)}>
        ${[['', 'Same as policy'], ['enforce', 'Enforce'], ['shadow', 'Record only']].map(([value, title]) => html`<option value=${value} selected=${value === (find(entry, '/mode')?.value ?? '')}>${title}</option>`)}<//>
    </div>`}
    <${Limits} edit=${edit} pointer=${pointer} known=${known} />
    ${lists.map(([name, title]) => html`<${Conditions} key=${name} edit=${edit} pointer=${join(pointer, name)} title=${title} known=${known} tools=${tools} />`)}
    ${isAsked && !isForAll && html`<${Approval} edit=${edit} pointer=${join(pointer, 'approval')} />`}
    <${InFlight} edit=${edit} pointer=${join(pointer, 'max_in_flight')} />
    <${Budgets} edit=${edit} pointer=${join(pointer, 'budgets')} known=${known} />
    <details open=${raw.some(name => find(entry, join('', name)) !== null)}><summary>More fields: ${raw.join(', ')}</summary>
      <div class="stack">${raw.map(name => html`<${Raw} key=${name} edit=${edit} pointer=${join(pointer, name)} name=${name}
        isUnknown=${unknownMembers(entry, false).includes(name)} />`)}</div></details>
  </div>`;
}

/** A field that is written when it is left, or Enter is pressed: half a word is no edit. @param {any} props */
export function Typed({ value, onSet, ...rest }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const done = (/** @type {any} */ event) => { if (event.target.value !== value) onSet(event.target.value); };
  return html`<${Field} ...${rest} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} onBlur=${done}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter' && rest.as !== 'textarea') { event.preventDefault(); done(event); } }} />`;
}

/** @param {{ edit: Edit, pointer: string, known: Known[] }} props */
function Limits({ edit, pointer, known }) {
  const list = edit.at(join(pointer, 'limits'))?.items ?? [];
  const numbers = known.filter(one => one.type === 'number' || one.type === 'integer' || one.type === '');
  /** @param {boolean} isSpend */
  const add = isSpend => {
    const of = pointer === '/all_tools' ? 'calls' : (/[^/]+$/.exec(pointer)?.[0] ?? 'calls').replaceAll('~1', '_').replaceAll('~0', '_');
    edit.change(append(edit.text.value, join(pointer, 'limits'), {
      counter: counterName(edit.root.value, isSpend ? `${of}_amount` : of), window: isSpend ? 'day' : 'minute',
      max: new Num(isSpend ? '100' : '10'), scope: 'grant',
      ...(isSpend ? { increment_from: numbers[0]?.path ?? 'args.amount' } : {}),
    }));
  };
  return html`<section class="stack" aria-label="Limits"><h3>Limits</h3>
    ${list.map((_, at) => html`<${Limit} key=${at} edit=${edit} pointer=${join(join(pointer, 'limits'), at)} numbers=${numbers} />`)}
    <div class="row"><${Button} onClick=${() => add(false)}>Add limit<//><${Button} onClick=${() => add(true)}>Add spend cap<//></div>
  </section>`;
}

/** @param {{ edit: Edit, pointer: string, numbers: Known[] }} props */
function Limit({ edit, pointer, numbers }) {
  const node = edit.at(pointer);
  const at = (/** @type {string} */ name) => find(node, `/${name}`);
  const from = at('increment_from')?.value;
  const window = at('window')?.value ?? '';
  const said = edit.review.value?.parts?.flatMap(part => part.sentences).find(one => one.pointer === pointer)?.text;
  /** @param {string} name @param {unknown} value */
  const write = (name, value) => edit.change(put(edit.text.value, join(pointer, name), value));
  // "without" is for the scope "subject" only.
  const rescope = (/** @type {string} */ scope) => {
    const next = put(edit.text.value, join(pointer, 'scope'), scope);
    edit.change(scope !== 'subject' && at('without') ? drop(next, join(pointer, 'without')) : next);
  };
  const isKnownWindow = windows.includes(window);
  return html`<div class="rule-line"><div class="filters">
    <${Typed} label="Maximum" inputmode="decimal" value=${at('max')?.value ?? ''} onSet=${(/** @type {string} */ text) => write('max', amount(text, at('max')))} />
    ${from !== undefined && html`<${Argument} label="Amount from" value=${from} known=${numbers} onSet=${(/** @type {string} */ path) => write('increment_from', path)} />`}
    <${Field} label="Window" as="select" value=${isKnownWindow ? window : 'other'} onChange=${(/** @type {any} */ event) => write('window', event.target.value === 'other' ? '15m' : event.target.value)}>
      ${[...windows, 'other'].map(one => html`<option value=${one} selected=${one === (isKnownWindow ? window : 'other')}>${one === 'other' ? 'custom length' : one}</option>`)}<//>
    ${!isKnownWindow && html`<${Typed} label="Window length" value=${window} hint="90s, 15m, 6h or a number of seconds"
      onSet=${(/** @type {string} */ text) => write('window', Num.is(text) ? new Num(text) : text)} />`}
    <${Field} label="Scope" as="select" value=${at('scope')?.value ?? 'grant'} onChange=${(/** @type {any} */ event) => rescope(event.target.value)}>
      ${scopes.map(([value, title]) => html`<option value=${value} selected=${value === (at('scope')?.value ?? 'grant')}>${title}</option>`)}<//>
    <${Field} label="Kind of window" as="select" value=${at('kind')?.value ?? 'fixed'} onChange=${(/** @type {any} */ event) => write('kind', event.target.value === 'fixed' ? undefined : event.target.value)}>
      ${kinds.map(([value, title]) => html`<option value=${value} selected=${value === (at('kind')?.value ?? 'fixed')}>${title}</option>`)}<//>
    <${Typed} label="Counter" value=${at('counter')?.value ?? ''} onSet=${(/** @type {string} */ text) => write('counter', text)} />
  </div>
  <p class="row"><span class="muted">${said && html`<${Untrusted} text=${said} max=${300} />`}${more(node)}</span>
    <${Button} kind="quiet" aria-label=${`Remove limit ${at('counter')?.value ?? ''}`} onClick=${() => edit.change(drop(edit.text.value, pointer))}>Remove<//></p></div>`;
}

/** Members of a limit that stand in the text only. @param {import('../../state/json-text.js').Node | null} node */
function more(node) {
  const names = (node?.members ?? []).map(one => one.name)
    .filter(name => !['counter', 'window', 'max', 'scope', 'kind', 'increment_from'].includes(name));
  return names.length > 0 && ` (in the JSON: ${names.join(', ')})`;
}

/** @typedef {{ path: string, type: string, values: unknown[] | null, description: string }} Known */

/** A path into the caller, which no tool's schema has. @param {string} path */
const isOfCaller = path => path.startsWith('caller.');

/** A path: one of the schema's, or one that is typed. @param {any} props */
function Argument({ label, value, known, onSet }) {
  const isKnown = known.some((/** @type {Known} */ one) => one.path === value);
  const [isFree, setFree] = useState(false);
  if (isFree || !isKnown) {
    return html`<${Typed} label=${label} value=${value} onSet=${(/** @type {string} */ text) => { setFree(false); onSet(text); }} spellcheck=${false}
      hint=${isKnown || known.length === 0 || isOfCaller(value) ? null : 'No tool of this rule has this argument.'} />`;
  }
  return html`<${Field} label=${label} as="select" value=${value} onChange=${(/** @type {any} */ event) =>
      event.target.value === '' ? setFree(true) : onSet(event.target.value)}>
    ${known.map((/** @type {Known} */ one) => html`<option value=${one.path} selected=${one.path === value} title=${one.description}>${one.path}${one.type && ` (${one.type})`}</option>`)}
    <option value="">Other path…</option><//>`;
}

/** @param {{ edit: Edit, pointer: string, title: string, known: Known[], tools: Tool[] }} props */
function Conditions({ edit, pointer, title, known, tools }) {
  const list = edit.at(pointer)?.items ?? [];
  const add = () => {
    const first = known.find(one => one.type !== 'object') ?? known[0];
    const op = operatorsFor(first)[0];
    edit.change(append(edit.text.value, pointer, {
      path: first?.path ?? 'args.', op, value: first?.values ?? startValue(op, first?.type ?? ''),
    }));
  };
  return html`<section class="stack" aria-label=${title}><h3>${title}</h3>
    ${list.map((_, at) => html`<${Condition} key=${at} edit=${edit} pointer=${join(pointer, at)} known=${known} tools=${tools} />`)}
    <div><${Button} aria-label=${`Add condition: ${title}`} onClick=${add}>Add condition<//></div></section>`;
}

/** The value that a new operator begins with. @param {string} op @param {string} type */
const startValue = (op, type) => conditionValue(op, type === 'boolean' || isYesOrNo(op) ? 'true'
  : ['number', 'integer'].includes(operators[op]?.value.type) ? '100' : '', type);

/** @param {{ edit: Edit, pointer: string, known: Known[], tools: Tool[] }} props */
function Condition({ edit, pointer, known, tools }) {
  const node = edit.at(pointer);
  const path = find(node, '/path')?.value;
  const op = find(node, '/op')?.value ?? '';
  const said = edit.review.value?.parts?.flatMap(part => part.sentences).find(one => one.pointer === pointer)?.text;
  const gone = html`<${Button} kind="quiet" aria-label=${path === undefined ? 'Remove condition' : `Remove condition on ${path}`} onClick=${() => edit.change(drop(edit.text.value, pointer))}>Remove<//>`;
  const list = find(node, '/list')?.value;
  const names = useResource('lists').data?.items.map((/** @type {any} */ one) => one.name) ?? [];
  if (path === undefined) {
    return html`<div class="rule-line"><${Raw} edit=${edit} pointer=${pointer} name="Condition" /><p class="row"><span class="muted">
      <${Untrusted} text=${said ?? ''} max=${300} /></span>${gone}</p></div>`;
  }
  const argument = known.find(one => one.path === path);
  const type = argument?.type ?? '';
  const lacking = tools.filter(tool => known.length > 0 && argument && !argumentsOf(tool.inputSchema).some(one => one.path === path));
  const ops = list === undefined ? [...new Set([...operatorsFor(argument), op])]
    : Object.keys(operators).filter(one => operators[one].takesList);
  /** @param {Record<string, unknown>} members */
  const write = members => edit.change(Object.entries(members).reduce(
    (text, [name, value]) => apply(text, set(text, join(pointer, name), value)), edit.text.value));
  const typed = typedValue(edit.text.value, find(node, '/value'));
  const isList = takesMany(op);
  const compareWith = (/** @type {string} */ name) => edit.change(name === ''
    ? put(drop(edit.text.value, join(pointer, 'list')), join(pointer, 'value'), [])
    : put(drop(edit.text.value, join(pointer, 'value')), join(pointer, 'list'), name));
  return html`<div class="rule-line"><div class="filters">
    <${Argument} label="Argument" value=${path} known=${known} onSet=${(/** @type {string} */ to) => {
      if (list !== undefined) { write({ path: to }); return; }
      const next = known.find(one => one.path === to);
      const fits = operatorsFor(next).includes(op) ? op : operatorsFor(next)[0];
      write({ path: to, op: fits, ...(fits === op ? {} : { value: conditionValue(fits, next?.values?.join(',') ?? (isYesOrNo(fits) ? 'true' : '0'), next?.type ?? '') }) });
    }} />
    <${Field} label="Operator" as="select" value=${op} onChange=${(/** @type {any} */ event) => write(list !== undefined ? { op: event.target.value } : {
      op: event.target.value, value: conditionValue(event.target.value, isYesOrNo(event.target.value) ? 'true' : typed, type) })}>
      ${ops.map(one => html`<option value=${one} selected=${one === op}>${operators[one]?.words ?? one}</option>`)}<//>
    ${operators[op]?.takesList && (names.length > 0 || list !== undefined) && html`<${Field} label="Values" as="select" value=${list ?? ''}
        onChange=${(/** @type {any} */ event) => compareWith(event.target.value)}>
      <option value="" selected=${list === undefined}>Entered here</option>
      ${[...new Set([...names, ...(list === undefined ? [] : [list])])].map(one => html`<option value=${one} selected=${one === list}>List ${one}</option>`)}<//>`}
    ${list !== undefined ? null : isYesOrNo(op) || type === 'boolean' && !isList ? html`<${Field} label="Value" as="select" value=${typed || 'true'} onChange=${(/** @type {any} */ event) => write({ value: event.target.value === 'true' })}>
        <option value="true" selected=${typed !== 'false'}>Yes</option><option value="false" selected=${typed === 'false'}>No</option><//>`
      : argument?.values && !isList ? html`<${Field} label="Value" as="select" value=${typed} onChange=${(/** @type {any} */ event) => write({ value: conditionValue(op, event.target.value, type) })}>
        ${[...new Set([typed, ...argument.values.map(String)])].map(one => html`<option selected=${one === typed}>${one}</option>`)}<//>`
      : html`<${Typed} label="Value" value=${typed} hint=${isList ? 'Separated by commas, or a JSON array' : null}
        onSet=${(/** @type {string} */ text) => write({ value: conditionValue(op, text, type) })} />`}
    <${Typed} label="Reason sent to the agent" value=${find(node, '/reason')?.value ?? ''} onSet=${(/** @type {string} */ text) => edit.change(put(edit.text.value, join(pointer, 'reason'), text))} />
  </div>
  <p class="row"><span class="muted">${said && html`<${Untrusted} text=${said} max=${300} />`}
    ${lacking.length > 0 && html` <strong>Tools without this argument (${lacking.length}):</strong> <${Untrusted} text=${lacking.map(tool => tool.name).join(', ')} max=${160} />`}
    ${known.length > 0 && !argument && !isOfCaller(path) && html` <strong>No tool of this rule has this argument.</strong>`}</span>${gone}</p></div>`;
}

/** @param {{ edit: Edit, pointer: string }} props */
function Approval({ edit, pointer }) {
  const node = edit.at(pointer);
  const at = (/** @type {string} */ name) => find(node, `/${name}`)?.value ?? '';
  /** @param {string} name @param {string} text */
  const write = (name, text) => {
    const next = put(edit.text.value, join(pointer, name), text === '' ? undefined : Num.is(text) ? new Num(text) : text);
    const left = find(parse(next).root, pointer);
    edit.change(left?.kind === 'object' && left.members.length === 0 ? drop(next, pointer) : next);
  };
  // Either of the two makes it, and without both it is gone; the other one is asked for where it stands.
  const escalate = (/** @type {string} */ name, /** @type {string} */ text) => {
    const both = { after: at('escalate/after'), to: at('escalate/to'), [name]: text };
    const left = Object.entries(both).filter(([, value]) => value !== '');
    const next = put(edit.text.value, join(pointer, 'escalate'), left.length === 0 ? undefined : Object.fromEntries(left));
    const rest = find(parse(next).root, pointer);
    edit.change(rest?.kind === 'object' && rest.members.length === 0 ? drop(next, pointer) : next);
  };
  return html`<section class="stack" aria-label="Approval"><h3>Approval</h3><div class="filters">
    <${Typed} label="Required approvals" type="number" min="1" max="5" value=${at('approvals')} placeholder="1" onSet=${(/** @type {string} */ text) => write('approvals', text)} />
    <${Typed} label="Expires after" value=${at('expires')} placeholder=${approvalTerms.expires} onSet=${(/** @type {string} */ text) => write('expires', text)} />
    <${Typed} label="Wait for a decision" value=${at('wait')} placeholder=${approvalTerms.wait} onSet=${(/** @type {string} */ text) => write('wait', text)} />
    <${Typed} label="Escalate after" value=${at('escalate/after')} placeholder="never" onSet=${(/** @type {string} */ text) => escalate('after', text)} />
    <${Typed} label="Escalation channel" value=${at('escalate/to')} placeholder="duty" onSet=${(/** @type {string} */ text) => escalate('to', text)} />
  </div></section>`;
}

/** @param {{ edit: Edit, pointer: string }} props */
function InFlight({ edit, pointer }) {
  const node = edit.at(pointer);
  if (node === null) {
    return html`<div><${Button} onClick=${() => edit.change(apply(edit.text.value, set(edit.text.value, pointer, { max: new Num('3') })))}>Limit concurrent calls<//></div>`;
  }
  return html`<section class="stack" aria-label="Concurrent calls"><h3>Concurrent calls</h3><div class="filters">
    <${Typed} label="Maximum" inputmode="numeric" value=${find(node, '/max')?.value ?? ''} onSet=${(/** @type {string} */ text) => edit.change(put(edit.text.value, join(pointer, 'max'), amount(text)))} />
    <${Field} label="Scope" as="select" onChange=${(/** @type {any} */ event) => edit.change(put(edit.text.value, join(pointer, 'scope'), event.target.value))}>
      ${scopes.slice(0, 2).map(([value, title]) => html`<option value=${value} selected=${value === (find(node, '/scope')?.value ?? 'grant')}>${title}</option>`)}<//>
    <${Button} kind="quiet" onClick=${() => edit.change(drop(edit.text.value, pointer))}>Remove<//></div></section>`;
}

/** What agents, services and requests share: each use is a name, or says what a call counts. @param {{ edit: Edit, pointer: string, known: Known[] }} props */
function Budgets({ edit, pointer, known }) {
  const list = edit.at(pointer)?.items ?? [];
  const add = html`<${Button} onClick=${() => edit.change(append(edit.text.value, pointer, 'budget'))}>Add budget<//>`;
  if (list.length === 0) return html`<div>${add}</div>`;
  return html`<section class="stack" aria-label="Budgets"><h3>Budgets</h3>
    ${list.map((_, at) => html`<${BudgetUse} key=${at} edit=${edit} pointer=${join(pointer, at)} known=${known} />`)}
    <div>${add}</div></section>`;
}

/** @param {{ edit: Edit, pointer: string, known: Known[] }} props */
function BudgetUse({ edit, pointer, known }) {
  const node = edit.at(pointer);
  const isName = node?.kind === 'string';
  const name = isName ? node.value : find(node, '/budget')?.value ?? '';
  const from = find(node, '/increment_from')?.value;
  const by = find(node, '/increment')?.value;
  const numbers = known.filter(one => one.type === 'number' || one.type === 'integer' || one.type === '');
  const counts = from !== undefined ? 'argument' : by !== undefined ? 'number' : 'one';
  const write = (/** @type {unknown} */ use) => edit.change(apply(edit.text.value, set(edit.text.value, pointer, use)));
  const choose = (/** @type {string} */ next) => write(next === 'one' ? name
    : { budget: name, ...(next === 'number' ? { increment: new Num('2') } : { increment_from: numbers[0]?.path ?? 'args.amount' }) });
  const say = (/** @type {string} */ member, /** @type {unknown} */ value) => edit.change(put(edit.text.value, join(pointer, member), value));
  return html`<div class="rule-line"><div class="filters">
    <${Typed} label="Budget" value=${name} hint="Name of an existing budget." onSet=${(/** @type {string} */ text) => isName ? write(text) : say('budget', text)} />
    <${Field} label="Cost per call" as="select" value=${counts} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
      ${[['one', '1'], ['number', 'Other number'], ['argument', 'Value of an argument']].map(([value, title]) => html`<option value=${value} selected=${value === counts}>${title}</option>`)}<//>
    ${counts === 'number' && html`<${Typed} label="Number" inputmode="decimal" value=${by} onSet=${(/** @type {string} */ text) => say('increment', amount(text, find(node, '/increment')))} />`}
    ${from !== undefined && html`<${Argument} label="Argument" value=${from} known=${numbers} onSet=${(/** @type {string} */ path) => say('increment_from', path)} />`}
    <${Button} kind="quiet" aria-label=${`Remove budget ${name}`} onClick=${() => edit.change(drop(edit.text.value, pointer))}>Remove<//>
  </div></div>`;
}

/** A member as its text, for what has no form. @param {{ edit: Edit, pointer: string, name: string, isUnknown?: boolean }} props */
export function Raw({ edit, pointer, name, isUnknown = false }) {
  const node = edit.at(pointer);
  const [wrong, setWrong] = useState('');
  const text = node === null ? '' : edit.text.value.slice(node.start, node.end);
  return html`<${Typed} as="textarea" label=${name} class="code" spellcheck=${false} value=${text} error=${wrong || null}
    hint=${isUnknown ? 'Not known to this console. Kept unchanged.' : null} onSet=${(/** @type {string} */ typed) => {
      if (typed.trim() === '') { setWrong(''); edit.change(drop(edit.text.value, pointer)); return; }
      const parsed = parse(typed);
      setWrong(parsed.error?.message ?? '');
      if (!parsed.root) return;
      if (node === null) edit.change(apply(edit.text.value, set(edit.text.value, pointer, valueOf(parsed.root))));
      else edit.change(apply(edit.text.value, { start: node.start, end: node.end, text: typed.trim() }));
    }} />`;
}

/** The arguments of all these tools, each once. @param {Tool[]} tools @returns {Known[]} */
function argumentsOfAll(tools) {
  const all = tools.slice(0, 50).flatMap(tool => argumentsOf(tool.inputSchema));
  return [...new Map(all.map(one => [one.path, one])).values()];
}
