// Before it is saved: what changes, what recorded calls would have met, what the tests say; then the reason.
import { html, signal, useEffect, useMemo, useState } from '../../vendor/ui.js';
import { ApiError, path, post, put, remove } from '../../api/client.js';
import { Badge, Button, CommandHint, Dialog, ErrorBox, Field, Skeleton, Untrusted,
  toast } from '../../components/index.js';
import { invalidate } from '../../state/resource.js';
import { find, layoutOf, parse, valueOf, write } from '../../state/json-text.js';
import { append } from '../../state/policy-document.js';
import { lines } from '../../state/policy-merge.js';
import { CallArguments } from './Arguments.js';
import { Conflict } from './Conflict.js';
import { Evaluation, useJob } from './Evaluation.js';
import { Members, Raw, useSchema } from './Form.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** @typedef {import('./FromCall.js').RecordedCall} RecordedCall */
const tones = { looser: 'warn', tighter: 'ok', different: 'info' };
const expects = /** @type {Record<string, string>} */ ({ allowed: 'allow', denied: 'deny', approval_required: 'ask' });
const steps = [['diff', 'Changes'], ['backtest', 'Recorded calls'], ['tests', 'Tests'], ['try', 'Try a call']];

/**
 * @param {{ edit: Edit, onClose: () => void, first?: string, call?: RecordedCall }} props `call`: fills the steps in.
 */
export function Save({ edit, onClose, first = 'diff', call }) {
  const [step, setStep] = useState(first);
  const [reason, setReason] = useState('');
  const [tests, setTests] = useState(/** @type {Api.PolicyTestView | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [conflict, setConflict] = useState(/** @type {Partial<Api.ChangedView> | null} */ (null));
  const text = edit.text.value;
  useEffect(() => {
    setTests(null);
    post(path('policies', edit.name, 'tests'), `{"policy":${text}}`).then(({ data }) => setTests(data), setError);
  }, [text]);
  const isFailing = tests !== null && tests.failed > 0;
  const save = async () => {
    setError(null);
    try {
      const answer = await put(path('policies', edit.name), text,
        { ifMatch: edit.base.value.etag ?? undefined, query: { reason, force: isFailing ? 'true' : undefined } });
      edit.base.value = { text, etag: answer.etag, isFile: false };
      edit.restored.value = null;
      edit.forget();
      if (edit.review.value?.draft) remove(path('policies', edit.name, 'draft')).catch(() => {});
      invalidate('policies');
      toast.ok(`${edit.name} published. It applies from the next call on.`);
      onClose();
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 412) setConflict(failure.problem.changed ?? {});
      else setError(failure);
    }
  };
  const tryBeside = async () => {
    setError(null);
    try {
      const where = path('policies', edit.name, 'candidate');
      await put(where, { text, base: edit.base.value.etag, grants: [] },
        { ifMatch: edit.review.value?.candidate?.eTag, query: { reason, force: isFailing ? 'true' : undefined } });
      invalidate('policies');
      await edit.ask();
      toast.ok('Candidate created. It runs in shadow mode: evaluated on every call, enforced for no grant.');
      onClose();
    } catch (failure) { setError(failure); }
  };
  if (conflict) return html`<${Conflict} edit=${edit} changed=${conflict} onClose=${() => setConflict(null)} />`;
  return html`<${Dialog} title=${html`Publish <${Untrusted} text=${edit.name} />`} wide=${true} onClose=${onClose}
    actions=${html`
      <${Button} onClick=${onClose}>Continue editing<//>
      ${edit.base.value.text !== '' && html`<${Button} disabled=${tests === null || isFailing && reason.trim() === ''}
        onClick=${tryBeside}>Create candidate<//>`}
      <${Button} kind="primary" disabled=${tests === null || isFailing && reason.trim() === ''} onClick=${save}>
        ${isFailing ? 'Publish despite failing tests' : 'Publish'}<//>`}>
    <div class="segments" role="group" aria-label="Review steps">
      ${steps.map(([value, title]) => html`<button type="button"
      aria-pressed=${step === value ? 'true' : 'false'} onClick=${() => setStep(value)}>
        ${title}${value === 'tests' && tests
        ? ` (${tests.failed > 0 ? `${tests.failed} fail` : tests.passed})` : ''}</button>`)}</div>
    <div class="policy-step">
      ${step === 'diff' && html`<${Differences} edit=${edit} />`}
      ${step === 'backtest' && html`<${Backtest} edit=${edit} call=${call} />`}
      ${step === 'tests' && html`<${Tests} tests=${tests} />`}
      ${step === 'try' && html`<${Try} edit=${edit} call=${call} />`}
    </div>
    <${Field} label=${isFailing ? 'Reason to publish despite failing tests' : 'Reason (optional)'}
      hint="Recorded in the change history. Up to 500 characters." value=${reason} maxlength="500"
      onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />
    <${ErrorBox} error=${error} />
  <//>`;
}

