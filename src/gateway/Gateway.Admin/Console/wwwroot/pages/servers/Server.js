import { html, useState } from '../../vendor/ui.js';
import { may, path, post, remove } from '../../api/client.js';
import {
  Badge, Button, Card, ClassBadge, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, PageHead, RelativeTime,
  Risk, Time, Untrusted, count, loaded, part, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';
import { errorAt } from '../../state/spec.js';
import { AffectedGrants, PauseDetails, PauseDialog, resume } from '../../components/PauseDialog.js';
import { SpecFacts } from '../../components/SpecFields.js';
import { Connections } from './Connections.js';
import { Drift } from './Drift.js';
import { Register } from './Register.js';
import { Health } from './page.js';
import { members } from './spec.js';

/** @param {{ name: string, query: Record<string, string> }} props */
export function Server({ name, query }) {
  const server = useResource(path('servers', name), { every: 15_000 });
  const [above, setAbove] = useState('');
  const one = server.data;
  const canEdit = one && may('Edit', name);
  return html`<${PageHead} back=${{ href: link('servers'), text: 'Servers' }}
    title=${html`<${Untrusted} text=${name} />`} lead=${one && html`<${Health} one=${one} />
      <${PauseDetails} of=${one.paused} />`}
      actions=${html`${one && html`<a class="button" href=${link('usage', { server: name })}>Usage</a>`}
        ${one && !one.paused && may('Pause', name) && html`<${Button} onClick=${() => setAbove('pause')}>Pause…<//>`}
        ${canEdit && html`${one.paused && html`<${Button}
          onClick=${() => resume(path('servers', name, 'resume'), `${name} is active again.`, one.paused)}>Resume
          <//>`}
        ${one.origin === 'api' && html`<${Button} onClick=${() => setAbove('change')}>Edit server<//>
          <${Button} onClick=${() => setAbove('rename')}>Rename…<//>
          <${Button} kind="danger" onClick=${() => setAbove('remove')}>Remove server<//>`}`}`} />
    ${loaded(server, data => html`
      ${data.detachedCredentials && html`<p class="notice warn" role="alert">
        <strong>Enter the credential again:</strong> <${Untrusted} text=${data.detachedCredentials.join(', ')} />.
        An operator without the right to manage secrets changed where it would be sent, so the gateway refuses all
          calls.</p>`}
      ${data.health?.fault && html`<p class="notice warn">
        <strong>${data.health.lacksCredential ? 'No valid credential' : 'Unreachable'} since <${Time}
          at=${data.health.since} />.</strong> <${Untrusted} text=${data.health.fault} multiline /></p>`}
      ${data.auth ? html`<${Facts} one=${data} />` : html`<div class="columns"><${Facts} one=${data} />
        <${Totals} name=${name} /></div>`}
      ${data.programs && html`<${Programs} programs=${data.programs} />`}
      ${data.auth ? html`<${Connections} name=${name} cursor=${query.cursor} />` : html`<${Drift} name=${name} />
        <${Tools} name=${name} />`}`, 8)}
    ${(one || server.error) && html`<${CommandHint} command=${`gateway server show ${name}`} />`}
    ${above === 'pause' && html`<${PauseDialog} title=${`Pause ${name}`} act="Pause server"
      to=${path('servers', name, 'pause')}
      onClose=${() => setAbove('')}><p>The gateway refuses every call to this server and closes the server's open
        streams. Until you resume the server, the gateway sends nothing to it.</p>
      <${AffectedGrants} server=${name} /><//>`}
    ${above === 'change' && html`<${Register} old=${one} etag=${server.etag} onClose=${() => setAbove('')} />`}
    ${above === 'rename' && html`<${Rename} name=${name} onClose=${() => setAbove('')} />`}
    ${above === 'remove' && html`<${Confirm} title="Remove server" name=${name} act="Remove server"
      onClose=${() => setAbove('')} onDo=${async () => {
      await remove(path('servers', name), { ifMatch: server.etag ?? '*' });
      toast.ok(`${name} removed.`);
      go(link('servers'));
      invalidate('servers');
    }}><p>Agents can no longer reach the server. A server that a grant uses cannot be removed.</p><//>`}`;
}

/** @param {{ name: string, onClose: () => void }} props */
function Rename({ name, onClose }) {
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await post(`${path('servers', name)}/rename`, { name: to, reason: reason || null });
      toast.ok(`${name} is named ${to} now.`);
      invalidate('servers');
      invalidate('grants');
      go(link('servers', to));
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${`Rename ${name}`} onClose=${onClose}><form onSubmit=${submit}>
    <p>Agents can also reach the server at its former address. Its counters, approvals and history stay. Audit records,
      metrics and tool names at <code>/mcp</code> keep its first name.</p>
    <${Field} label="New name" value=${to} required autofocus maxlength="64" autocomplete="off" spellcheck=${false}
      error=${errorAt(error, '/name')} onInput=${(/** @type {FieldEvent} */ event) => setTo(event.target.value)} />
    <${Field} label="Reason (optional)" value=${reason} maxlength="500" autocomplete="off"
      onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" disabled=${!to || to === name}>Rename server<//></div></form><//>`;
}

/** @param {{ one: Api.ServerView }} props */
const Facts = ({ one }) => html`<${Card} title="Details"><dl class="facts">
    <dt>URL</dt><dd>${one.replicas ? html`<ul class="plain">
      ${one.replicas.map(replica => html`<li><code><${Untrusted} text=${replica.url} /></code>
      ${replica.fault && html` <${Badge} tone="bad">not in use<//> <${Untrusted} text=${replica.fault} />`}</li>`)}
        </ul>` : html`<code><${Untrusted} text=${one.url} /></code>`}</dd>
    <${SpecFacts} members=${members} one=${one} own=${own(one)} />
    ${one.sse && html`<dt>Sessions</dt><dd>${count(one.sse.sessions)} of ${count(one.sse.sessionsMax)} over
      HTTP+SSE${one.sse.detected && ' (detected)'}</dd>`}
    ${one.health?.route && html`<dt>Route</dt><dd><${Untrusted} text=${one.health.route} /></dd>`}
    ${one.tls && html`<dt>TLS files</dt><dd>${Object.entries(one.tls).map(([file, at]) => html`<div>${file} <code>
      <${Untrusted} text=${at} /></code></div>`)}</dd>`}
    ${one.aws && html`<dt>AWS access key</dt><dd><${Untrusted} text=${one.aws.accessKeyId} /> for <code>
      <${Untrusted} text=${one.aws.service} /></code> in <${Untrusted} text=${one.aws.region} /></dd>`}
    <dt>Grants</dt><dd>${may('Read') ? html`<a href=${link('grants', { server: one.name })}>View grants</a>` : '–'}</dd>
    <dt>Source</dt><dd>${one.origin === 'file' ? 'Configuration file. Edit it there.' : 'Operator'}</dd>
  </dl><//>`;

/**
 * The facts with a status, or with words of their own.
 * @param {Api.ServerView} one @returns {import('../../components/SpecFields.js').OwnFacts}
 */
const own = ({ transport, headerNames, oauth }) => ({
  urls: null,
  transport: transport && (() => transport === 'sse' ? 'HTTP+SSE' : 'Streamable HTTP'),
  headers: () => headerNames.length === 0 ? html`<span class="muted">none
    </span>` : html`<${Untrusted} text=${headerNames.join(', ')} />`,
  oauth: oauth && (fact => html`${!oauth.clientId && 'registered by the gateway'}${fact}
    ${oauth.hasPrivateKey && html`<div class="muted">authenticates with a private key</div>`}
    ${oauth.lastError && html` <${Badge} tone="bad">no token<//> <${Untrusted} text=${oauth.lastError} />`}`),
});

/** @param {{ name: string }} props */
function Totals({ name }) {
  const list = useResource(path('catalogue', name));
  // The list of the tools below shows the error.
  if (list.error && !list.data) return null;
  return html`<${Card} title="Tools by risk and category">${loaded(list, data => html`
    <div class="row">${['Critical', 'High', 'Medium', 'Low'].map(risk => html`<span class="row totals">
      <${Risk} risk=${risk} />${count(data.tools.filter(tool => tool.risk === risk).length)}
        </span>`)}</div>
    <dl class="facts">${Object.entries(Object.groupBy(data.tools, tool => tool.category))
      .map(([category, tools]) => html`<dt>${category}</dt><dd>${count(tools?.length ?? 0)}</dd>`)}</dl>`)}<//>`;
}

/** @param {{ programs: Api.ProgramsView }} props */
const Programs = ({ programs }) => html`<${Card} title="Programs">
  <p class="muted small">
    ${programs.children.length} running, at most ${programs.childrenMax}. ${count(programs.starts)} starts, ${count(
      programs.restarts)} of them after a crash.</p>
  ${programs.lastError && html`<p class="notice warn">
    <strong>Last error</strong> <${Time} at=${programs.lastErrorAt} />: <${Untrusted} text=${programs.lastError} />
    ${programs.lastErrorLines.length > 0 && html`<pre class="arguments">
      <${Untrusted} text=${programs.lastErrorLines.join('\n')} multiline /></pre>`}</p>`}
  ${table({ label: 'Programs', rows: programs.children, keyOf: one => one.process,
    empty: html`<p class="muted">No program is running. A program starts when a grant makes a call.</p>`, columns: [
    { title: 'Process', cell: one => one.process },
      { title: 'Grant', cell: one => html`<${Untrusted} text=${one.grant} />` },
    { title: 'Kind', narrow: false, cell: one => one.kind },
    { title: 'Started', cell: one => html`<${RelativeTime} at=${one.started} />` },
    { title: 'Calls', number: true, cell: one => one.calls },
  ] })}<//>`;

/** @param {{ name: string }} props */
function Tools({ name }) {
  const list = useResource(path('catalogue', name));
  return html`<${Card} title="Tools" actions=${html`<a class="button" href=${link('catalogue', { server: name })}>Search
    tools</a>`}>
    ${loaded(list, data => html`${data.note && html`<p class="notice">
      ${data.note}</p>`}
      ${part(data.tools, tools => table({ label: 'Tools', rows: tools,
        keyOf: tool => tool.name,
        href: tool => link('catalogue', name, tool.name),
        empty: html`<${EmptyState} title="No tools" command=${`gateway tools list --server ${name}`} />`, columns: [
          { title: 'Tool', cell: tool => html`<${Untrusted} text=${tool.name} max=${120} />` },
          { title: 'Class', cell: tool => html`<${ClassBadge} of=${tool.class} />` },
          { title: 'Category', narrow: false, cell: tool => tool.category },
          { title: 'Risk', cell: tool => html`<${Risk} risk=${tool.risk} />` },
        ] }))}`, 5)}<//>`;
}
