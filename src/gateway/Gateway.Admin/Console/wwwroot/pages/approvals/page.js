// What agents ask a person for. Keys act on the card that is open, and never on another.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { exact, get, may, path, post, request } from '../../api/client.js';
import {
  Badge, Button, Card, Choice, CommandHint, Dialog, EmptyState, ErrorBox, Field, PageHead, Pager, RelativeTime, Risk,
  Search, Skeleton, Time, Untrusted, count, loaded, toast,
} from '../../components/index.js';
import { Away, useAway } from '../../components/absences.js';
import { invalidate, useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { notifies } from '../../state/live.js';
import { shortcuts } from '../../state/settings.js';
import { Bulk } from './Bulk.js';
import { Values } from './Values.js';

const tones = /** @type {Record<string, string>} */ ({ open: 'warn', approved: 'ok', used: 'ok', denied: 'bad' });

/** @param {import('../index.js').PageProps} props */
export default function Approvals({ segments: [id], query }) {
  const state = query.state ?? 'open';
  const away = useAway();
  const list = useResource('approvals', {
    query: { state: state === 'all' ? '' : state, q: query.q, cursor: query.cursor }, every: 15_000, isExact: true,
  });
  return html`<${PageHead} title="Approvals"
    lead="Calls that need a person's decision. An approval is valid once, for exactly the arguments shown."
      actions=${html`<${Notify} />`} />
    <${Away} away=${away} />
    <div class="filters"><${Search} label="Search" value=${query.q} />
      <${Choice} label="Status" name="state" value=${state}
        options=${[['open', 'Open'], ['approved', 'Approved'], ['used', 'Used'],
        ['denied', 'Denied'], ['expired', 'Expired'], ['all', 'All']]} /></div>
    ${loaded(list, page => page.items.length === 0 && !id
      ? html`<${EmptyState}
        title=${query.q ? 'No matching requests' : state === 'open' ? 'No open requests'
          : 'No requests with this status'}
          command="gateway approvals list" action=${html`<a class="button" href=${link('approvals', { state: 'all' })}>
            Show all requests</a>`}>
          Requests appear here when a rule of a policy has <code>"action": "approve"</code>.<//>`
      : html`<div class="split">
          <div class="stack"><ul class="list" aria-label="Requests">${page.items.map(one => html`
            <li key=${one.id} data-row><${Line} one=${one} isOpen=${one.id === id} query=${query} /></li>`)}</ul>
            <${Pager} list=${page} noun="requests" /></div>
          <div>${id ? html`<a class="back to-list" href=${link(['approvals'], query)}>‹ Requests</a>
            <${Open} key=${id} id=${id} all=${page.items} />`
            : html`<p class="muted">Select a request: <kbd>j</kbd> and <kbd>k</kbd> to move, <kbd>Enter</kbd> to open.
              </p>`}</div>
        </div>`, 6)}
    <${CommandHint} command="gateway approvals list" />`;
}

function Notify() {
  if (!globalThis.Notification) return null;
  const isOn = notifies.value === 'on' && Notification.permission === 'granted';
  const change = async () => {
    if (isOn) { notifies.value = 'off'; return; }
    if (await Notification.requestPermission() === 'granted') notifies.value = 'on';
    else toast.error(new Error('This browser blocks notifications from this site.'));
  };
  return html`<${Button} aria-pressed=${isOn ? 'true' : 'false'} onClick=${change}>
    ${isOn ? 'Browser notifications on' : 'Turn on browser notifications'}<//>`;
}

