// One entry of the policy, or what holds for all tools: limits, conditions, approval, as fields over the text.
import { html } from '../../vendor/ui.js';
import { Button, Field, Untrusted } from '../../components/index.js';
import { Num, apply, find, join, set } from '../../state/json-text.js';
import { amount, append, counterName, drop, put } from '../../state/policy-document.js';
import { Arguments } from './Arguments.js';
import { Argument, Conditions, useRuleForm } from './Conditions.js';
import { Members, Typed } from './Form.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** @typedef {import('./edit.js').Tool} Tool */
/** @typedef {import('./Conditions.js').Known} Known */
/** @typedef {import('./Conditions.js').RuleForm} RuleForm */

const windows = ['second', 'minute', 'hour', 'day', 'week', 'month'];
const scopes = [['grant', 'each grant'], ['server', 'all grants together'], ['session', 'each session'],
  ['subject', 'each caller']];
const kinds = [['fixed', 'fixed window'], ['sliding', 'sliding window'], ['bucket', 'token bucket']];
const lists = [['deny_if', 'Deny if'], ['require', 'Allow only if'], ['approve_if', 'Require approval if']];
/** Members of an entry and of a limit that have fields of their own here. */
const own = ['action', 'reason', 'mode', 'limits', 'budgets', 'deny_if', 'require', 'approve_if', 'show_if'];
const ownOfLimit = ['counter', 'window', 'max', 'scope', 'kind', 'increment_from'];
const ofRule = { '.arguments': { view: Arguments, start: { type: 'object' } } };

/** @param {{ edit: Edit, schema: PolicySchema, pointer: string, tools: Tool[], isForAll?: boolean }} props */
export function Rule({ edit, schema, pointer, tools, isForAll = false }) {
  const form = useRuleForm(edit, schema, tools, ofRule);
  const entry = edit.at(pointer);
  const action = find(entry, '/action')?.value ?? 'allow';
  /** @param {string} member @param {unknown} value */
  const write = (member, value) => edit.change(put(edit.text.value, join(pointer, member), value));
  return html`<div class="rule">
    ${!isForAll && html`<div class="filters">
      <${Field} label="Action" as="select" value=${action}
        onChange=${(/** @type {FieldEvent} */ event) =>
          write('action', event.target.value === 'allow' ? undefined : event.target.value)}>
        ${[['allow', 'Allow'], ['approve', 'Require approval'], ['deny', 'Deny'], ['rate_limit', 'Allow up to a limit'],
          ...(action === 'require_approval' ? [['require_approval', 'Require approval']] : [])]
          .map(([value, title]) => html`<option value=${value} selected=${value === action}>${title}</option>`)}<//>
      ${action === 'deny' && html`<${Typed} label="Reason sent to the agent"
        value=${find(entry, '/reason')?.value ?? ''} onSet=${(/** @type {string} */ text) => write('reason', text)} />`}
      <${Field} label="Mode" as="select" value=${find(entry, '/mode')?.value ?? ''}
        onChange=${(/** @type {FieldEvent} */ event) => write('mode', event.target.value)}>
        ${[['', 'Same as policy'], ['enforce', 'Enforce'], ['shadow', 'Record only']].map(([value, title]) =>
          html`<option value=${value} selected=${value === (find(entry, '/mode')?.value ?? '')}>${title}</option>`)}<//>
    </div>`}
    <${Limits} form=${form} pointer=${pointer} />
    ${lists.map(([name, title]) => html`<${Conditions} key=${name} form=${form} pointer=${join(pointer, name)}
      title=${title} />`)}
    ${!isForAll && html`<${Conditions} form=${form} pointer=${join(pointer, 'show_if')} title="Show only if"
      first=${{ path: 'caller.claims.groups', op: 'has', value: '' }} />`}
    <${Budgets} form=${form} pointer=${join(pointer, 'budgets')} />
    <section class="stack" role="group" aria-label="More settings"><h3>More settings</h3>
      <${Members} form=${form} pointer=${pointer} node=${isForAll ? schema.properties.all_tools : schema.$defs.tool}
        skip=${own} /></section>
  </div>`;
}

