import { html, useState } from '../../vendor/ui.js';
import { may, path, post, remove } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Outcome, PageHead, RelativeTime,
  Risk, Time, Untrusted, count, loaded, part, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link, route } from '../../state/route.js';
import { exactAmount } from '../usage/units.js';
import { PauseDetails } from '../../components/PauseDialog.js';
import { SpecFacts } from '../../components/SpecFields.js';
import { Edit } from './Create.js';
import { MatchFact } from './Match.js';
import { matchOf } from './claims.js';
import { Token } from './Token.js';
import { ToolsAs, hidden } from './ToolsAs.js';
import { members } from './spec.js';
import { Toggle, tones } from './page.js';

/** @param {{ name: string }} props */
export function Grant({ name }) {
  const grant = useResource(path('grants', name), { every: 30_000 });
  const [above, setAbove] = useState('');
  const close = () => setAbove('');
  const one = grant.data;
  const actions = one && html`${one.status !== 'expired' && html`<${Toggle} grant=${one} />`}
    ${one.origin === 'api' && may('Edit') && html`<${Button} onClick=${() => setAbove('edit')}>Edit grant<//>
      ${!one.via && html`<${Button} onClick=${() => setAbove('rotate')}>Rotate token<//>`}
      <${Button} kind="danger" onClick=${() => setAbove('revoke')}>Revoke grant<//>`}`;
  return html`<${PageHead} back=${{ href: link('grants'), text: 'Grants' }} title=${html`<${Untrusted} text=${name} />`}
      lead=${one && html`<${Badge} tone=${tones[one.status]}>${one.status}<//>
        ${one.pausedBy && html` · <${Untrusted} text=${one.pausedBy.join(', ')} />
          ${one.status !== 'paused' && ' paused'}`}
          <${PauseDetails} of=${one.pause} />`} actions=${html`<a class="button" href=${link('usage', { grant: name })}>
            Usage</a>${actions}`} />
    ${loaded(grant, data => html`<div class="columns"><${Facts} one=${data} />
      <${Limits} name=${name} /></div>
      <${ToolsAs} one=${data} /><${Access} name=${name} />`, 8)}
    <${CommandHint} command=${`gateway grant show ${name}`} />
    ${above === 'edit' && html`<${Edit} old=${one} etag=${grant.etag ?? null} onClose=${close} />`}
    ${above === 'rotate' && html`<${Rotate} name=${name} onClose=${close} />`}
    ${above === 'revoke' && html`<${Confirm} title="Revoke grant" name=${name} act="Revoke grant" onClose=${close}
      onDo=${async () => {
      await remove(path('grants', name), { ifMatch: grant.etag ?? '*' });
      toast.ok(`${name} revoked. Its next call is refused.`);
      go(link('grants'));
      invalidate('grants');
    }}><p>The gateway refuses every further call of this grant and closes its open streams. This cannot be undone. To
      stop calls temporarily, pause the grant instead.</p><//>`}`;
}

/** @param {{ one: Api.GrantView }} props */
function Facts({ one }) {
  const match = matchOf(one);
  return html`<${Card} title="Details"><dl class="facts">
    ${Object.entries(one.servers ?? {}).map(([server, policy]) => html`<dt><a href=${link('servers', server)}>
      <${Untrusted} text=${server} /></a></dt>
      <dd>${policy ? html`<span class="muted">policy</span> <a href=${link('policies', String(policy))}>
        <${Untrusted} text=${policy} /></a>` : html`<${Badge} tone="bad">no policy: every call denied<//>`}
        ${one.urls?.[server] && html`<div class="small muted"><code>${one.urls[server]}</code></div>`}</dd>`)}
    ${one.url && html`<dt>All servers</dt><dd><code>${one.url}</code></dd>`}
    ${match && html`<${MatchFact} match=${match} order=${one.order} />`}
    <${SpecFacts} members=${members} one=${one} own=${hidden} />
    <dt>Created</dt><dd><${Time} at=${one.created} />
      ${one.origin === 'file' && ' in the configuration file. Edit it there.'}</dd>
    <dt>Expires</dt><dd>${one.expires ? html`<${Time} at=${one.expires} />` : 'never'}</dd>
    <dt>Last used</dt><dd><${RelativeTime} at=${one.lastUsed} /></dd>
    ${one.previousTokenUntil && html`<dt>Previous token</dt>
      <dd>accepted until <${Time} at=${one.previousTokenUntil} /></dd>`}
    ${one.client && html`<dt>Client</dt><dd><${Untrusted} text=${one.client} max=${120} />, allowed
      by <${Untrusted} text=${one.allowedBy} /></dd>`}
  </dl><//>`;
}

/** @param {{ name: string }} props */
function Limits({ name }) {
  const counters = useResource('counters', { query: { grant: name, limit: 100 }, every: 5_000 });
  return html`<${Card} title="Limits">${loaded(counters, list => list.items.length === 0
    ? html`<${EmptyState} title="No limits yet" command=${`gateway counter list --grant ${name}`}>Limits appear here
      when the grant's policies first count a call.<//>`
    : html`<ul class="list meters">${list.items.map(one => html`<li key=${one.key}>
      <${Meter} one=${one} /></li>`)}</ul>
      <${CommandHint} command=${`gateway counter list --grant ${name}`} />`)}<//>`;
}

