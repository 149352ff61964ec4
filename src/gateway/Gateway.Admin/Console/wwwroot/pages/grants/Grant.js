import { html, useState } from '../../vendor/ui.js';
import { may, path, post, remove } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Loaded, Outcome, PageHead, Part, RelativeTime, Risk,
  Table, Time, Untrusted, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link, route } from '../../state/route.js';
import { PauseDetails } from '../../components/PauseDialog.js';
import { SpecFacts } from './SpecFields.js';
import { Token } from './Token.js';
import { ToolsAs } from './ToolsAs.js';
import { Toggle, tones } from './page.js';

/** @param {{ name: string }} props */
export function Grant({ name }) {
  const grant = useResource(path('grants', name), { every: 30_000 });
  const [above, setAbove] = useState('');
  const close = () => setAbove('');
  const one = grant.data;
  const actions = one && may('Edit') && html`${one.status !== 'expired' && html`<${Toggle} grant=${one} />`}
    ${one.origin === 'api' && html`${!one.via && html`<${Button} onClick=${() => setAbove('rotate')}>Rotate the token<//>`}
      <${Button} kind="danger" onClick=${() => setAbove('revoke')}>Revoke<//>`}`;
  return html`<${PageHead} back=${{ href: link('grants'), text: 'Grants' }} title=${html`<${Untrusted} text=${name} />`}
      lead=${one && html`<${Badge} tone=${tones[one.status]}>${one.status}<//>
        ${one.pausedBy && html` paused: <${Untrusted} text=${one.pausedBy.join(', ')} />`}<${PauseDetails} of=${one.pause} />`} actions=${html`<a class="button" href=${link('usage', { grant: name })}>Usage</a>${actions}`} />
    <${Loaded} of=${grant} lines=${8}>${(/** @type {any} */ data) => html`<div class="columns"><${Facts} one=${data} /><${Limits} name=${name} /></div>
      <${ToolsAs} one=${data} etag=${grant.etag} /><${Access} name=${name} />`}<//>
    <${CommandHint} command=${`gateway grant show ${name}`} />
    ${above === 'rotate' && html`<${Rotate} name=${name} onClose=${close} />`}
    ${above === 'revoke' && html`<${Confirm} title="Revoke this grant" name=${name} act="Revoke" onClose=${close} onDo=${async () => {
      await remove(path('grants', name), { ifMatch: grant.etag ?? '*' });
      toast.ok(`${name} is revoked: its next call is refused.`);
      go(link('grants'));
      invalidate('grants');
    }}><p>Its next call is refused and its open streams close. It cannot be undone; a paused grant can be resumed.</p><//>`}`;
}

/** @param {{ one: any }} props */
const Facts = ({ one }) => html`<${Card} title="Facts"><dl class="facts">
    ${Object.entries(one.servers).map(([server, policy]) => html`<dt><a href=${link('servers', server)}><${Untrusted} text=${server} /></a></dt>
      <dd>${policy ? html`<span class="muted">under</span> <a href=${link('policies', String(policy))}><${Untrusted} text=${policy} /></a>` : html`<${Badge} tone="bad">no policy: all denied<//>`}
        ${one.urls?.[server] && html`<div class="small muted"><code>${one.urls[server]}</code></div>`}</dd>`)}
    ${one.url && html`<dt>All as one</dt><dd><code>${one.url}</code></dd>`}
    <${SpecFacts} one=${one} />
    <dt>Made</dt><dd><${Time} at=${one.created} />${one.origin === 'file' && ' by the configuration file, which is where it is changed'}</dd>
    <dt>Ends</dt><dd>${one.expires ? html`<${Time} at=${one.expires} />` : 'never'}</dd>
    <dt>Last used</dt><dd><${RelativeTime} at=${one.lastUsed} /></dd>
    ${one.previousTokenUntil && html`<dt>Token before</dt><dd>taken until <${Time} at=${one.previousTokenUntil} /></dd>`}
    ${one.client && html`<dt>Client</dt><dd><${Untrusted} text=${one.client} max=${120} />, allowed by <${Untrusted} text=${one.allowedBy} /></dd>`}
  </dl><//>`;

/** @param {{ name: string }} props */
function Limits({ name }) {
  const counters = useResource('counters', { query: { grant: name, limit: 100 }, every: 5_000 });
  return html`<${Card} title="Limits now"><${Loaded} of=${counters}>${(/** @type {any} */ list) => list.items.length === 0
    ? html`<${EmptyState} title="No limit" command=${`gateway counter list --grant ${name}`}>Its policies count nothing yet.<//>`
    : html`<ul class="list meters">${list.items.map((/** @type {any} */ one) => html`<li key=${one.key}><${Meter} one=${one} /></li>`)}</ul>
      <${CommandHint} command=${`gateway counter list --grant ${name}`} />`}<//><//>`;
}

