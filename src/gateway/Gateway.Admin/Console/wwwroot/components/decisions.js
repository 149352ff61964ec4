// What a decision of the audit log says, in words and colours that are the same on every page.
import { html } from '../vendor/ui.js';
import { link } from '../state/route.js';
import { Badge, Time } from './basics.js';
import { Untrusted } from './Untrusted.js';

/**
 * @typedef {{ time: string, callId: string, grant?: string, server?: string, method?: string, tool?: string, policy?:
 *   string,
 *   outcome: string, rule?: string, reason?: string, argumentKeys?: string[], approvalId?: string, kind: string,
 *   counters?: { key: string, cost: number, used: number, max: number, windowEnd: string }[] }} Decision */

/** @type {Record<string, { tone: string, text: string, means: string }>} */
const outcomes = {
  allowed: { tone: 'ok', text: 'Allowed', means: 'The call was sent to the server.' },
  denied: { tone: 'bad', text: 'Denied', means: 'A rule refused the call. It was not sent to the server.' },
  rate_limited: { tone: 'warn', text: 'Limited', means: 'A limit was reached. The call was not sent to the server.' },
  approval_required: { tone: 'info', text: 'Needs approval',
    means: 'The call is waiting for approval, or was refused until it is approved.' },
};

/** @param {string} outcome */
export const outcomeOf = outcome => outcomes[outcome]
  ?? { tone: outcome.includes('unavailable') ? 'bad' : '', text: outcome.replaceAll('_', ' '),
    means: 'See the audit record.' };

/** @param {{ outcome: string }} props */
export const Outcome = ({ outcome }) => html`<${Badge} tone=${outcomeOf(outcome).tone}>${outcomeOf(outcome).text}<//>`;

/** The rule's place in its policy, as a link to it. @param {{ decision: { policy?: string, rule?: string } }} props */
export function RuleLink({ decision: { policy, rule } }) {
  if (!rule) return html`<span class="muted">no rule</span>`;
  return policy
    ? html`<a href=${link('policies', policy, { rule })}><code><${Untrusted} text=${rule} max=${120} /></code></a>`
    : html`<code><${Untrusted} text=${rule} max=${120} /></code>`;
}

/** A decision explained. @param {{ decision: Decision }} props */
export const Explained = ({ decision }) => html`<dl class="facts">
  <dt>Decision</dt><dd><${Outcome} outcome=${decision.outcome} /> ${outcomeOf(decision.outcome).means}</dd>
  ${decision.reason && html`<dt>Reason</dt><dd><${Untrusted} text=${decision.reason} /></dd>`}
  <dt>Rule</dt><dd><${RuleLink} decision=${decision} />
    ${decision.policy && html` in <${Untrusted} text=${decision.policy} />`}</dd>
  <dt>Grant</dt><dd>${decision.grant ? html`<a href=${link('grants', decision.grant)}>
    <${Untrusted} text=${decision.grant} /></a>` : 'none'}</dd>
  <dt>Server</dt><dd><${Untrusted} text=${decision.server} /></dd>
  <dt>Method</dt><dd><${Untrusted} text=${decision.method} /> <${Untrusted} text=${decision.tool} /></dd>
  ${decision.argumentKeys && html`<dt>Argument names</dt>
    <dd>${decision.argumentKeys.length === 0 ? 'none' : decision.argumentKeys
    .map((key, index) => html`${index > 0 && ', '}<code><${Untrusted} text=${key} /></code>`)}</dd>`}
  ${decision.approvalId && html`<dt>Approval</dt><dd><a href=${link('approvals', decision.approvalId)}>
    <code>${decision.approvalId}</code></a></dd>`}
  <dt>Time</dt><dd><${Time} at=${decision.time} seconds /></dd>
  <dt>Call ID</dt><dd><code>${decision.callId}</code></dd>
</dl>`;