/** @param {{ one: Api.CounterView }} props */
function Meter({ one }) {
  const share = one.used === undefined ? 0 : Math.min(1, Number(one.used) / Math.max(1e-9, Number(one.max)));
  const rule = one.rule.split('/limits')[0].replace(/^\/tools\//, '') || 'all calls';
  return html`<div class="row spread"><span><${Untrusted} text=${rule.replaceAll('~1', '/').replaceAll('~0', '~')}
    max=${80} />
      <span class="muted small"> on <${Untrusted} text=${one.server} />
        ${one.window ? ` · ${one.window}` : ' · in flight'}
        ${one.each && html` · ${one.eachMax} for each <${Untrusted} text=${one.each} max=${80} />`}</span></span>
    <span class="small">${one.problem ? html`<${Untrusted} text=${one.problem} />` : one.each
      ? html`<strong>${count(Number(one.used))}
        </strong> of ${count(Number(one.max))} ${one.each === 'person' ? 'persons' : 'values'}`
      : html`<strong>${exactAmount(one.remaining ?? '')}</strong> of ${exactAmount(one.max)} left`}
      ${one.resetAt && html`<span class="muted"> · resets <${RelativeTime} at=${one.resetAt} /></span>`}</span></div>
    <progress class=${share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : ''} max="1" value=${share}
      aria-label=${`${rule}: ${one.used} of ${one.max} used`}></progress>`;
}

/** @param {{ name: string }} props */
function Access({ name }) {
  const access = useResource(path('grants', name, 'access'));
  const { q = '' } = route.value.query;
  return loaded(access, ({ servers, clients = [] }) => html`${servers.map(server => html`
    <${Card} title=${html`Access to <${Untrusted} text=${server.server} />`}>
      ${server.problem && html`<p class="notice warn"><${Untrusted} text=${server.problem} multiline /></p>`}
      ${server.note && html`<p class="notice">${server.note}</p>`}
      ${server.tools && html`<${Tools} server=${server.server} tools=${server.tools} q=${q} />`}<//>`)}
    ${clients.length > 0 && html`<${Card} title="Client sign-ins">${table({ label: 'Sign-ins', rows: clients,
      keyOf: one => one.clientId + one.used, columns: [
        { title: 'Client', cell: one => html`<${Untrusted} text=${one.clientId} max=${80} />` },
        { title: 'Last token request', cell: one => html`<${RelativeTime} at=${one.used} />` },
        { title: 'Access tokens', cell: one => one.accessUntil.length === 0 ? 'none'
          : html`${one.accessUntil.length}, the last expires <${RelativeTime} at=${one.accessUntil.at(-1)} />` },
        { title: 'Can refresh', cell: one => one.ended ? html`<${Badge} tone="bad">ended: a code or
          token was reused<//>`
          : one.canRefresh ? 'yes' : 'no' },
      ] })}<//>`}`, 5);
}

/** @param {{ server: string, tools: Api.ToolAccessView[], q: string }} props */
function Tools({ server, tools, q }) {
  const found = tools.filter(tool => tool.name.toLowerCase().includes(q.toLowerCase()));
  return part(found, shown => table({ label: `Tools of ${server}`, rows: shown, keyOf: one => one.name,
      href: one => link('catalogue', server, one.name),
      empty: html`<p class="muted">No tools.</p>`, columns: [
        { title: 'Tool', cell: one => html`<${Untrusted} text=${one.name} max=${120} />` },
        { title: 'Decision', cell: one => html`<${Outcome} outcome=${one.outcome} />` },
        { title: 'Rule', narrow: false, cell: one => html`<code>
          <${Untrusted} text=${one.rule} max=${120} /></code>` },
        { title: 'Limits', narrow: false, cell: one =>
          one.limits ? one.limits.map(text => html`<div class="small">
          ${text}</div>`) : html`<span class="muted">none</span>` },
        { title: 'Risk', cell: one => html`<${Risk} risk=${one.risk} />` },
      ] }), q);
}

/** @param {{ name: string, onClose: () => void }} props */
function Rotate({ name, onClose }) {
  const [hours, setHours] = useState('24');
  const [made, setMade] = useState(/** @type {Api.GrantCreated | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  if (made) {
    return html`<${Dialog} wide title="New token" onClose=${onClose}
      actions=${html`<${Button} kind="primary" onClick=${onClose}>Done<//>`}>
        <${Token} token=${made.token} urls=${made.urls} /><//>`;
  }

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      setMade((await post(path('grants', name, 'rotate'),
        { overlapSeconds: Math.round(Number(hours) * 3600) })).data);
      invalidate('grants');
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title="Rotate token" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Overlap in hours" type="number" min="0" max="8760" step="any" value=${hours} autofocus
      hint="0 to 8,760. How long the previous token stays valid; 0 revokes it immediately."
      onInput=${(/** @type {FieldEvent} */ event) => setHours(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Rotate token<//></div>
  </form><//>`;
}
