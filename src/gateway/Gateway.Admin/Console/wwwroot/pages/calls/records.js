// Audit records of each kind in words: their state, what they are about, and where they lead.
import { html } from '../../vendor/ui.js';
import { RuleLink, outcomeOf } from '../../components/decisions.js';
import { Badge, Untrusted, count } from '../../components/index.js';
import { link } from '../../state/route.js';

/**
 * An audit record; its members depend on its kind. openapi.json does not describe them.
 * @typedef {Partial<import('../../components/decisions.js').Decision> & {
 *   kind: string, time: string, name?: string, event?: string, action?: string, became?: string, object?: string,
 *  path?: string, by?: string, claimedBy?: string, onBehalfOf?: string, origin?: string, from?: string, channel?:
 *  string, comment?: string,
 *   caller?: string, callerIssuer?: string, callerClient?: string, callerActor?: string,
 *   approvedBy?: string, approvals?: number, approvalsNeeded?: number, retry?: boolean,
 *   limit?: { counter: string, used: number, max: number, resetAt?: string },
 *   ended?: string, status?: number, durationMs?: number, bytes?: number, counted?: string,
 *   results?: { redacted?: { count: number }[] } }} AuditRecord
 */
/** @typedef {Record<string, Api.ArgumentsView>} Arguments Recorded arguments by the id of a call or request. */

/** @type {[string, string][]} */
export const kinds = [['', 'All'], ['decision', 'Decisions'], ['outcome', 'Results'], ['approval', 'Approvals'],
  ['access', 'Access'],
  ['event', 'Events']];

/** @type {Record<string, [string, string]>} */
const changes = {
  asked: ['warn', 'Approval requested'], voted: ['ok', 'Vote to approve'], approved: ['ok', 'Approved'],
    denied: ['bad', 'Denied'],
  expired: ['', 'Expired'], unused: ['', 'Approval not used'], viewed: ['', 'Viewed'], told: ['', 'Notified'],
  untold: ['bad', 'Not notified'], standing: ['ok', 'Standing approval'], revoked: ['warn', 'Revoked'],
  ended: ['', 'Ended'],
};

/** @param {string} text */
const sentence = text => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('_', ' ').replaceAll('-', ' ');

/**
 * The state of a record as a tone and a text.
 * @param {Pick<AuditRecord, 'kind' | 'outcome' | 'became' | 'ended'>} record @returns {[string, string]}
 */
export function stateOf(record) {
  switch (record.kind) {
    case 'decision': return [outcomeOf(record.outcome ?? '').tone, outcomeOf(record.outcome ?? '').text];
    case 'outcome': return record.ended === 'completed' ? ['ok', 'Completed']
      : ['bad', sentence(record.ended ?? 'Ended')];
    case 'approval': return changes[record.became ?? ''] ?? ['', sentence(record.became ?? 'Approval')];
    case 'access': return [record.became === 'refused' ? 'bad' : '', sentence(record.became ?? 'Access')];
    case 'event': return [record.became === 'untold' ? 'bad' : 'warn',
      record.became === 'raised' ? 'Event' : changes[record.became ?? '']?.[1] ?? sentence(record.became ?? 'Event')];
    default: return ['', sentence(record.kind)];
  }
}

/** @param {{ record: AuditRecord }} props */
export const State = ({ record }) => html`<${Badge} tone=${stateOf(record)[0]}>${stateOf(record)[1]}<//>`;

/** What a record is about, in one or two words. @param {AuditRecord} record */
export const subjectOf = record => record.tool || record.name || record.event
  || (record.action ? sentence(record.action) : record.method ?? record.kind);

/**
 * The address of the call or the request for approval.
 * @param {AuditRecord} record @param {string} [of] "shared" for the records of all gateways.
 */
export function hrefOf({ callId, approvalId, time }, of = '') {
  const id = callId ?? approvalId;
  return id ? link('calls', id, { at: time, of }) : undefined;
}

/** @param {AuditRecord} record @param {Arguments | undefined} known */
export const argumentsOf = (record, known) => known?.[record.callId ?? ''] ?? known?.[record.approvalId ?? ''];

/** A size in bytes, as people read it. @param {number} bytes */
export const size = bytes => bytes < 1000 ? `${bytes} B`
  : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** A duration, as people read it. @param {number} ms */
export const duration = ms => ms < 1000 ? `${ms} ms`
  : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${count(Math.round(ms / 60_000))} min`;

/** What became of a call's costs. @param {string} [counted] */
export const costs = (counted = '') => ({
  counted: 'Counted against limits.', nothing: 'Not counted by any limit.', refunded: 'Cost refunded.',
  released: 'Cost released: the call was not sent.',
})[counted] ?? `Cost: ${counted}.`;

/** Arguments on one line, without the brackets. @param {unknown} values */
export const line = values => Object.entries(values ?? {}).map(([name, value]) =>
  `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');

/** What else a row shows about a record. @param {{ record: AuditRecord, known?: Arguments }} props */
export function Details({ record, known }) {
  const values = record.kind === 'approval' || record.kind === 'decision' ? argumentsOf(record, known) : undefined;
  return html`<div class="details">
    <div><${Words} record=${record} /></div>
    ${values && html`<div class="small muted"><${Untrusted} text=${line(values.values)} max=${200} /></div>`}</div>`;
}

/** @param {{ record: AuditRecord }} props */
function Words({ record }) {
  switch (record.kind) {
    case 'decision': return html`${record.reason ? html`<${Untrusted} text=${record.reason} max=${200} />`
      : html`<${RuleLink} decision=${record} />`}${record.approvedBy
        && html` <span class="muted">approved by</span> <${Untrusted} text=${record.approvedBy} max=${80} />`}`;
    case 'outcome': return html`${(record.status ?? 0) > 0
      && `${record.status} · `}${duration(record.durationMs ?? 0)} · ${size(record.bytes ?? 0)}${
      ['refunded', 'released'].includes(record.counted ?? '')
        && html`<span class="muted"> · cost ${record.counted}</span>`}`;
    case 'approval': return html`${record.by ? html`<strong>
      <${Untrusted} text=${record.claimedBy ?? record.by} max=${80} /></strong>${
        record.onBehalfOf && html` for <${Untrusted} text=${record.onBehalfOf} />`}`
      : record.channel ? html`<${Untrusted} text=${record.channel}
        max=${80} />` : html`<${Untrusted} text=${record.rule} max=${120} />`}
      ${record.comment && html`<span>: <${Untrusted} text=${record.comment} max=${200} /></span>`}`;
    case 'access': return html`<strong><${Untrusted} text=${record.by} max=${80} /></strong> <span class="muted">
      <${Untrusted}
      text=${`${record.object ?? ''} ${record.from ? `from ${record.from}` : ''}`} max=${160} /></span>`;
    default: return html`<${Untrusted} text=${record.reason ?? record.rule ?? record.object ?? ''} max=${200} />`;
  }
}
