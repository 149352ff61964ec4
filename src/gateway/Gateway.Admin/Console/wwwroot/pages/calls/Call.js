// One call at an address of its own: what happened to it, step by step, and what one can do next.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { exact, may, path, request } from '../../api/client.js';
import {
  Button, Card, CommandHint, Copy, ErrorBox, PageHead, Skeleton, Time, Untrusted, count,
} from '../../components/index.js';
import { PauseDialog } from '../../components/PauseDialog.js';
import { RuleLink, outcomeOf } from '../../components/decisions.js';
import { link } from '../../state/route.js';
import { State, argumentsOf, costs, duration, hrefOf, size, stateOf } from './records.js';
import { stepsOf } from './timeline.js';
import { exactAmount, windowText } from '../usage/units.js';

/** @typedef {import('./records.js').AuditRecord} AuditRecord */
/** @typedef {Omit<Api.CallView, 'records'> & { records: AuditRecord[] }} CallData */

/** @param {{ id: string, at?: string, of?: string }} props `of`: "shared" for the records of all gateways. */
export function Call({ id, at, of }) {
  const [call, setCall] = useState(/** @type {CallData | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [round, setRound] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    request('GET', path('calls', id), { query: { at, of }, text: true, signal: ending.signal }).then(
      ({ data }) => { setCall(exact(data)); setError(null); },
      problem => { if (!ending.signal.aborted) setError(problem); });
    return () => ending.abort();
  }, [id, at, of, round]);
  const retry = () => setRound(round + 1);
  const back = { href: link('calls', { of }), text: 'Calls' };
  if (!call) {
    return html`<${PageHead} title="Call" back=${back} />${error ? html`<${ErrorBox} error=${error} retry=${retry} />
      ${/** @type {{ status?: number }} */ (error).status === 404 && !of && html`<p>
        <a href=${link('calls', id, { at, of: 'shared' })}>
        Search the records of all gateways</a></p>`}`
      : html`<${Skeleton} lines=${8} />`}`;
  }

  // The call that the address names; of a request for approval, the last call under it.
  const own = call.records.filter(one => one.callId === id);
  const decisions = (own.length > 0 ? own : call.records).filter(one =>
    one.kind === 'decision');
  const main = decisions.at(-1) ?? own[0] ?? call.records[0];
  const values = argumentsOf(main, call.arguments);
  const steps = stepsOf(call.records, main.callId);
  return html`<${PageHead} back=${back} title=${html`<${Untrusted}
    text=${main.tool ?? main.name ?? main.method ?? 'Call'} max=${200} />`}
      lead=${html`<${State} record=${main} /> <${Time} at=${main.time} seconds />`}
      actions=${html`<${Actions} record=${main} retry=${retry} />`} />
    <${ErrorBox} error=${error} retry=${retry} />
    <div class="call-parts">
      <${Card} title="Timeline"><ol class="timeline">${steps.map((record, index) => html`
        <${Step} key=${index} record=${record} first=${steps[0]} own=${main.callId} of=${of} />`)}</ol>
        <p class="muted small">${of ? html`From the records of all gateways in <${Untrusted} text=${call.shared} />.`
          : html`From the audit log of gateway <${Untrusted} text=${call.frontend} max=${80} />${call.others
          && '; other gateways of the fleet keep their own logs'}.`}</p><//>
      <div class="stack">
        <${Facts} record=${main} />
        <${Card} title="Arguments">${values ? html`
          <pre class="arguments" tabindex="0" role="region" aria-label="Arguments">
            <${Untrusted} text=${JSON.stringify(values.values, null, 2)} multiline /></pre>
          ${!values.isComplete && html`<p class="muted small">Values shown as <code>null</code> were not recorded.
            </p>`}`
          : html`<${NoArguments} record=${main} kept=${call.argumentsKeptSeconds} />`}<//>
      </div>
    </div>
    <${CommandHint} command=${`gateway audit show ${id}`} />`;
}

