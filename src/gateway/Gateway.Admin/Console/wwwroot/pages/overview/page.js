import { html, useState } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, PageHead, RelativeTime, Time, Untrusted, count, loaded,
} from '../../components/index.js';
import { Severity, Span, isHidden, pageOf } from '../../components/attention.js';
import { PauseDialog } from '../../components/PauseDialog.js';
import { Chart } from '../../components/Chart.js';
import { Outcome, outcomeOf } from '../../components/decisions.js';
import { useResource } from '../../state/resource.js';
import { link, setQuery } from '../../state/route.js';
import { callsLink, linksNote, wholeOf } from '../usage/query.js';

/** @type {Record<string, string>} */
const spans = { hour: '1h', day: '1d', week: '7d' };

/** @param {import('../index.js').PageProps} props */
export default function Overview({ query }) {
  const status = useResource('status', { every: 10_000 });
  const [isPausing, setPausing] = useState(false);
  const canPause = may('Pause') && status.data && !status.data.pauses?.gateway;
  return html`<${PageHead} title="Overview" lead="Conditions that need attention, and the calls of agents."
      actions=${html`${canPause && html`<${Button} kind="danger" onClick=${() => setPausing(true)}>Pause all calls…
        <//>`}
        ${may('Edit') && html`<a class="button" href=${link('start')}>Set up server</a>`}`} />
    ${isPausing && html`<${PauseAll} onClose=${() => setPausing(false)} />`}
    ${loaded(status, data => html`
      <${Waiting} status=${data} />
      <${Standing} status=${data} at=${status.at} />`, 6)}
    <${Calls} span=${Object.hasOwn(spans, query.span) ? query.span : 'hour'} />`;
}

/** @param {{ status: Api.StatusView }} props */
function Waiting({ status }) {
  const attention = status.attention.filter(one => !isHidden(one));
  const hidden = status.attention.length - attention.length;
  return html`<${Card} title="Needs attention" actions=${html`<a class="button" href=${link('inbox')}>Assign or snooze
    </a>`}>
    ${attention.length === 0 && hidden === 0 ? html`<p class="row">
      <${Badge} tone="ok">OK<//> <span class="muted">Nothing needs attention.</span></p>`
      : html`<ul class="list">${attention.map(one => html`<li class="row need">
        <${Severity} of=${one} />
        <div><a href=${pageOf(one)}><${Untrusted} text=${one.text} max=${200} /></a>
          <${Span} of=${one} />
          ${one.detail && html`<p class="muted small"><${Untrusted} text=${one.detail} max=${400} /></p>`}</div></li>`)}
            </ul>
      ${hidden > 0 && html`<p class="muted"><a href=${link('inbox', 'snoozed')}>
        ${count(hidden)} snoozed ${hidden === 1 ? 'condition' : 'conditions'}</a></p>`}`}
    <${CommandHint} command="gateway status" /><//>`;
}

/** @param {{ onClose: () => void }} props */
function PauseAll({ onClose }) {
  const status = useResource('status');
  return html`<${PauseDialog} title="Pause all calls" act="Pause all calls" to="pause" onClose=${onClose}>
    <p>The gateway refuses every call of ${status.data ? html`<strong>${count(status.data.grants)}
      </strong> ${status.data.grants === 1 ? 'grant to ' : 'grants to '}
      <strong>${count(status.data.servers)}
        </strong> ${status.data.servers === 1 ? 'server' : 'servers'}` : 'every grant'} and closes open streams.
      Tokens, counters and approvals stay.</p><//>`;
}

/** @param {{ status: Api.StatusView, at?: number }} props */
function Standing({ status, at }) {
  const tiles = [
    { text: 'Servers', value: status.servers, href: link('servers') },
      { text: 'Policies', value: status.policies, href: link('policies') },
    { text: 'Grants', value: status.grants, href: link('grants') },
  ];
  return html`<section class="tiles" aria-label="Configuration">
    ${tiles.map(tile => html`<a class="tile" href=${tile.href}><span class="muted">${tile.text}</span>
      <strong>${count(tile.value)}</strong></a>`)}
    <div class="tile"><span class="muted">Started</span><strong class="word">
      <${RelativeTime} at=${status.startedAt} /></strong></div>
    <p class="muted small">From <code>/api/v1/status</code> of this gateway, as of <${Time} at=${at} seconds />.</p>
  </section>`;
}

/** @typedef {(row: Api.UsageRow) => Record<string, string>} RowQuery The filters that select a row's calls. */
/** @type {RowQuery} */
const ofGrant = row => ({ grant: row.name });
/** @type {RowQuery} */
const ofServer = row => ({ server: row.name });
/** @type {RowQuery} */
const ofTool = row => ({ server: row.server ?? '', tool: row.name });

