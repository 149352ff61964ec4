// Budgets: limits that policies, services and domains share by name.
import { html, useState } from '../../vendor/ui.js';
import { may, path, patch, post, put, remove } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, PageHead, RelativeTime, Time,
  Untrusted, loaded, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';
import { exactAmount, windowText } from '../usage/units.js';

/** @typedef {Api.SharedBudgetView} Budget */

/** @param {import('../index.js').PageProps} props */
export default function Budgets({ segments: [name] }) {
  return name ? html`<${One} name=${name} key=${name} />` : html`<${List} />`;
}

/** @param {{ of: Budget }} props */
function Use({ of: { name, max, keyed, status } }) {
  if (keyed) return html`<span class="muted">one counter per key</span>`;
  if (status.problem) return html`<${Badge} tone="bad">unknown<//> <${Untrusted} text=${status.problem} max=${120} />`;
  if (status.usedRatio === undefined) return html`<span class="muted">–</span>`;
  const share = status.usedRatio;
  return html`<div class="use"><span class="number">
      ${exactAmount(status.used ?? 0)} of ${exactAmount(status.max ?? max)}</span>
    <progress class=${share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : ''} max="1" value=${Math.min(1, share)}
      aria-label=${`${name}: ${Math.round(share * 100)} % used`}></progress></div>`;
}

/** @param {{ of: Api.BudgetStatusView }} props */
const Outlook = ({ of: { exhaustedAt, reset } }) => exhaustedAt && Date.parse(exhaustedAt) > Date.now()
  ? html`<strong class="warn-text">exhausted <${RelativeTime} at=${exhaustedAt} /> at this rate</strong>`
  : reset ? html`resets <${RelativeTime} at=${reset} />` : html`<span class="muted">–</span>`;

function List() {
  const list = useResource('budgets', { every: 15_000 });
  const [isNew, setNew] = useState(false);
  const create = may('Edit') && html`<${Button} kind="primary" onClick=${() => setNew(true)}>Create budget<//>`;
  return html`<${PageHead} title="Budgets" lead="Limits that several policies, services or domains share."
    actions=${create} />
    <${Card}>${loaded(list, page => html`
      ${table({ label: 'Budgets', rows: page.items, keyOf: one => one.name,
        href: one => link('budgets', one.name),
        empty: html`<${EmptyState} title="No budgets yet"
          command="gateway budget set mail --window day --max 1000 --grant support">
          A budget counts the calls or amounts of all policies that name it, for example the refunds of one day.<//>`,
        columns: [
          { title: 'Budget', cell: one => html`<${Untrusted} text=${one.name} />` },
          { title: 'Use', cell: one => html`<${Use} of=${one} />` },
          { title: 'Window', cell: one => html`<${Untrusted}
            text=${windowText(String(one.window))} max=${40} />` },
          { title: 'Outlook', cell: one => html`<${Outlook} of=${one.status} />` },
          { title: 'Policies', narrow: false, cell: one => one.status.policies.length === 0
            ? html`<span class="muted">none</span>` : html`<${Untrusted} text=${one.status.policies.join(', ')}
              max=${120} />` },
        ] })}`)}<${CommandHint} command="gateway budget list" /><//>
    ${isNew && html`<${Edit} onClose=${() => setNew(false)} />`}`;
}

