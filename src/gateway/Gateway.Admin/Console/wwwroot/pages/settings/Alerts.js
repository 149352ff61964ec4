// Alert rules: what the gateway measures itself, and when it notifies the channels.
import { html, useState } from '../../vendor/ui.js';
import { may, path, patch, post, put, remove, request } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Untrusted, loaded, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';

/** @typedef {Api.AlertView} Alert */

// The label of each measure, the unit of its threshold (empty for a count), and the members that narrow it.
/** @type {Record<string, { label: string, unit: string, narrows: string[] }>} */
const measures = {
  'refusal-rate': {
    label: 'Refused calls', unit: '% of all calls', narrows: ['over', 'minCalls', 'server', 'grant', 'tool'],
  },
  'error-rate': {
    label: 'Failed calls', unit: '% of allowed calls', narrows: ['over', 'minCalls', 'server', 'grant', 'tool'],
  },
  'p95-latency': {
    label: 'Latency, 95th percentile', unit: 'ms', narrows: ['over', 'minCalls', 'server', 'grant', 'tool'],
  },
  calls: { label: 'Number of calls', unit: '', narrows: ['over', 'server', 'grant', 'tool'] },
  'limit-use': { label: 'Use of a limit or budget', unit: '% of the maximum', narrows: ['limit', 'server', 'grant'] },
  'waiting-approvals': { label: 'Calls waiting for approval', unit: '', narrows: [] },
  'changed-tools': { label: 'Changed or blocked tools', unit: '', narrows: ['server'] },
};

/** A later release has more measures. @param {Alert} one @returns {typeof measures[string] | undefined} */
const measureOf = ({ measure }) => measures[measure ?? ''];

/** @param {Alert} one */
const condition = one =>
  `${measureOf(one)?.label ?? one.measure} > ${one.above} ${measureOf(one)?.unit ?? ''}`.trim();

/** @param {Alert} one */
const scope = one => [
  one.limit && `limit ${one.limit}`, one.tool && `tool ${one.tool}`, one.server && `server ${one.server}`,
  one.grant && `grant ${one.grant}`, one.over && `over ${one.over}`,
].filter(Boolean).join(', ');

/** @param {Alert} one */
const stateOf = one => one.firing
  ? html`<${Badge} tone=${one.severity === 'critical' ? 'bad' : one.severity === 'info' ? 'info' : 'warn'}>firing<//>`
  : one.value === undefined ? html`<${Badge}>no data<//>` : html`<${Badge} tone="ok">OK<//>`;

