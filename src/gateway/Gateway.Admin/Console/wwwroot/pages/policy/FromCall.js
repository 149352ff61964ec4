// A rule, a test or a replay that begins with a recorded call. The address names the call; its values come from the
// API.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { exact, path, request } from '../../api/client.js';
import { Button, Card, ErrorBox, Field, Skeleton, Time, Untrusted, toast } from '../../components/index.js';
import { link, setQuery } from '../../state/route.js';
import { argumentsOf } from '../calls/records.js';
import { operators } from '../../state/operators.js';
import { append, choiceOf, choose, conditionValue, member, operatorsFor, takesMany,
  toolPointer } from '../../state/policy-document.js';
import { join } from '../../state/json-text.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** A record that names a tool. @typedef {import('../calls/records.js').AuditRecord & { tool: string }} ToolRecord */
/**
 * @typedef {{ record: ToolRecord, values: Record<string, unknown> | null }} RecordedCall A call, and its arguments as
 *   far as the role may see them.
 */
/** @typedef {{ records: ToolRecord[], arguments?: import('../calls/records.js').Arguments }} RecordedCalls */
/** @typedef {{ name: string, type: string, op: string, value: string, isOn: boolean }} Row */

/** The address without the call. */
export const leaveCall = () => setQuery({ make: '', call: '', at: '' });

/** The call that the address names. @param {Record<string, string>} query */
export function useCall(query) {
  const [call, setCall] = useState(/** @type {RecordedCall | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    setCall(null);
    setError(null);
    if (!query.call) return;
    const ending = new AbortController();
    request('GET', path('calls', query.call), { query: { at: query.at }, text: true, signal: ending.signal })
      .then(({ data }) => {
      const { records, arguments: known } = /** @type {RecordedCalls} */ (exact(data));
      const own = records.filter(one => one.callId === query.call);
      const record = own.find(one => one.kind === 'decision') ?? own[0] ?? records[0];
      setCall({ record, values: valuesOf(argumentsOf(record, known)?.values) });
    }, failure => { if (!ending.signal.aborted) setError(failure); });
    return () => ending.abort();
  }, [query.call]);
  return { call, error };
}

/** @param {unknown} values @returns {RecordedCall['values']} */
const valuesOf = values => /** @type {RecordedCall['values']} */ (values ?? null);

const json = /** @type {{ isRawJSON?: (value: unknown) => boolean }} */ (JSON);

/** The types that a condition can compare with one value. @param {unknown} value */
const typeOf = value => typeof value === 'string' || typeof value === 'boolean' ? typeof value
  : typeof value === 'number' || json.isRawJSON?.(value) ? 'number' : null;

/** @param {RecordedCall} call @returns {Row[]} */
const rowsOf = ({ values }) => Object.entries(values ?? {}).flatMap(([name, value]) => {
  const type = typeOf(value);
  return type ? [{ name, type, op: 'eq', value: type === 'number' ? JSON.stringify(value) : String(value), isOn: true }]
    : [];
});

/** @type {Record<string, [string, import('../../state/policy-document.js').Choice]>} */
const effects = { deny_if: ['Deny', 'deny'], approve_if: ['Require approval', 'approve'],
  require: ['Allow only', 'allow'] };

/** A form for a rule about the tool of a call. @param {{ edit: Edit, query: Record<string, string> }} props */
export function RuleFromCall({ edit, query }) {
  const { call, error } = useCall(query);
  return html`<${Card} title="Rule from a call" actions=${html`<${Button} kind="quiet" onClick=${leaveCall}>Cancel
    <//>`}>
    <${ErrorBox} error=${error} />
    ${call ? html`<${RuleForm} edit=${edit} call=${call} />` : !error && html`<${Skeleton} lines=${4} />`}<//>`;
}

