// The differences of a server's tools, prompts and resources from their accepted definitions, and the buttons that
// accept them.
import { html, useState } from '../../vendor/ui.js';
import { get, may, path, post } from '../../api/client.js';
import {
  AcceptedBy, Badge, Button, Card, CommandHint, Dialog, ErrorBox, Field, Findings, RelativeTime, Time, Untrusted,
  count, loaded, part, toast,
} from '../../components/index.js';
import { AffectedGrants, PauseDialog } from '../../components/PauseDialog.js';
import { invalidate, useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';

/** @type {Record<string, [string, string]>} */
const drifts = {
  none: ['', 'unchanged'], display: ['', 'display text changed'], hints: ['warn', 'risk hints changed'],
  app: ['warn', 'app changed'], safer_hints: ['', 'safer risk hints'], contract: ['warn', 'definition changed'],
  new: ['info', 'new'], unreadable: ['bad', 'unreadable'],
};
/** @type {Record<string, [string, string]>} */
const standings = {
  accepted: ['ok', 'accepted'], unaccepted: ['warn', 'blocked by policies that pin tools'],
    blocked: ['bad', 'blocked by every policy'],
  reported: ['warn', 'not accepted'],
};

/** @param {{ name: string }} props */
export function Drift({ name }) {
  const where = path('catalogue', name, 'drift');
  const drift = useResource(where);
  const tools = useResource(path('catalogue', name));
  const [isAll, setAll] = useState(false);
  const refresh = async () => { await get(where, { refresh: 'true' }); invalidate('catalogue'); };
  const many = drift.data ? allOf(drift.data).length : 0;
  const canAccept = may('Edit', name);
  // A server that does not respond fails both: the list of its tools shows the error.
  if (!drift.data && drift.error && messageOf(drift.error) === messageOf(tools.error)) return null;
  return html`<${Card} title="Changes since acceptance" actions=${html`<${Button} onClick=${refresh}>Refresh now<//>
      ${canAccept && (many > 0 || drift.data?.instructionsChanged) && html`<${Button} onClick=${() => setAll(true)}>
        Accept all…<//>`}`}>
    ${loaded(drift, data => html`
      ${data.stale && html`<p class="notice warn">Refresh failed: <${Untrusted} text=${data.stale} max=${400} /></p>`}
      ${(data.instructionsChanged || data.instructionsFindings.length > 0) && html`<div class="notice warn">
        <strong>${data.instructionsChanged
        ? 'The instructions that the server sends to clients have changed.'
          : 'The instructions that the server sends to clients look suspicious.'}</strong>
        <${Findings} list=${data.instructionsFindings} /></div>`}
      ${many === 0 && !data.instructionsChanged ? html`<p class="row">
        <${Badge} tone="ok">No changes<//> <span class="muted">${data.baselineAt
          ? html`No differences from the accepted definitions. The first tool list was
            accepted <${Time} at=${data.baselineAt} />.` : 'No complete tool list has been accepted yet.'}</span></p>`
        : part(allOf(data), tools => html`<ul class="list drift">
          ${tools.map(tool => html`<li key=${tool.kind + tool.name} data-row>
            <${Tool} server=${name} tool=${tool} canAccept=${canAccept} /></li>`)}</ul>`)}
      ${data.seenAt && html`<p class="muted small">Tool list fetched <${RelativeTime} at=${data.seenAt} />.</p>`}`)}
    <${CommandHint} command=${`gateway tools drift --server ${name}`} />
    ${isAll && html`<${AcceptAll} name=${name} data=${drift.data} onClose=${() => setAll(false)} />`}<//>`;
}

/** @param {unknown} error */
const messageOf = error => /** @type {Error | undefined} */ (error)?.message;

/** @param {Api.DriftView} data */
const allOf = data => [...data.tools, ...data.items];

/** @param {{ server: string, tool: Api.DriftToolView, canAccept: boolean }} props */
function Tool({ server, tool, canAccept }) {
  const [tone, said] = drifts[tool.drift] ?? ['', tool.drift];
  const [standsTone, stands] = standings[tool.standing] ?? ['', tool.standing];
  const [isPausing, setPausing] = useState(false);
  const [isAccepting, setAccepting] = useState(false);
  const isTool = tool.kind === 'tool';
  return html`<div class="row spread"><span class="row">${isTool ? html`<a href=${link('catalogue', server, tool.name)}>
    <strong><${Untrusted} text=${tool.name} max=${120} /></strong></a>`
      : html`<span>${tool.kind}</span><strong><${Untrusted} text=${tool.name} max=${120} /></strong>`}
      <${Badge} tone=${tone}>${said}<//><${Badge} tone=${standsTone}>${stands}<//></span>
    <span class="row">${isTool && may('Pause', server) && html`<${Button} aria-label=${`Pause… ${tool.name}`}
      onClick=${() => setPausing(true)}>Pause…<//>`}
      ${canAccept && tool.contract && html`<${Button} aria-label=${`Accept… ${tool.name}`}
        onClick=${() => setAccepting(true)}>Accept…<//>`}</span></div>
    ${isPausing && html`<${PauseDialog} title=${`Pause ${tool.name}`} act="Pause tool"
      to=${path('servers', server, 'tools', tool.name, 'pause')} onClose=${() => setPausing(false)}>
      <p>The gateway refuses calls of this tool for every grant, even if the grant's policy does not pin tools.</p>
      <${AffectedGrants} server=${server} /><//>`}
    ${isAccepting && html`<${AcceptOne} server=${server} of=${tool} onClose=${() => setAccepting(false)} />`}
    <${Findings} list=${tool.findings} />
    ${tool.changes.map(one => html`<${Change} one=${one} />`)}
    ${tool.classProposed && tool.classProposed !== tool.class && html`<p class="small">Accepting this tool sets its
      class to <strong>${tool.classProposed}</strong>${tool.class ? ` instead of ${tool.class}` : ''}.</p>`}
    <p class="muted small">${tool.acceptedAt ? html`Accepted <${AcceptedBy} by=${tool.acceptedBy} />
      ${' '}<${RelativeTime} at=${tool.acceptedAt} />.`
      : html`First seen <${RelativeTime} at=${tool.firstSeen} />. Not accepted yet.`}</p>`;
}

/** @param {number} tools @param {number} items */
const countOf = (tools, items) => items === 0 ? `${count(tools)} ${tools === 1 ? 'tool' : 'tools'}`
  : `${count(tools + items)} ${tools + items === 1 ? 'definition' : 'definitions'}`;

/** @param {{ one: Api.DefinitionChange }} props */
const Change = ({ one }) => html`<div class="change"><code>
  <${Untrusted} text=${one.place || 'entire definition'} max=${200} /></code>
  <pre class="text-diff" tabindex="0" role="region" aria-label=${`Changes at ${one.place || 'the definition'}`}>${
    one.was !== undefined && one.was !== null && html`<span class="gone">− <${Untrusted} text=${one.was} max=${4000} />
      </span>`}${
    one.is !== undefined && one.is !== null && html`<span class="new">+ <${Untrusted} text=${one.is} max=${4000} />
      </span>`}</pre></div>`;

/**
 * Accepts definitions with a reason; an undo restores the definitions that were accepted before.
 * @param {string} where @param {Record<string, string | number>} query @param {(done: Api.AcceptedView) => string} said
 */
async function accept(where, query, said) {
  const { data: done } = /** @type {{ data: Api.AcceptedView }} */ (
    await post(`${where}/accept`, undefined, { query }));
  const refresh = () => invalidate('catalogue', 'grants', 'status');
  refresh();
  const { kind, item } = query;
  toast.ok(said(done), () =>
    post(`${where}/unaccept`, undefined, { query: { at: done.at, ...kind ? { kind, item } : {} } }).then(refresh));
}

/** A shell word. @param {string} text */
const word = text => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The dialog around the definitions to accept. Policies that pin tools then accept them.
 * @param {{ title: string, act: string, where: string, query: Record<string, string | number>,
 *   said: (done: Api.AcceptedView) => string, command: string, wide?: boolean, onClose: () => void,
 *   children: Children }} props
 */
function Accepting({ title, act, where, query, said, command, wide, onClose, children }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await accept(where, { ...query, reason: reason.trim() }, said);
      onClose();
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${title} onClose=${onClose} wide=${wide}><form onSubmit=${submit}>${children}
    <${Field} label="Reason" as="textarea" required maxlength="500" value=${reason}
      hint="Kept in the audit log and in the history."
      onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" disabled=${!reason.trim()}>${act}<//></div></form>
    <${CommandHint} command=${command} /><//>`;
}

/** @param {{ server: string, of: Api.DriftToolView, onClose: () => void }} props */
function AcceptOne({ server, of, onClose }) {
  // What was shown when it was opened: another definition is refused.
  const [tool] = useState(of);
  const isTool = tool.kind === 'tool';
  return html`<${Accepting} title=${`Accept ${tool.name}`} act=${`Accept ${tool.kind}`} wide onClose=${onClose}
      where=${isTool ? path('catalogue', server, 'tools', tool.name) : path('catalogue', server, 'items')}
      query=${{ contract: tool.contract, ...isTool ? {} : { kind: tool.kind, item: tool.name },
        ...tool.appSha256 ? { app: tool.appSha256 } : {} }}
      said=${() => `${tool.name} is accepted.`}
      command=${`gateway tools accept ${server} ${word(tool.name)}${isTool ? ''
        : ` --kind ${tool.kind}`} --reason WHY`}>
    <p>${isTool && 'Policies that pin tools will accept this definition. '}Review the changes first: a compromised
      server can change its definitions too.</p>
    <${Findings} list=${tool.findings} />
    ${tool.changes.map(one => html`<${Change} one=${one} />`)}
    ${tool.changes.length === 0 && html`<p class="muted">
      ${tool.acceptedAt ? 'Its text has not changed.' : 'No earlier definition was accepted.'}</p>`}<//>`;
}

/** @param {{ name: string, data: Api.DriftView, onClose: () => void }} props */
function AcceptAll({ name, data, onClose }) {
  // What was shown when it was opened: another inventory is refused.
  const [shown] = useState(data);
  const readable = allOf(shown).filter(tool => tool.contract);
  const tools = readable.filter(tool => tool.kind === 'tool').length;
  const said = (/** @type {Api.AcceptedView} */ { accepted, items }) =>
    `Accepted ${countOf(accepted.length, items.length)} of ${name}.`;
  return html`<${Accepting} title="Accept all changes" onClose=${onClose} where=${path('catalogue', name)}
    query=${{ inventory: shown.inventory }} wide
      act=${`Accept ${countOf(tools, readable.length - tools)}${shown.instructionsChanged ? ' and its instructions'
        : ''}`}
      said=${said}
      command=${`gateway tools accept ${name} --all --reason WHY`}>
    <p>Policies that pin tools will accept these definitions. Review the changes first: a compromised server can change
      its tools too.</p>
    <ul class="list">${readable.slice(0, 100).map(tool => html`<li><div class="row"><strong>
      <${Untrusted} text=${tool.name} max=${120} /></strong>
      <span class="muted">${drifts[tool.drift]?.[1] ?? tool.drift}</span></div>
      <${Findings} list=${tool.findings} />
      ${tool.changes.map(one => html`<${Change} one=${one} />`)}</li>`)}</ul>
    ${readable.length > 100 && html`<p class="muted">${count(readable.length - 100)} more are not shown.</p>`}<//>`;
}