/** A length in the largest unit that fits. @param {number} seconds */
const length = seconds => {
  const [unit, of] = [['day', 86_400], ['hour', 3600], ['minute', 60]].find(([, each]) => seconds % Number(each) === 0)
    ?? ['second', 1];
  return `${count(seconds / Number(of))} ${unit}${seconds === of ? '' : 's'}`;
};

/** @param {{ record: AuditRecord, kept: number }} props */
const NoArguments = ({ record, kept }) => html`${(record.argumentKeys ?? []).length > 0 && html`<p>Argument
  names: ${record.argumentKeys?.map((key, index) => html`${index > 0 && ', '}<code>
      <${Untrusted} text=${key} max=${80} /></code>`)}</p>`}
  <p class="muted small">Values are kept for ${length(kept)} if the policy has <code>record_arguments
    </code>, or if a person decided the call.</p>`;

/** @param {{ record: AuditRecord, retry: () => void }} props */
function Actions({ record, retry }) {
  const [isPausing, setPausing] = useState(false);
  const { grant, tool, server, policy, rule, callId, time } = record;
  const make = (/** @type {string} */ what) => link('policies', policy,
    { make: what, call: callId, at: time, server, tool });
  return html`${policy && may('Edit') && (tool && callId ? html`<a class="button" href=${make('rule')}>Make a rule</a>
      <a class="button" href=${make('test')}>Make a test</a>
      <a class="button" href=${make('replay')}>Replay against a draft</a>` : html`<a class="button"
        href=${link('policies', policy, { rule })}>Edit rule</a>`)}
    ${grant && html`<a class="button" href=${link('calls', { tool, server, grant, range: '7d' })}>Find similar calls
      </a>`}
    ${grant && may('Pause') && html`<${Button} kind="danger" onClick=${() => setPausing(true)}>Pause grant…<//>`}
    ${isPausing && grant && html`<${PauseDialog} title=${`Pause ${grant}`} act="Pause grant"
      to=${path('grants', grant, 'pause')}
      onClose=${() => { setPausing(false); retry(); }}>
        <p>The gateway refuses every call of this grant and closes the grant's open streams. The token, counters and
          approvals stay.</p><//>`}`;
}

/** @param {{ record: AuditRecord }} props */
const Facts = ({ record }) => html`<${Card} title="Call"><dl class="facts">
  ${record.grant && html`<dt>Grant</dt><dd><a href=${link('grants', record.grant)}>
    <${Untrusted} text=${record.grant} /></a></dd>`}
  ${record.caller && html`<dt>Caller</dt><dd><${Untrusted} text=${record.caller} /> <span class="muted small">
    from <${Untrusted} text=${record.callerIssuer} /></span></dd>`}
  ${record.server && html`<dt>Server</dt><dd><a href=${link('servers', record.server)}>
    <${Untrusted} text=${record.server} /></a></dd>`}
  ${record.method && html`<dt>Method</dt><dd><code><${Untrusted} text=${record.method} /></code></dd>`}
  ${record.rule && html`<dt>Rule</dt><dd><${RuleLink} decision=${record} />${record.policy
    && html` <span class="muted">in</span> <a href=${link('policies', record.policy)}>
      <${Untrusted} text=${record.policy} /></a>`}</dd>`}
  ${record.callId && html`<dt>Call ID</dt><dd><code>${record.callId}</code> <${Copy} text=${record.callId}
    what="the call ID" /></dd>`}
  ${record.approvalId && html`<dt>Approval</dt><dd><a href=${link('approvals', record.approvalId, { state: 'all' })}>
    <code>${record.approvalId}</code></a></dd>`}
</dl><//>`;

/** @param {{ record: AuditRecord, first: AuditRecord, own?: string, of?: string }} props */
function Step({ record, first, own, of }) {
  const [tone] = stateOf(record);
  const since = Date.parse(record.time) - Date.parse(first.time);
  return html`<li class=${`step-${tone || 'plain'}`}>
    <div class="row"><strong><${Title} record=${record} /></strong>${record.callId && own && record.callId !== own
      && html`<a class="small" href=${hrefOf(record, of)}>Another call under this request</a>`}
      <span class="muted small"><${Time} at=${record.time} seconds />${since > 0 && ` · after ${duration(since)}`}
        </span></div>
    ${record.kind !== 'received' && html`<div class="stack tight"><${Said} record=${record} /></div>`}</li>`;
}

/** @param {{ record: AuditRecord }} props */
function Title({ record }) {
  if (record.kind === 'decision') return record.outcome === 'allowed' ? `Allowed and sent to ${record.server}`
    : outcomeOf(record.outcome ?? '').text;

  if (record.kind === 'outcome') return record.ended === 'completed' ? 'Response'
    : `No usable response: ${record.ended}`;
  const by = record.by ? html` by <${Untrusted} text=${record.claimedBy ?? record.by} max=${80} />${
    record.onBehalfOf && html` for <${Untrusted} text=${record.onBehalfOf} />`}` : record.channel
    ? html`: <${Untrusted} text=${record.channel} max=${80} />` : '';
  return html`${stateOf(record)[1]}${by}`;
}

/**
 * A counter by its name and its window; its key has also the place that it counts for, the kind and the revision.
 * @param {{ of: string }} props
 */
function Counter({ of }) {
  const [, name = of, window] = /^[^/]*\/(.+)\/[^/]+\/[^/]+\/([^/]+)\/\d+$/.exec(of) ?? [];
  return html`${of.startsWith('~budget~') ? 'Budget' : 'Limit'} <code title=${of}>
    <${Untrusted} text=${name} max=${80} /></code>${window && html` <${Untrusted} text=${windowText(window)} />`}`;
}

/** @param {{ record: AuditRecord }} props */
function Said({ record }) {
  if (record.kind === 'outcome') {
    const redacted = record.results?.redacted?.reduce((sum, one) => sum + one.count, 0) ?? 0;
    return html`<p>${(record.status ?? 0) > 0 ? html`HTTP ${record.status} · `
      : ''}${duration(record.durationMs ?? 0)} · ${size(record.bytes ?? 0)}</p>
      <p class="muted small">${costs(record.counted)}${redacted > 0 && ` ${count(redacted)} values redacted.`}</p>`;
  }

  if (record.kind !== 'decision') {
    return html`${record.comment && html`<p class="quote"><${Untrusted} text=${record.comment} multiline /></p>`}
      ${record.approvalsNeeded && html`<p class="muted small">${record.approvals} of ${record.approvalsNeeded} approvals
        </p>`}
      ${record.became === 'asked' && html`<p class="muted small">Required by <code>
        <${Untrusted} text=${record.rule} max=${120} /></code></p>`}
      ${record.origin && html`<p class="muted small">From <${Untrusted} text=${record.origin} max=${80} />${record.from
        && html` at <${Untrusted} text=${record.from} max=${80} />`}</p>`}`;
  }

  const { counters = [] } = record;
  return html`${record.reason && html`<p><${Untrusted} text=${record.reason} multiline /></p>`}
    ${record.outcome !== 'allowed' && html`<p class="muted small">${outcomeOf(record.outcome ?? '').means}</p>`}
    <p class="muted small">Rule <${RuleLink} decision=${record} />${record.approvedBy
      && html`, approved by <${Untrusted} text=${record.approvedBy}
        max=${80} />`}${record.retry && ', a retry that counts once'}</p>
    ${counters.length > 0 && html`<ul class="list small">${counters.map(one => html`
      <li class="muted"><${Counter} of=${one.key} />: cost ${exactAmount(one.cost)}, ${exactAmount(one.used)} of ${
        exactAmount(one.max)} used, resets <${Time} at=${one.windowEnd} seconds /></li>`)}</ul>`}
    ${record.limit && html`<p class="muted small">Limit <code>
      <${Untrusted} text=${record.limit.counter} max=${80} /></code>: ${record.limit.used} of ${
      record.limit.max} used${record.limit.resetAt && html`, resets <${Time} at=${record.limit.resetAt} seconds />`}
        </p>`}`;
}
