// The parts of a tool's page below its classification. `gateway catalogue export` writes the same ones as HTML.
import { html } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import {
  AcceptedBy, Button, Card, CodeBlock, CommandHint, Risk, Suspicious, Time, Untrusted, isFirstList, table,
} from '../../components/index.js';
import { link } from '../../state/route.js';
import { Evaluation, useJob } from '../policy/Evaluation.js';

/** JSON whose strings show invisible characters as escapes. @param {unknown} value */
const json = value => JSON.stringify(value, null, 2).replace(/[\p{Cf}\p{Co}\p{Cn}\u007f-\u009f\u2028\u2029]/gu,
  letter => letter.split('').map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));

/** The rule, and what it would have decided in the last week. @param {{ one: Api.ToolPageView }} props */
export function Recommended({ one }) {
  const evaluation = useJob();
  const policy = { version: '1', default: 'deny', pin: 'deny', tools: { [one.name]: one.recommendedRule } };
  return html`<${Card} title="Recommended policy">
    ${one.recommendedRule ? html`<${CodeBlock} text=${json(policy)} what="the policy" />
    ${may('Edit') && html`<div class="actions"><${Button} busy=${evaluation.isRunning}
        onClick=${() => evaluation.start({ policy, server: one.server, tool: one.name, since: '7d' })}>Evaluate last
          week's calls<//></div>
      <${Evaluation} of=${evaluation} none="No calls of this tool in the last week." />`}`
    : html`<p class="muted">Rules cannot name this tool. Leave it denied.</p>`}<//>`;
}

/** @param {{ server: string, one: Api.ToolPageView }} props */
export const Related = ({ server, one }) => html`<${Card} title="Related tools"><div class="columns">
  <div class="stack"><h3>Used for the same thing</h3>
    ${one.related.length === 0 ? html`<p class="muted">None on this server.</p>` : html`<ul class="bullets">
      ${one.related.map(other => html`<li>
    <a href=${link('catalogue', server, other.name)}>
      <${Untrusted} text=${other.name} max=${120} /></a> <span class="muted small">
        <${Untrusted} text=${other.because} /></span></li>`)}</ul>`}
    <h3>Same job on other servers</h3><${Others} of=${one.elsewhere} isOther /></div>
  <div class="stack"><h3>Same server by risk</h3><${Others} of=${one.byRisk} /></div></div><//>`;

/** @param {{ of: Api.SimilarToolView[], isOther?: boolean }} props */
const Others = ({ of, isOther = false }) => of.length === 0 ? html`<p class="muted">None.</p>` : html`<ul class="list">
  ${of.map(other => html`<li class="row">
  <${Risk} risk=${other.risk} /><span><a href=${link('catalogue', other.server, other.name)}>
    <${Untrusted} text=${other.name} max=${120} /></a>
  ${isOther && html` <span class="muted small">on <${Untrusted} text=${other.server} /></span>`}</span></li>`)}</ul>`;

/** @param {{ one: Api.ToolPageView }} props */
export const Schemas = ({ one }) => html`<${Card} title="Schema"><details><summary>Arguments</summary>
  <${CodeBlock} text=${json(one.inputSchema ?? {})} what="the schema of the arguments" /></details>
  ${one.outputSchema ? html`<details><summary>Structured result</summary>
    <${CodeBlock} text=${json(one.outputSchema)} what="the schema of the result" /></details>`
    : html`<p class="muted small">No schema for results.</p>`}<//>`;

/** @param {{ server: string, one: Api.ToolPageView }} props */
export const Definition = ({ server, one }) => html`<${Card} title="Definition">
  ${one.definition ? html`<dl class="facts">
    <dt>Version</dt><dd>${one.definition.contract ? html`<code title=${one.definition.contract}>
      ${one.definition.contract.slice(0, 12)}</code>` : 'The definition cannot be read.'}</dd>
    <dt>First listed</dt><dd><${Time} at=${one.definition.firstSeen} /></dd>
    <dt>Accepted</dt><dd>${one.definition.acceptedAt ? html`<${Time} at=${one.definition.acceptedAt} />
      ${' '}<${AcceptedBy} by=${one.definition.acceptedBy} />` : 'not accepted'}</dd>
    <dt>Drift</dt><dd>${one.definition.drift === 'none' ? 'as accepted' : html`<a href=${link('servers', server)}>
      ${one.definition.drift.replaceAll('_', ' ')}, ${one.definition.standing}</a>`}
      ${' '}<${Suspicious} of=${one.definition} /></dd>
    ${one.definition.changes.length > 0 && html`<dt>Changed places</dt>
      <dd>${one.definition.changes.map(place => html`<div><code>
        <${Untrusted} text=${place} max=${200} /></code></div>`)}</dd>`}</dl>`
    : html`<p class="muted">The gateway does not store this server's tools.</p>`}
  ${one.history.length > 0 && html`<h3>History</h3>${table({ label: 'History of the definition', rows: one.history,
    keyOf: step => `${step.at} ${step.text}`, columns: [
    { title: 'Time', cell: step => html`<${Time} at=${step.at} />` },
    { title: 'Change', cell: step => html`${step.text}${step.reason && html` <span
      class="muted small"><${Untrusted} text=${step.reason} /></span>`}` },
    { title: 'By', cell: step => step.by && !isFirstList(step.by)
      ? html`<${Untrusted} text=${step.by} />`
      : html`<span class="muted">${step.by ? 'the gateway' : 'the server'}</span>` },
  ] })}`}<${CommandHint} command=${`gateway tools drift --server ${server}`} /><//>`;

/** @param {{ one: Api.ToolPageView }} props */
export const Questions = ({ one }) => html`<${Card} title="Questions and answers">
  <dl class="stack">${one.questions.map(each => html`<div>
  <dt><strong>${each.question}</strong></dt><dd><${Untrusted} text=${each.answer} multiline /></dd></div>`)}</dl><//>`;