/** @param {{ one: any }} props */
function Meter({ one }) {
  const share = one.used === undefined ? 0 : Math.min(1, Number(one.used) / Math.max(1e-9, Number(one.max)));
  const rule = one.rule.split('/limits')[0].replace(/^\/tools\//, '') || 'all calls';
  return html`<div class="row spread"><span><${Untrusted} text=${rule.replaceAll('~1', '/').replaceAll('~0', '~')} max=${80} />
      <span class="muted small"> at <${Untrusted} text=${one.server} />${one.window ? ` · ${one.window}` : ' · in flight'}</span></span>
    <span class="small">${one.problem ? html`<${Untrusted} text=${one.problem} />` : html`<strong>${one.remaining}</strong> of ${one.max} left`}
      ${one.resetAt && html`<span class="muted"> · resets <${RelativeTime} at=${one.resetAt} /></span>`}</span></div>
    <progress class=${share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : ''} max="1" value=${share} aria-label=${`${rule}: ${one.used} of ${one.max} used`}></progress>`;
}

/** @param {{ name: string }} props */
function Access({ name }) {
  const access = useResource(`${path('grants', name)}/access`);
  const { q = '' } = route.value.query;
  return html`<${Loaded} of=${access} lines=${5}>${(/** @type {any} */ data) => html`${data.servers.map((/** @type {any} */ server) => html`
    <${Card} title=${html`What it may do at <${Untrusted} text=${server.server} />`}>
      ${server.problem && html`<p class="notice warn"><${Untrusted} text=${server.problem} multiline /></p>`}
      ${server.note && html`<p class="notice">${server.note}</p>`}
      ${server.tools && html`<${Tools} server=${server.server} tools=${server.tools} q=${q} />`}<//>`)}
    ${data.clients?.length > 0 && html`<${Card} title="Sign-ins of its client"><${Table} label="Sign-ins" rows=${data.clients}
      keyOf=${(/** @type {any} */ one) => one.clientId + one.used} columns=${[
        { title: 'Client', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.clientId} max=${80} />` },
        { title: 'Took tokens', cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.used} />` },
        { title: 'Access tokens', cell: (/** @type {any} */ one) => one.accessUntil.length === 0 ? 'none'
          : html`${one.accessUntil.length}, the last ends <${RelativeTime} at=${one.accessUntil.at(-1)} />` },
        { title: 'Goes on', cell: (/** @type {any} */ one) => one.ended ? html`<${Badge} tone="bad">ended: a code or token came twice<//>`
          : one.canRefresh ? 'yes' : 'no' },
      ]} /><//>`}`}<//>`;
}

/** @param {{ server: string, tools: any[], q: string }} props */
function Tools({ server, tools, q }) {
  const found = tools.filter(tool => tool.name.toLowerCase().includes(q.toLowerCase()));
  return html`<${Part} key=${q} list=${found}>${(/** @type {any[]} */ shown) => html`<${Table} label=${`Tools of ${server}`} rows=${shown} keyOf=${(/** @type {any} */ one) => one.name}
      href=${(/** @type {any} */ one) => link('catalogue', server, one.name)} empty=${html`<p class="muted">It lists no tool.</p>`} columns=${[
        { title: 'Tool', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} max=${120} />` },
        { title: 'Decision', cell: (/** @type {any} */ one) => html`<${Outcome} outcome=${one.outcome} />` },
        { title: 'Rule', narrow: false, cell: (/** @type {any} */ one) => html`<code><${Untrusted} text=${one.rule} max=${120} /></code>` },
        { title: 'Limits', narrow: false, cell: (/** @type {any} */ one) => one.limits ? one.limits.map((/** @type {string} */ text) => html`<div class="small">${text}</div>`) : html`<span class="muted">none</span>` },
        { title: 'Risk', cell: (/** @type {any} */ one) => html`<${Risk} risk=${one.risk} />` },
      ]} />`}<//>`;
}

/** @param {{ name: string, onClose: () => void }} props */
function Rotate({ name, onClose }) {
  const [hours, setHours] = useState('24');
  const [made, setMade] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {any} */ (null));
  if (made) {
    return html`<${Dialog} wide title="The new token" onClose=${onClose}
      actions=${html`<${Button} kind="primary" onClick=${onClose}>I have kept the token<//>`}><${Token} token=${made.token} urls=${made.urls} /><//>`;
  }

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      setMade((await post(`${path('grants', name)}/rotate`, { overlapSeconds: Math.round(Number(hours) * 3600) })).data);
      invalidate('grants');
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title="Rotate the token" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Hours that the one from before is taken too" type="number" min="0" max="8760" step="any" value=${hours} autofocus
      hint="0 refuses it at once." onInput=${(/** @type {any} */ event) => setHours(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" type="submit">Make a new token<//></div>
  </form><//>`;
}