/** In words, then line by line.
 * @param {{ edit: Edit, against?: string, text?: string, base?: string }} props */
export function Differences({ edit, against, text = edit.text.value, base = edit.base.value.text }) {
  const [found, setFound] = useState(/** @type {Api.PolicyDiffView | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    setFound(null);
    setError(null);
    if (base === '') return;
    post(path('policies', edit.name, 'diff'), text, { query: { against, server: edit.server.value } })
      .then(({ data }) => setFound(data), setError);
  }, [text, against]);
  if (base === '') return html`<p>This policy is new and applies to no calls yet.</p>
    <${TextDiff} before="" after=${text} />`;
  return html`${error ? html`<${ErrorBox} error=${error} />` : !found ? html`<${Skeleton} lines=${4} />` : html`
    ${found.differences.length === 0 ? html`<p>No decisions change.</p>` : html`<ul class="list differences">
      ${found.differences.map(one => html`<li>
      <p class="row"><${Badge} tone=${tones[/** @type {keyof typeof tones} */ (one.change)]}>${one.change}<//><strong>
        <${Untrusted} text=${one.tool} max=${160} /></strong></p>
      ${[...one.examples, ...one.said].map(said => html`<p class="small">
        <${Untrusted} text=${said} max=${500} /></p>`)}</li>`)}</ul>`}`}
    <details open><summary>Line-by-line changes</summary><${TextDiff} before=${base} after=${text} /></details>
    <${CommandHint} command=${`gateway policy set ${edit.name} ${edit.name}.json --dry-run`} />`;
}

/** @param {{ before: string, after: string }} props */
function TextDiff({ before, after }) {
  const told = lines(before, after);
  const near = new Set(told.flatMap((line, at) => line.kind === 'same' ? [] : [-2, -1, 0, 1, 2].map(by => at + by)));
  let isGap = false;
  return html`<pre class="text-diff" tabindex="0" role="region" aria-label="Line-by-line changes">
    ${told.map((line, at) => {
    if (!near.has(at)) {
      const first = !isGap;
      isGap = true;
      return first ? html`<span class="gap">⋯</span>` : null;
    }
    isGap = false;
    const sign = { same: ' ', gone: '−', new: '+' }[line.kind];
    return html`<span class=${line.kind}>${sign} <${Untrusted} text=${line.text} max=${4000} /></span>`;
  })}</pre>`;
}

/** @param {{ tests: Api.PolicyTestView | null }} props */
function Tests({ tests }) {
  if (!tests) return html`<${Skeleton} lines=${3} />`;
  if (tests.results.length === 0) return html`<p>No tests yet. Create one with “Try a call”. Tests are stored in <code>
    tests</code> of the policy and run whenever you publish it.</p>`;
  return html`<ul class="list">${tests.results.map(one => html`<li class="row">
    <${Badge} tone=${one.ok ? 'ok' : 'bad'}>${one.ok ? 'passes' : 'fails'}<//>
    <strong><${Untrusted} text=${one.case} max=${120} /></strong>
      <span class="muted">expected <${Untrusted} text=${one.wanted} max=${120} />
        ${!one.ok && html`, got <${Untrusted} text=${one.got} max=${200} />`}</span></li>`)}</ul>`;
}