/** @param {{ name: string }} props */
function One({ name }) {
  const [isGone, setGone] = useState(false);
  const budget = useResource(isGone ? null : path('budgets', name), { every: 10_000 });
  const [above, setAbove] = useState(/** @type {'' | 'edit' | 'cut' | 'top-up'} */ (''));
  const close = () => setAbove('');
  const one = budget.data;
  const isOurs = one?.origin === 'api' && may('Edit');
  return html`<${PageHead} back=${{ href: link('budgets'), text: 'Budgets' }}
    title=${html`<${Untrusted} text=${name} />`}
    lead="Changing the maximum does not reset the count."
      actions=${isOurs && html`${one.kind !== 'bucket' && html`<${Button} kind="primary"
        onClick=${() => setAbove('top-up')}>Top up<//>`}
        <${Button} onClick=${() => setAbove('edit')}>Edit budget<//>
        <${Button} kind="danger" onClick=${() => setAbove('cut')}>Remove budget<//>`} />
    ${loaded(budget, data => html`<div class="columns"><${Card} title="Use"><dl class="facts">
        <dt>Used</dt><dd><${Use} of=${data} /></dd><dt>Left</dt><dd>${data.status.left === undefined ? '–'
          : exactAmount(data.status.left)}</dd>
        <dt>Outlook</dt><dd><${Outlook} of=${data.status} /></dd>
        <dt>Window ends</dt><dd>${data.status.reset ? html`<${Time} at=${data.status.reset} />` : '–'}</dd></dl><//>
      <${Card} title="Consumers"><dl class="facts">
        <dt>Policies</dt><dd>${names(data.status.policies, 'policies')}</dd>
        <dt>Charges</dt><dd><a href=${link('usage', { server: '(budgets)', tool: name, by: 'grant' })}>by grant</a>
          ${may('Read') && html`, <a
            href=${link('usage', { server: '(budgets)', tool: name, by: 'caller' })}>by caller</a>`}</dd>
        <dt>Grants that charge it</dt><dd>${names(data.status.consumers ?? [], 'grants')}</dd>
        <dt>Allowed grants</dt><dd><${Untrusted} text=${allowed(data.grants)} max=${200} /></dd>
        <dt>Allowed services</dt><dd><${Untrusted} text=${allowed(data.services)} max=${200} /></dd>
        <dt>Allowed domains</dt><dd><${Untrusted} text=${(data.domains ?? []).join(', ') || 'none'} max=${200} /></dd>
          </dl><//>
      <${Card} title="Configuration"><dl class="facts"><dt>Maximum</dt>
        <dd>${exactAmount(data.max ?? '')}${data.status.max
          && html`, now ${exactAmount(data.status.max)} with top-ups`}</dd>
        <dt>Window</dt><dd>${windowText(String(data.window))}${data.zone && html` in <${Untrusted}
          text=${data.zone} />`}</dd>
        <dt>Kind</dt><dd>${data.kind ?? 'fixed'}</dd><dt>Keyed</dt><dd>${data.keyed ? 'yes' : 'no'}</dd>
        <dt>Refundable</dt><dd>${data.refundable ? 'yes' : 'no'}</dd>
        <dt>Notifies at</dt><dd>${data.notifyAt ? data.notifyAt.map(one => `${one} %`).join(', ') : html`<span
          class="muted">never</span>`}</dd>
        <dt>Source</dt><dd>${data.origin === 'file' ? 'configuration file, which is the place to change it'
          : 'operator'}</dd></dl>
        <${CommandHint} command=${`gateway budget show ${name}`} /><//></div>
      ${data.topUps && html`<${TopUps} of=${data} etag=${budget.etag} />`}`)}
    ${above === 'edit' && one && html`<${Edit} old=${one} etag=${budget.etag} onClose=${close} />`}
    ${above === 'top-up' && one && html`<${Raise} of=${one} etag=${budget.etag} onClose=${close} />`}
    ${above === 'cut' && html`<${Confirm} title="Remove budget" name=${name} act="Remove" onClose=${close}
      onDo=${async () => {
      // A change makes pages read their objects again, which would fail for this one.
      setGone(true);
      try {
        await remove(path('budgets', name), { ifMatch: budget.etag ?? '*' });
        go(link('budgets'));
      } catch (error) { setGone(false); throw error; }
    }}><p>A budget that a policy uses cannot be removed.</p><//>`}`;
}

/** @param {{ of: Budget, etag?: string | null }} props */
function TopUps({ of: { name, topUps = [], origin }, etag }) {
  const end = async (/** @type {Api.TopUpSpec} */ ended) => {
    await patch(path('budgets', name), { topUps: topUps.filter(one => one !== ended) }, { ifMatch: etag ?? undefined });
    toast.ok('The top-up has ended.');
    invalidate('budgets');
  };
  return html`<${Card} title="Top-ups">${table({ label: 'Top-ups', rows: topUps,
      keyOf: one => `${one.until} ${one.by} ${one.reason}`, columns: [
      { title: 'Raised by', cell: one => html`<span class="number">${one.by}</span>` },
      { title: 'Ends', narrow: false, cell: one => html`<${RelativeTime} at=${one.until} />` },
      { title: 'Reason', cell: one => html`<${Untrusted} text=${one.reason} max=${300} />` },
      ...(origin === 'api' && may('Edit') ? [{ title: 'Actions', cell: (/** @type {Api.TopUpSpec} */ one) =>
        html`<${Button} onClick=${() => end(one)}>End now<//>` }] : []),
    ] })}<${CommandHint} command=${`gateway budget end-top-up ${name} 1`} /><//>`;
}