/** @param {{ one: Api.ApprovalView, isOpen: boolean, query: Record<string, string> }} props */
const Line = ({ one, isOpen, query }) => html`<a class="request" href=${link(['approvals', one.id], query)}
    aria-current=${isOpen ? 'true' : undefined}>
  <span class="row"><${Badge} tone=${tones[one.state]}>${one.state}<//>
    <strong><${Untrusted} text=${one.tool} max=${120} /></strong></span>
  <${Values} of=${one.arguments} />
  <span class="muted small"><${Untrusted} text=${one.grant} /> on <${Untrusted} text=${one.server} /> · <${RelativeTime}
    at=${one.asked} />
    ${one.state === 'open' && html` · <strong class="whole">ends <${RelativeTime} at=${one.expires} /></strong>`}
    ${one.approvalsNeeded && html` · ${one.votes?.length ?? 0} of ${one.approvalsNeeded} approvals`}</span>
  ${one.history && html`<span class="muted small"><${History} of=${one.history} /></span>`}
</a>`;

/** Earlier decisions about the same grant. @param {{ of: Api.GrantHistoryView }} props */
const History = ({ of: { approved, denied, seconds } }) => {
  const hours = Math.max(1, Math.round(seconds / 3600));
  const period = hours >= 48 ? `${count(Math.round(hours / 24))} days` : `${hours} h`;
  return html`This grant in ${period}: ${approved + denied === 0 ? 'no decisions' : html`${count(approved)} approved, ${
    denied > 0 ? html`<strong>${count(denied)} denied</strong>` : '0 denied'}`}`;
};