/** Arguments that may be numbers. @param {Known[]} known */
const numbersOf = known => known.filter(one => one.type === 'number' || one.type === 'integer' || one.type === '');

/** @param {{ form: RuleForm, pointer: string }} props */
function Limits({ form, pointer }) {
  const edit = form.doc;
  const list = edit.at(join(pointer, 'limits'))?.items ?? [];
  const numbers = numbersOf(form.known);
  /** @param {boolean} isSpend */
  const add = isSpend => {
    const of = pointer === '/all_tools' ? 'calls' : (/[^/]+$/.exec(pointer)?.[0] ?? 'calls').replaceAll('~1', '_')
      .replaceAll('~0', '_');
    edit.change(append(edit.text.value, join(pointer, 'limits'), {
      counter: counterName(edit.root.value, isSpend ? `${of}_amount` : of), window: isSpend ? 'day' : 'minute',
      max: new Num(isSpend ? '100' : '10'), scope: 'grant',
      ...(isSpend ? { increment_from: numbers[0]?.path ?? 'args.amount' } : {}),
    }));
  };
  return html`<section class="stack" role="group" aria-label="Limits"><h3>Limits</h3>
    ${list.map((_, at) => html`<${Limit} key=${at} form=${form} pointer=${join(join(pointer, 'limits'), at)}
      numbers=${numbers} />`)}
    <div class="row"><${Button} onClick=${() => add(false)}>Add limit<//>
      <${Button} onClick=${() => add(true)}>Add spend cap<//></div>
  </section>`;
}

/** @param {{ form: RuleForm, pointer: string, numbers: Known[] }} props */
function Limit({ form, pointer, numbers }) {
  const edit = form.doc;
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
  const wrong = (/** @type {string} */ name) => edit.problemAt(join(pointer, name), true);
  const problem = edit.problemAt(pointer, false);
  const isKnownWindow = windows.includes(window);
  return html`<div class="rule-line"><div class="filters">
    <${Typed} label="Maximum" inputmode="decimal" value=${at('max')?.value ?? ''} error=${wrong('max')}
      onSet=${(/** @type {string} */ text) => write('max', amount(text, at('max')))} />
    ${from !== undefined && html`<${Argument} label="Amount from" value=${from} known=${numbers}
      error=${wrong('increment_from')} onSet=${(/** @type {string} */ path) => write('increment_from', path)} />`}
    <${Field} label="Window" as="select" value=${isKnownWindow ? window : 'other'}
      onChange=${(/** @type {FieldEvent} */ event) =>
        write('window', event.target.value === 'other' ? '15m' : event.target.value)}>
      ${[...windows, 'other'].map(one => html`<option value=${one}
        selected=${one === (isKnownWindow ? window : 'other')}>${one === 'other' ? 'custom length' : one}</option>`)}
        <//>
    ${!isKnownWindow && html`<${Typed} label="Window length" value=${window} hint="90s, 15m, 6h or a number of seconds"
      error=${wrong('window')}
      onSet=${(/** @type {string} */ text) => write('window', Num.is(text) ? new Num(text) : text)} />`}
    <${Field} label="Scope" as="select" value=${at('scope')?.value ?? 'grant'}
      onChange=${(/** @type {FieldEvent} */ event) => rescope(event.target.value)}>
      ${scopes.map(([value, title]) => html`<option value=${value}
        selected=${value === (at('scope')?.value ?? 'grant')}>${title}</option>`)}<//>
    <${Field} label="Kind of window" as="select" value=${at('kind')?.value ?? 'fixed'}
      onChange=${(/** @type {FieldEvent} */ event) =>
        write('kind', event.target.value === 'fixed' ? undefined : event.target.value)}>
      ${kinds.map(([value, title]) => html`<option value=${value} selected=${value === (at('kind')?.value ?? 'fixed')}>
        ${title}</option>`)}<//>
    <${Typed} label="Counter" value=${at('counter')?.value ?? ''} error=${wrong('counter')}
      onSet=${(/** @type {string} */ text) => write('counter', text)} />
  </div>
  <details open=${(node?.members ?? []).some(one => !ownOfLimit.includes(one.name))}>
    <summary>More settings of the limit</summary>
    <div class="stack"><${Members} form=${form} pointer=${pointer} node=${form.schema.$defs.limit}
      skip=${from === undefined ? ownOfLimit : [...ownOfLimit, 'increment']} /></div></details>
  ${problem && html`<p class="field-error"><${Untrusted} text=${problem} max=${300} /></p>`}
  <p class="row"><span class="muted">${said && html`<${Untrusted} text=${said} max=${300} />`}</span>
    <${Button} kind="quiet" aria-label=${`Remove limit ${at('counter')?.value ?? ''}`}
      onClick=${() => edit.change(drop(edit.text.value, pointer))}>Remove<//></p></div>`;
}