/** @param {{ edit: Edit, call?: RecordedCall }} props */
function Try({ edit, call }) {
  const schema = useSchema();
  const doc = useMemo(() => {
    const text = signal(JSON.stringify({ call: call
      ? { tool: call.record.tool, arguments: known(call.values) }
        : { tool: edit.tools.value[0]?.name ?? '', arguments: {} } }));
    return { text, at: (/** @type {string} */ pointer) => find(parse(text.value).root, pointer),
      change: (/** @type {string} */ next) => { text.value = next; } };
  }, []);
  const [found, setFound] = useState(/** @type {Api.ExplainView & { test: string } | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [kept, setKept] = useState('');
  if (!schema) return html`<${Skeleton} lines=${3} />`;
  const form = { doc, schema, tools: edit.tools.value, suggest: { '.tool': edit.tools.value.map(tool => tool.name) },
    parts: { '.arguments': { view: CallArguments, start: {} } } };
  /** @param {Event} event */
  const run = event => {
    event.preventDefault();
    setFound(null);
    setError(null);
    setKept('');
    const test = doc.text.value;
    const { call, ...rest } = membersOf(test);
    const body = write({ .../** @type {object} */ (call), ...rest }, layoutOf(test));
    post(path('policies', edit.name, 'explain'), `${body.slice(0, -1)}, "policy": ${edit.text.value} }`)
      .then(({ data }) => setFound({ ...data, test }), setError);
  };
  const keep = () => {
    if (!found) return;
    edit.change(append(edit.text.value, '/tests', { name: kept, ...membersOf(found.test),
      expect: expects[found.outcome], ...(found.outcome === 'allowed' ? {} : { rule: found.rule }) }));
    toast.ok('Test added to the policy. Publish the policy to keep it.');
    setKept('');
  };
  return html`<form onSubmit=${run}><${Members} form=${form} pointer="" node=${schema.$defs.test}
    skip=${['name', 'at', 'times', 'expect', 'rule']} />
    <details><summary>Call as JSON</summary><${Raw} doc=${doc} pointer="/call" name="Call" /></details>
    <div><${Button} type="submit">Try call<//></div></form>
    <${ErrorBox} error=${error} />
    ${found && html`<p class="row" role="status"><${Badge}
      tone=${found.outcome === 'allowed' ? 'ok' : found.outcome === 'denied' ? 'bad' : 'warn'}>
      ${found.outcome.replace('_', ' ')}<//>
      by <code><${Untrusted} text=${found.rule} max=${160} /></code></p>
      <ol class="list">${found.steps.map(one => html`<li class="row">
        <${Badge} tone=${one.outcome === 'deny' ? 'bad' : one.outcome === 'ask' ? 'warn' : ''}>${one.outcome}<//>
        <code><${Untrusted} text=${one.rule} max=${160} /></code><span class="muted">
          <${Untrusted} text=${one.said} max=${400} /></span></li>`)}</ol>
      ${found.agentText && html`<p class="small">Text sent to the agent: <${Untrusted} text=${found.agentText}
        max=${600} /></p>`}
      <form class="row policy-new" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); keep(); }}>
        <${Field} label="Test name" value=${kept} maxlength="128" required autocomplete="off"
          hint="Publishing runs the test. If it fails, you must give a reason to publish."
          onInput=${(/** @type {FieldEvent} */ event) => setKept(event.target.value)} />
        <${Button} type="submit" disabled=${kept.trim() === ''}>Add test<//></form>`}`;
}

/** The members of an object. @param {string} text @returns {Record<string, unknown>} */
function membersOf(text) {
  const { root } = parse(text);
  return root ? /** @type {Record<string, unknown>} */ (valueOf(root)) : {};
}

/** The arguments whose values are recorded. @param {RecordedCall['values']} values */
const known = values => Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== null));

/** @param {{ edit: Edit, call?: RecordedCall }} props */
function Backtest({ edit, call }) {
  const age = call ? Date.now() - Date.parse(call.record.time) : 0;
  const [since, setSince] = useState(age > 86_000_000 ? '7d' : '24h');
  const [isNarrow, setNarrow] = useState(call !== undefined);
  const evaluation = useJob();
  const isNew = edit.base.value.text === '';
  const server = edit.server.value;
  // The calls of one tool are those of all grants, whichever policy they have. A new policy has no calls of its own.
  const scope = isNarrow && call
    ? `"server":${JSON.stringify(call.record.server)},"tool":${JSON.stringify(call.record.tool)}`
    : isNew ? `"server":${JSON.stringify(server)}` : `"name":${JSON.stringify(edit.name)}`;
  return html`<div class="filters"><${Field} label="Time range" as="select" value=${since}
    onChange=${(/** @type {FieldEvent} */ event) => setSince(event.target.value)}>
      ${[['1h', 'Last hour'], ['24h', 'Last day'], ['7d', 'Last week']].map(([value, title]) => html`<option
        value=${value} selected=${value === since}>${title}</option>`)}<//>
      <${Button} busy=${evaluation.isRunning} disabled=${isNew && server === '' && !isNarrow}
        onClick=${() => evaluation.start(
    `{"policy":${edit.text.value},"since":"${since}",${scope}}`)}>Evaluate recorded calls<//></div>
    ${call && html`<label class="check"><input type="checkbox" checked=${isNarrow}
      onChange=${() => setNarrow(!isNarrow)} /> Only calls of <${Untrusted}
      text=${`${call.record.tool} at ${call.record.server}`} max=${160} /></label>
      ${!edit.isChanged.value && html`<p class="muted">The policy has no unpublished changes.
        To compare, change the rules first.</p>`}`}
    ${isNew && !isNarrow && html`<p class="muted">
      ${server === '' ? 'This policy is new. Select a server on its page to evaluate recorded calls.'
      : html`This policy is new: all recorded calls of the server <${Untrusted} text=${server} /> are evaluated,
        whichever policy decided them.`}</p>`}
    <${Evaluation} of=${evaluation} />
    ${!(isNarrow && call) && html`<${CommandHint}
      command=${`gateway audit replay --policy ${edit.name}.json ${isNew ? `--server ${server}`
        : `--name ${edit.name}`} --since ${since}`} />`}`;
}