/** @param {{ id: string, all: Api.ApprovalView[] }} props */
function Open({ id, all }) {
  const [one, setOne] = useState(/** @type {Api.ApprovalView | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [answer, setAnswer] = useState(/** @type {null | 'approve' | 'deny'} */ (null));
  const [isBulk, setBulk] = useState(false);
  const known = all.find(other => other.id === id);
  const read = async () => {
    try {
      setOne(exact((await request('GET', path('approvals', id), { text: true })).data));
      setError(null);
    } catch (problem) { setError(problem); }
  };
  useEffect(() => { read(); }, [id, known?.state, known?.votes?.length]);
  // In a narrow window the request replaces the list, wherever the list was scrolled to.
  useEffect(() => { document.querySelector('.to-list')?.scrollIntoView(); }, [one?.id]);
  const may_ = one && one.state === 'open' && may('AnswerApprovals', one.server);
  useEffect(() => {
    if (!may_) return;
    const press = (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (shortcuts.value !== 'on' || event.ctrlKey || event.metaKey || event.altKey
        || target.closest?.('input, textarea, select, dialog')) return;
      if (event.key !== 'a' && event.key !== 'd') return;
      event.preventDefault();
      setAnswer(event.key === 'a' ? 'approve' : 'deny');
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [may_]);
  if (!one) return error ? html`<${ErrorBox} error=${error} retry=${read} />` : html`<${Skeleton} lines=${6} />`;
  const alike = all.filter(other => other.state === 'open' && other.tool === one.tool && other.rule === one.rule
    && other.server === one.server);
  return html`<${Card} class="open-card" title=${html`<${Untrusted} text=${one.tool} max=${200} />`}
      actions=${html`<${Badge} tone=${tones[one.state]}>${one.state}<//>`}>
    <${ErrorBox} error=${error} retry=${read} />
    <dl class="facts">
      <dt>Grant</dt><dd>${may('Read') ? html`<a href=${link('grants', one.grant)}>
        <${Untrusted} text=${one.grant} /></a>`
        : html`<${Untrusted} text=${one.grant} />`} · <${Time} at=${one.asked} seconds /></dd>
      ${one.caller && html`<dt>Caller</dt><dd><${Untrusted} text=${one.caller} /> <span class="muted small">
        from <${Untrusted}
        text=${one.callerIssuer} /></span></dd>`}
      ${one.not === 'caller' && html`<dt>Cannot approve</dt><dd>the caller</dd>`}
      <dt>Server</dt><dd>${may('Read', one.server) ? html`<a href=${link('servers', one.server)}>
        <${Untrusted} text=${one.server} /></a>`
        : html`<${Untrusted} text=${one.server} />`}</dd>
      <dt>Reason</dt><dd><${Untrusted} text=${one.reason} multiline /><div class="muted small">rule <code>
        <${Untrusted} text=${one.rule} /></code></div></dd>
      <dt>Expires</dt><dd><${RelativeTime} at=${one.expires} /></dd>
      ${one.approvalsNeeded && html`<dt>Approvals</dt><dd>${one.votes?.length ?? 0} of ${one.approvalsNeeded}
        ${(one.votes ?? []).length > 0 && html`: ${one.votes?.map(vote => html`<${Untrusted}
          text=${vote.by} />${
          vote.actor?.onBehalfOf && html` for <${Untrusted} text=${vote.actor.onBehalfOf} />`} `)}`}</dd>`}
      ${one.answeredBy && html`<dt>Decided by</dt><dd><${Untrusted} text=${one.answeredBy} />${
        one.answeredAs?.onBehalfOf && !one.votes && html` for <${Untrusted}
          text=${one.answeredAs.onBehalfOf} />`}, <${Time} at=${one.answered} seconds /></dd>`}
      ${one.escalatesTo && one.state === 'open' && html`<dt>Escalates</dt>
        <dd>to <${Untrusted} text=${one.escalatesTo} />, <${RelativeTime} at=${one.escalates} /></dd>`}
      ${one.suggestedFor && html`<dt>Suggested</dt>
        <dd>as a replacement for <a href=${link('approvals', one.suggestedFor, { state: 'all' })}>a denied request</a>
          </dd>`}
      ${may('Read') && html`<dt>Call</dt><dd><a href=${link('calls', one.id, { at: one.asked })}>View timeline</a>
        </dd>`}
      ${one.comment && html`<dt>Comment</dt><dd><${Untrusted} text=${one.comment} multiline /></dd>`}
    </dl>
    <div class="stack"><h3>Arguments</h3>${one.arguments === undefined
      ? html`<p class="muted">${one.state === 'open' ? 'The call has no arguments.' : html`Not shown here after a
        decision.${may('Read')
          && html` <a href=${link('calls', one.id, { at: one.asked })}>The call's timeline</a> shows them while they are
            kept.`}`}</p>`
      : html`<pre class="arguments" tabindex="0" role="region" aria-label="Arguments">
        <${Untrusted} text=${JSON.stringify(one.arguments, null, 2)}
          multiline max=${10_000_000} /></pre>`}</div>
    <${ToolFacts} id=${one.id} server=${one.server} tool=${one.tool} />
    <${Before} one=${one} />
    ${may_ ? html`<div class="actions">
        <${Button} kind="primary" onClick=${() => setAnswer('approve')}>Approve <kbd>a</kbd><//>
        <${Button} kind="danger" onClick=${() => setAnswer('deny')}>Deny <kbd>d</kbd><//>
        ${alike.length > 1 && html`<${Button} onClick=${() => setBulk(true)}>Decide all ${alike.length} for this tool
          and rule<//>`}</div>`
      : one.state === 'open' && html`<p class="muted">Your roles allow you to view this request, but not to decide it.
        </p>`}
    <${CommandHint} command=${`gateway approvals approve ${one.id}`} />
    ${answer && html`<${Answer} kind=${answer} one=${one} onClose=${() => setAnswer(null)} />`}
    ${isBulk && html`<${Bulk} of=${alike} onClose=${() => setBulk(false)} />`}
  <//>`;
}

/** @param {{ id: string, server: string, tool: string }} props */
function ToolFacts({ id, server, tool }) {
  // Read once: each time the gateway asks the server.
  const [facts, setFacts] = useState(/** @type {Resource<Api.AskedToolView>} */ ({}));
  useEffect(() => { get(path('approvals', id, 'tool')).then(data => setFacts({ data }),
    error => setFacts({ error })); }, [id]);
  if (!facts.data) return facts.error ? html`<p class="muted small">Tool details are not
    available: ${/** @type {Error} */ (facts.error).message}</p>` : null;
  const { category, risk, reasons, description } = facts.data;
  return html`<div class="stack"><h3>Tool</h3>
    <div class="row"><${Badge}>${category}<//><${Risk} risk=${risk} />${may('Read', server)
        && html`<a href=${link('catalogue', server, tool)}>View tool</a>`}</div>
    ${description && html`<p class="small"><span class="muted">Description from the server: </span>
      <${Untrusted} text=${description} multiline max=${600} /></p>`}
    ${reasons[0] && html`<p class="small muted"><${Untrusted} text=${reasons[0]} /></p>`}</div>`;
}

/** What this grant asked for before. @param {{ one: Api.ApprovalView }} props */
function Before({ one }) {
  const list = useResource('approvals', { query: { grant: one.grant, sort: '-name', limit: 20 } });
  const others = (list.data?.items ?? []).filter(other => other.id !== one.id);
  if (!list.data) return null;
  const total = (/** @type {string} */ state) => others.filter(other =>
    other.state === state).length;
  return html`<details><summary>Recent requests from <${Untrusted} text=${one.grant} />:
      ${others.length === 0 ? ' no others' : ` ${total('open')} open, ${total('approved')
        + total('used')} approved, ${total('denied')} denied`}</summary>
    <ul class="list small">${others.slice(0, 10).map(other => html`<li>
      <${Badge} tone=${tones[other.state]}>${other.state}<//>
      <a href=${link('approvals', other.id, { state: 'all' })}>
        <${Untrusted} text=${other.tool} max=${80} /></a> <${RelativeTime} at=${other.asked} /></li>`)}</ul></details>`;
}

/** @param {{ kind: 'approve' | 'deny', one: Api.ApprovalView, onClose: () => void }} props */
function Answer({ kind, one, onClose }) {
  const [comment, setComment] = useState('');
  const [suggested, setSuggested] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await post(path('approvals', one.id, kind), {
        ...(comment ? { comment } : {}), ...(suggested.trim() && kind === 'deny'
          ? { suggestedArguments: exact(suggested) } : {}),
      });
      toast.ok(kind === 'approve' ? 'Approved' : 'Denied');
      onClose();
    } catch (problem) { setError(problem); }
    setBusy(false);
    invalidate('approvals');
  };
  return html`<${Dialog} title=${kind === 'approve' ? 'Approve call' : 'Deny call'} onClose=${onClose}>
    <form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); send(); }}>
      <p><${Untrusted} text=${one.tool} max=${200} /> on <${Untrusted} text=${one.server} /> for <${Untrusted}
        text=${one.grant} /></p>
      <${Field} label="Comment" as="textarea" maxlength="1000" autofocus value=${comment}
        hint=${kind === 'approve' ? 'Optional. Recorded in the audit log.'
          : 'Optional. Recorded in the audit log. If you deny the call, the agent receives the comment.'}
        onInput=${(/** @type {FieldEvent} */ event) => setComment(event.target.value)}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); send(); }
        }} />
      ${kind === 'deny' && one.arguments !== undefined && html`<details
        onToggle=${(/** @type {DetailsEvent} */ event) => {
          if (event.target.open && !suggested) setSuggested(JSON.stringify(one.arguments, null, 2)); }}>
        <summary>Suggest different arguments</summary>
        <${Field} label="Suggested arguments" as="textarea" rows="6" spellcheck=${false} value=${suggested}
          hint="JSON. The agent receives these arguments and may make one call with exactly them."
          onInput=${(/** @type {FieldEvent} */ event) => setSuggested(event.target.value)} /></details>`}
      <${ErrorBox} error=${error} />
      <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
        <${Button} busy=${busy} kind=${kind === 'approve' ? 'primary' : 'danger'} type="submit">
          ${kind === 'approve' ? 'Approve' : 'Deny'}<//></div>
    </form><//>`;
}