/**
 * What agents, services and requests share: each use is a name, or says what a call counts.
 * @param {{ form: RuleForm, pointer: string }} props
 */
function Budgets({ form, pointer }) {
  const edit = form.doc;
  const list = edit.at(pointer)?.items ?? [];
  const add = html`<${Button} onClick=${() => edit.change(append(edit.text.value, pointer, 'budget'))}>Add budget<//>`;
  if (list.length === 0) return html`<div>${add}</div>`;
  return html`<section class="stack" role="group" aria-label="Budgets"><h3>Budgets</h3>
    ${list.map((_, at) => html`<${BudgetUse} key=${at} form=${form} pointer=${join(pointer, at)} />`)}
    <div>${add}</div></section>`;
}

/** @param {{ form: RuleForm, pointer: string }} props */
function BudgetUse({ form, pointer }) {
  const edit = form.doc;
  const node = edit.at(pointer);
  const isName = node?.kind === 'string';
  const name = isName ? node.value : find(node, '/budget')?.value ?? '';
  const from = find(node, '/increment_from')?.value;
  const by = find(node, '/increment')?.value;
  const numbers = numbersOf(form.known);
  const wait = find(node, '/wait')?.value;
  const counts = from !== undefined ? 'argument' : by !== undefined ? 'number' : 'one';
  const write = (/** @type {unknown} */ use) => edit.change(apply(edit.text.value, set(edit.text.value, pointer, use)));
  const choose = (/** @type {string} */ next, /** @type {string | undefined} */ kept = wait) =>
    write(next === 'one' && kept === undefined ? name
    : { budget: name, ...(next === 'number' ? { increment: new Num('2') }
      : next === 'argument' ? { increment_from: numbers[0]?.path ?? 'args.amount' } : {}),
      ...(kept === undefined ? {} : { wait: kept }) });
  const say = (/** @type {string} */ member, /** @type {unknown} */ value) =>
    edit.change(put(edit.text.value, join(pointer, member), value));
  const setWait = (/** @type {string} */ text) => isName ? choose('one', text) : say('wait', text);
  return html`<div class="rule-line"><div class="filters">
    <${Typed} label="Budget" value=${name} hint="Name of an existing budget."
      error=${edit.problemAt(pointer, false) ?? edit.problemAt(join(pointer, 'budget'), true)}
      onSet=${(/** @type {string} */ text) => isName ? write(text) : say('budget', text)} />
    <${Field} label="Cost per call" as="select" value=${counts}
      onChange=${(/** @type {FieldEvent} */ event) => choose(event.target.value)}>
      ${[['one', '1'], ['number', 'Other number'], ['argument', 'Value of an argument']].map(([value, title]) =>
        html`<option value=${value} selected=${value === counts}>${title}</option>`)}<//>
    ${counts === 'number' && html`<${Typed} label="Number" inputmode="decimal" value=${by}
      onSet=${(/** @type {string} */ text) => say('increment', amount(text, find(node, '/increment')))} />`}
    ${from !== undefined && html`<${Argument} label="Argument" value=${from} known=${numbers}
      onSet=${(/** @type {string} */ path) => say('increment_from', path)} />`}
    <${Typed} label="Wait for room" value=${wait ?? ''} placeholder="5m"
      error=${edit.problemAt(join(pointer, 'wait'), true)} onSet=${setWait} />
    <${Button} kind="quiet" aria-label=${`Remove budget ${name}`}
      onClick=${() => edit.change(drop(edit.text.value, pointer))}>Remove<//>
  </div></div>`;
}