/** @param {{ of: Budget, etag?: string | null, onClose: () => void }} props */
function Raise({ of: { name, max, status }, etag, onClose }) {
  const [one, setOne] = useState({ by: '', until: '2d', reason: '' });
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const set = (/** @type {string} */ member) => (/** @type {FieldEvent} */ event) =>
    setOne({ ...one, [member]: event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await post(path('budgets', name, 'top-ups'),
        { by: one.by.trim(), until: one.until.trim(), reason: one.reason.trim() },
        { ifMatch: etag ?? undefined });
      toast.ok(`${name} was topped up.`);
      invalidate('budgets');
      onClose();
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${`Top up ${name}`} onClose=${onClose}><form onSubmit=${submit}>
    <p>The maximum is ${status.max ?? max}. A top-up raises the maximum for a time; the count stays.</p>
    <${Field} label="Raise by" value=${one.by} required autofocus inputmode="decimal" autocomplete="off"
      onInput=${set('by')} />
    <${Field} label="Until" value=${one.until} required autocomplete="off" onInput=${set('until')}
      hint="A length such as 12h or 2d, or an instant such as 2027-06-30T00:00:00Z." />
    <${Field} label="Reason" value=${one.reason} required maxlength="300" autocomplete="off" onInput=${set('reason')}
      hint="Operators see the reason here and in the history." />
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Top up<//></div></form><//>`;
}

/** @param {string[]} all @param {string} page */
const names = (all, page) => all.length === 0 ? html`<span class="muted">none</span>`
  : all.map((one, at) => html`${at > 0 && ', '}<a href=${link(page, one)}><${Untrusted} text=${one} max=${60} /></a>`);

/** @param {string[]} [all] */
const allowed = (all = []) => all.includes('*') ? 'all' : all.join(', ') || 'none';

/** @param {string} text */
const list = text => text.split(',').map(one => one.trim()).filter(one => one !== '');

/** @param {{ old?: Budget, etag?: string | null, onClose: () => void }} props */
function Edit({ onClose, ...read }) {
  // The page reads the budget again meanwhile: the values of the fields and the version are those of one response.
  const [{ old, etag }] = useState(read);
  const [one, setOne] = useState(/** @type {Record<string, string>} */ ({
    name: old?.name ?? '', window: String(old?.window ?? 'day'), max: String(old?.max ?? ''),
      kind: old?.kind ?? 'fixed',
    zone: old?.zone ?? '', grants: (old?.grants ?? []).join(', '), services: (old?.services ?? []).join(', '),
    domains: (old?.domains ?? []).join(', '), notifyAt: (old?.notifyAt ?? []).join(', '),
  }));
  const [refundable, setRefundable] = useState(old?.refundable ?? false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const set = (/** @type {string} */ name) => (/** @type {FieldEvent} */ event) =>
    setOne({ ...one, [name]: event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const isNumber = /^[1-9][0-9]{0,8}$/.test(one.window.trim());
    const orNull = (/** @type {string} */ text) => { const all = list(text); return all.length === 0 ? null : all; };
    /** @type {Record<string, unknown>} */
    const spec = {
      window: isNumber ? Number(one.window) : one.window.trim(), max: one.max.trim(), kind: one.kind,
        zone: one.zone.trim() || null,
      notifyAt: orNull(one.notifyAt)?.map(Number) ?? null, refundable: refundable || null, grants: orNull(one.grants),
      services: orNull(one.services), domains: orNull(one.domains),
    };
    try {
      if (old) await patch(path('budgets', old.name), spec, { ifMatch: etag ?? undefined });
      else await put(path('budgets', one.name), Object.fromEntries(Object.entries(spec)
        .filter(([, value]) => value !== null)), {});
      toast.ok(`${old?.name ?? one.name} was saved.`);
      invalidate('budgets');
      onClose();
      if (!old) go(link('budgets', one.name));
    } catch (problem) { setError(problem); }
  };
  const recounts = old && (one.window !== String(old.window) || one.kind !== (old.kind ?? 'fixed')
    || one.zone !== (old.zone ?? ''));
  return html`<${Dialog} title=${old ? `Edit ${old.name}` : 'Create budget'} onClose=${onClose}>
    <form onSubmit=${submit}>
    ${!old && html`<${Field} label="Name" value=${one.name} required autofocus maxlength="64" autocomplete="off"
      onInput=${set('name')}
      hint="Policies refer to the budget by this name, in their member budgets." />`}
    <${Field} label="Maximum" value=${one.max} required inputmode="decimal" autocomplete="off" onInput=${set('max')}
      hint="Calls, or an amount such as 2500.00. The count of the current window stays." />
    <${Field} label="Window" value=${one.window} required autocomplete="off" placeholder="day" onInput=${set('window')}
      hint="minute, hour, day, week, month, or a length such as 15m." />
    <${Field} label="Kind" as="select" value=${one.kind} onChange=${set('kind')}>
      <option value="fixed">Fixed</option><option value="sliding">Sliding</option>
        <option value="bucket">Bucket</option><//>
    <${Field} label="Time zone" value=${one.zone} autocomplete="off" placeholder="Europe/Berlin" onInput=${set('zone')}
      hint="For a day, week or month. Leave empty for UTC." />
    ${recounts && html`<p class="notice warn">Changing the window, kind or time zone resets the count to zero.</p>`}
    <${Field} label="Grants" value=${one.grants} autocomplete="off" onInput=${set('grants')}
      hint=${'Grants whose policies may charge it, separated by commas; * for all. Grants, services or domains are '
        + 'required.'} />
    <${Field} label="Services" value=${one.services} autocomplete="off" onInput=${set('services')}
      hint="Operators with the role “service” that may charge the budget over HTTP." />
    <${Field} label="Domains" value=${one.domains} autocomplete="off" onInput=${set('domains')}
      hint="Domains of Envoy's rate limit service." />
    <${Field} label="Notify at" value=${one.notifyAt} autocomplete="off" placeholder="80, 95" onInput=${set('notifyAt')}
      hint="Percentages of the maximum at which channels are notified, separated by commas." />
    <label class="check"><input type="checkbox" checked=${refundable}
      onChange=${(/** @type {FieldEvent} */ event) => setRefundable(event.target.checked)} />
      Charges can be refunded</label>
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Save<//></div></form><//>`;
}