/** @param {{ edit: Edit, call: RecordedCall }} props */
function RuleForm({ edit, call }) {
  const { record } = call;
  const [effect, setEffect] = useState('deny_if');
  const [rows, setRows] = useState(() => rowsOf(call));
  const change = (/** @type {number} */ at, /** @type {Partial<Row>} */ to) =>
    setRows(rows.map((row, other) => other === at ? { ...row, ...to } : row));
  const current = choiceOf(edit.root.value, record.tool);
  // In an entry that does not exist yet, these conditions would allow every other call.
  const isWhole = current === 'other' && effect !== 'require';
  const chosen = isWhole ? [] : rows.filter(row => row.isOn);
  const add = () => {
    edit.change(withRule(edit.text.value, record.tool, effect, chosen, current));
    toast.ok('Rule added. Review and publish to apply it.');
    setQuery({ make: '', call: '', at: '', tool: record.tool });
  };
  return html`<p><strong><${Untrusted} text=${record.tool} max=${120} /></strong>, called by
    grant <a href=${link('grants', record.grant)}><${Untrusted}
      text=${record.grant} max=${64} /></a> at <a href=${link('calls', record.callId, { at: record.time })}>
        <${Time} at=${record.time} seconds /></a></p>
    <div class="filters"><${Field} label="Effect" as="select" value=${effect}
      onChange=${(/** @type {FieldEvent} */ event) => setEffect(event.target.value)}>
      ${Object.entries(effects).map(([name, [title]]) => html`<option value=${name} selected=${name === effect}>
        ${title}</option>`)}<//></div>
    ${isWhole ? html`<p class="muted">No rule names this tool yet, so the new rule applies to all its calls.</p>`
      : rows.length === 0 ? html`<p class="muted">No argument values of this call are available, so the rule applies to
        all calls of the tool.</p>`
      : html`<fieldset class="stack"><legend>If all of these hold</legend>
        ${rows.map((row, at) => html`<${RowFields} key=${row.name} row=${row}
        onChange=${(/** @type {Partial<Row>} */ to) => change(at, to)} />`)}</fieldset>`}
    <div><${Button} kind="primary" onClick=${add}>Add rule<//></div>`;
}

/** @param {{ row: Row, onChange: (to: Partial<Row>) => void }} props */
function RowFields({ row, onChange }) {
  const typed = (/** @type {string} */ member) => (/** @type {FieldEvent} */ event) =>
    onChange({ [member]: event.target.value });
  const fitting = operatorsFor({ type: row.type, values: null })
    .filter(op => !takesMany(op) && op !== 'exists' && !op.startsWith('length_'));
  return html`<div class="filters condition" role="group" aria-label=${row.name}>
    <label class="check"><input type="checkbox" checked=${row.isOn}
      onChange=${() => onChange({ isOn: !row.isOn })} /> <${Untrusted} text=${row.name} max=${60} /></label>
    <${Field} label="Operator" as="select" value=${row.op} disabled=${!row.isOn} onChange=${typed('op')}>
      ${fitting.map(op => html`<option value=${op} selected=${op === row.op}>${operators[op].words}</option>`)}<//>
    <${Field} label="Value" value=${row.value} disabled=${!row.isOn} spellcheck=${false} onInput=${typed('value')} />
      </div>`;
}

/** The text with a rule about a tool.
 * @param {string} text @param {string} tool @param {string} effect @param {Row[]} rows @param {string} current */
function withRule(text, tool, effect, rows, current) {
  if (rows.length === 0) return choose(text, tool, effects[effect][1]);
  const conditions = rows.map(({ name, op, value, type }) =>
    ({ path: member('args', name), op, value: conditionValue(op, value, type) }));
  // A denied or hidden tool has no calls to bound: its entry becomes one that allows them.
  const base = effect === 'require' && ['deny', 'hide'].includes(current) ? choose(text, tool, 'allow') : text;
  const list = join(toolPointer(tool), effect);
  return effect === 'require' ? conditions.reduce((now, one) => append(now, list, one), base)
    : append(base, list, conditions.length === 1 ? conditions[0] : { all: conditions });
}