export function Alerts() {
  const list = useResource('alerts', { every: 30_000 });
  const [above, setAbove] =
    useState(/** @type {{ edit?: Alert | null, etag?: string | null, cut?: Alert } | null} */ (null));
  const close = () => setAbove(null);
  // The list may be older than another operator's change: values and version are those of one response.
  const edit = async (/** @type {string} */ name) => {
    const { data, etag } = await request('GET', path('alerts', name));
    setAbove({ edit: data, etag });
  };
  const test = async (/** @type {Alert} */ one) => {
    const { data } = await post(path('alerts', one.name, 'test'), {});
    const failed = data.channels.filter(sent => !sent.delivered);
    if (data.channels.length === 0)
      toast.error(new Error('No channel accepts this alert. Add one, or widen its filters.'));
    else if (failed.length > 0)
      toast.error(new Error(`${failed[0].channel} did not accept the message: ${failed[0].problem}`));
    else toast.ok(`Test message sent to ${data.channels.map(sent => sent.channel).join(', ')}.`);
  };
  const add = may('Edit') && html`<${Button} kind="primary" onClick=${() => setAbove({ edit: null })}>Add alert rule
    <//>`;
  const action = { title: 'Actions', cell: (/** @type {Alert} */ one) => html`<div class="actions">
    ${may('Administer') && html`<${Button} aria-label=${`Test ${one.name}`} onClick=${() => test(one)}>Test<//>`}
    ${one.origin !== 'file' && html`<${Button} aria-label=${`Edit ${one.name}`} onClick=${() => edit(one.name)}>Edit<//>
    <${Button} kind="danger" aria-label=${`Remove ${one.name}`} onClick=${() => setAbove({ cut: one })}>Remove<//>`}
      </div>` };
  return html`<${Card} title="Alert rules" actions=${add}>
    ${loaded(list, page => table({ label: 'Alert rules',
      rows: page.items,
      keyOf: one => one.name,
      empty: html`<${EmptyState} title="No alert rules yet"
        command="gateway alerts create refusals --measure refusal-rate --above 20">
        The gateway measures a rule once a minute. While the value is above the threshold, the overview shows the rule
        and the channels get a message once an hour.<//>`,
      columns: [
        { title: 'Rule', cell: one => html`<${Untrusted} text=${one.name} />` },
        { title: 'State', cell: stateOf },
        { title: 'Fires when', cell: one => html`${condition(one)}${scope(one) && html`<div
          class="muted small"><${Untrusted} text=${scope(one)} max=${160} /></div>`}` },
        { title: 'Now', narrow: false, cell: one => html`<${Untrusted} text=${one.text}
          max=${200} />` },
        { title: 'Source', narrow: false, cell: one => html`<span class="muted">
          ${one.origin === 'file' ? 'configuration file' : 'operator'}</span>` },
        ...(may('Edit') ? [action] : []),
      ] }))}
    <${CommandHint} command="gateway alerts list" />
    ${above?.edit !== undefined && html`<${Edit} old=${above.edit} etag=${above.etag} onClose=${close} />`}
    ${above?.cut && html`<${Confirm} title="Remove alert rule" name=${above.cut.name} act="Remove" onClose=${close}
      onDo=${async () => {
        await remove(path('alerts', above.cut?.name ?? ''), { ifMatch: '*' });
        invalidate('alerts', 'status');
      }} />`}<//>`;
}

/** @param {{ old?: Alert | null, etag?: string | null, onClose: () => void }} props */
function Edit({ old, etag, onClose }) {
  const [one, setOne] = useState(/** @type {Record<string, string>} */ ({
    name: '', measure: 'refusal-rate', above: '', severity: 'warning',
    ...Object.fromEntries(Object.entries(old ?? {}).map(([name, value]) => [name, String(value)])),
  }));
  const servers = useResource('servers');
  const grants = useResource('grants');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const { unit, narrows } = measures[one.measure];
  const set = (/** @type {string} */ name) => (/** @type {FieldEvent} */ event) =>
    setOne({ ...one, [name]: event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    /** @type {Record<string, unknown>} */
    const rule = { measure: one.measure, above: Number(one.above), severity: one.severity, note: one.note || null };
    for (const name of ['over', 'minCalls', 'server', 'grant', 'tool', 'limit']) {
      const text = narrows.includes(name) ? one[name]?.trim() : '';
      rule[name] = !text ? null : name === 'minCalls' ? Number(text) : text;
    }
    try {
      if (old) await patch(path('alerts', old.name), rule, { ifMatch: etag ?? undefined });
      else await put(path('alerts', one.name), rule, {});
      toast.ok(`${old?.name ?? one.name} was saved.`);
      invalidate('alerts', 'status');
      onClose();
    } catch (problem) { setError(problem); }
  };
  const choice = (/** @type {string} */ name, /** @type {string} */ label,
    /** @type {Resource<{ items: { name: string }[] }>} */ all) =>
    narrows.includes(name)
    && html`<${Field} label=${label} as="select" value=${one[name] ?? ''} onChange=${set(name)}>
      <option value="">All</option>
      ${[...new Set([...(all.data?.items ?? []).map(it => it.name),
        ...(one[name] ? [one[name]] : [])])]
        .map(it => html`<option value=${it}>${it}</option>`)}<//>`;
  return html`<${Dialog} title=${old ? `Edit ${old.name}` : 'Add alert rule'} onClose=${onClose}>
    <form onSubmit=${submit}>
    ${!old && html`<${Field} label="Name" value=${one.name} required autofocus maxlength="64" autocomplete="off"
      onInput=${set('name')} />`}
    <${Field} label="Measure" as="select" value=${one.measure} onChange=${set('measure')}>
      ${Object.entries(measures).map(([key, it]) => html`<option value=${key}>${it.label}</option>`)}<//>
    <${Field} label="Threshold" type="number" min="0" step="1" required value=${one.above} onInput=${set('above')}
      hint=${`${unit ? `In ${unit}` : 'A whole number'}. The rule fires while the value is above it.`} />
    ${narrows.includes('over') && html`<${Field} label="Period" value=${one.over ?? ''} autocomplete="off"
      placeholder="10m" onInput=${set('over')}
      hint="Whole minutes or hours from 1m to 6h." />`}
    ${narrows.includes('minCalls') && html`<${Field} label="Minimum number of calls" type="number" min="1"
      value=${one.minCalls ?? ''} placeholder="20"
      onInput=${set('minCalls')} hint="With fewer calls in the period, the rule does not fire." />`}
    ${narrows.includes('limit') && html`<${Field} label="Limit or budget" value=${one.limit ?? ''} autocomplete="off"
      onInput=${set('limit')}
      hint="The counter's name in the policy, or the budget's name; empty for all." />`}
    ${choice('server', 'Server', servers)}${choice('grant', 'Grant', grants)}
    ${narrows.includes('tool') && html`<${Field} label="Tool" value=${one.tool ?? ''} autocomplete="off"
      hint="Empty for all." onInput=${set('tool')} />`}
    <${Field} label="Severity" as="select" value=${one.severity} onChange=${set('severity')}>
      <option value="critical">Critical</option><option value="warning">Warning</option>
        <option value="info">Info</option><//>
    <${Field} label="Note" value=${one.note ?? ''} maxlength="512" autocomplete="off" onInput=${set('note')}
      hint="For the people who get the message, such as the first step to take." />
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Save<//></div></form><//>`;
}