/** @param {{ span: string }} props */
function Calls({ span }) {
  const since = spans[span];
  const by = (/** @type {string} */ what) => useResource('usage', { query: { since, by: what }, every: 30_000 });
  const [outcomes, grants, servers, tools] = [by('outcome'), by('grant'), by('server'), by('tool')];
  return html`<${Card} title="Calls and refusals" actions=${html`<div class="segments" role="group"
    aria-label="Time range">
      ${Object.keys(spans).map(one => html`<button type="button" aria-pressed=${one === span ? 'true' : 'false'}
        onClick=${() => setQuery({ span: one })}>Last ${one}</button>`)}</div>`}>
    ${loaded(outcomes, data => html`<${Figures} data=${data} span=${span} />
      ${data.calls > 0 && html`<div class="columns">
        <${Top} title="Grants" of=${grants} query=${ofGrant} />
        <${Top} title="Servers" of=${servers} query=${ofServer} />
        <${Top} title="Tools" of=${tools} query=${ofTool} /></div>`}
      <${Source} data=${data} />`, 8)}
    <p><a href=${link('usage', { range: since })}>View durations, failed calls and spend</a></p>
    <${CommandHint} command=${`gateway usage --since ${since}`} /><//>`;
}

/** @param {Api.UsageRow[]} rows @param {number} points @param {'callsOverTime' | 'refusedOverTime'} member */
const sums = (rows, points, member) => Array.from({ length: points }, (_, at) => rows.reduce((all, row) => {
  const value = row[member][at];
  return value === null ? all : (all ?? 0) + value;
}, /** @type {number | null} */ (null)));

/** @param {{ data: Api.UsageAnswer, span: string }} props */
function Figures({ data, span }) {
  const calls = sums(data.rows, data.points.length, 'callsOverTime');
  const refused = sums(data.rows, data.points.length, 'refusedOverTime');
  return html`<section class="tiles" aria-label="By outcome">
      <a class="tile" href=${callsLink({}, wholeOf(data))}><span class="muted">All</span>
        <strong>${count(data.calls)}</strong></a>
      ${data.rows.map(row => html`<a class="tile"
        href=${callsLink({}, wholeOf(data), { outcome: row.name })}>
        <span><${Outcome} outcome=${row.name} /></span><strong title=${outcomeOf(row.name).means}>
          ${count(row.calls)}</strong></a>`)}
    </section>
    ${data.calls === 0 ? html`<p class="muted">No calls in this period.</p>`
      : html`<${Chart} label=${`Calls of the last ${span}: ${count(data.calls - data.refused)} allowed, ${count(
        data.refused)} refused`}
          points=${data.points} refused=${refused}
          allowed=${calls.map((all, at) => all === null ? null : all - (refused[at] ?? 0))} />`}`;
}

/** @param {{ title: string, of: Resource<Api.UsageAnswer>, query: RowQuery }} props */
const Top = ({ title, of, query }) => html`<div class="stack"><h3>${title}</h3>
  ${loaded(of, data => {
  const most = Math.max(1, ...data.rows.map(row => row.calls));
  return html`<ul class="bars">${data.rows.slice(0, 6).map(row => html`<li
    key=${`${row.server}/${row.name}`}>
      <a href=${callsLink({}, wholeOf(data), query(row)) ?? link('usage', { server: row.server })}>
        <${Untrusted} text=${row.server ? `${row.server}/${row.name}` : row.name} max=${60} /></a>
      <span class="number">${count(row.calls)}${row.refused > 0 && html` <span class="refused">
        ${count(row.refused)} refused</span>`}</span>
      <span class="bar" aria-hidden="true"><span style=${{ width: `${100 * (row.calls - row.refused) / most}%` }}>
        </span>
        <span class="refused" style=${{ width: `${100 * row.refused / most}%` }}></span></span></li>`)}</ul>
    ${data.rows.length > 6 && html`<p class="muted small">and ${count(data.rows.length - 6)} more</p>`}`;
})}</div>`;

/** @param {{ data: Api.UsageAnswer }} props */
const Source = ({ data }) => html`<p class="muted small">${data.source === 'minutes' ? 'Per-minute' : 'Hourly'} counts
  from ${
    data.frontends.length === 0 ? 'no gateway yet' : html`<${Untrusted}
      text=${[...new Set(data.frontends.map(one => one.name))].join(', ')} max=${200} />`}${data.asOf && html`, as
      of <${Time} at=${data.asOf} seconds />`}.${linksNote(data)}
    ${data.notes.map(note => html` <${Untrusted} text=${note} />`)}</p>`;
