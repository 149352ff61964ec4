// The calls of each tool, server, grant, policy or subject.
import { html } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import { Card, Untrusted, count, loaded, table } from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link, setQuery } from '../../state/route.js';
import { callsLink, filtersOf, periodOf, resultsLink, wholeOf } from './query.js';
import { milliseconds } from './units.js';

/** @typedef {import('./query.js').Query} Query */

/** @type {('p50Ms' | 'p95Ms' | 'p99Ms')[]} */
const percentiles = ['p50Ms', 'p95Ms', 'p99Ms'];

/** @type {[string, string][]} */
const allKinds = [['tool', 'Tools'], ['server', 'Servers'], ['grant', 'Grants'], ['policy', 'Policies'],
  ['caller', 'Callers'],
  ['callerIssuer', 'Issuers'], ['callerClient', 'Clients'], ['callerActor', 'Acting parties']];

/** @param {{ query: Query }} props */
export function Breakdown({ query }) {
  // Figures by subject come from the audit log, which has the calls of all servers.
  const kinds = allKinds.filter(([key]) => !key.startsWith('caller') || may('Read'));
  const by = kinds.some(([key]) => key === query.by) ? query.by : 'tool';
  const usage = useResource('usage', { query: { ...periodOf(query), ...filtersOf(query), by }, every: 30_000 });
  return html`<${Card} title="Breakdown" actions=${html`<div class="segments" role="group" aria-label="Group by">
    ${kinds.map(([key, text]) => html`
      <button type="button" aria-pressed=${key === by ? 'true' : 'false'} onClick=${() => setQuery({ by: key })}>
        ${text}</button>`)}</div>`}>
    ${loaded(usage, data => html`<${Rows} query=${query} by=${by}
      data=${data} />
      ${by.startsWith('caller') && html`<p class="muted small">From the audit log of this gateway. Calls without an
        identity provider have no caller.</p>`}`, 6)}<//>`;
}

/** @param {{ query: Query, by: string, data: Api.UsageAnswer }} props */
function Rows({ query, by, data }) {
  const most = Math.max(1, ...data.rows.map(row => row.calls));
  /** @param {Api.UsageRow} row @returns {Query} */
  const filterOf = row => ({ [by]: row.name, ...row.server ? { server: row.server } : {},
    ...row.callerIssuer ? { callerIssuer: row.callerIssuer } : {} });
  const isOne = (/** @type {Api.UsageRow} */ row) => !row.name.startsWith('(');
  const linked = (/** @type {number | undefined} */ value, /** @type {string | undefined} */ href) =>
    !value ? count(value ?? 0)
    : href ? html`<a href=${href}>${count(value)}</a>` : count(value);
  return html`<div class="by-name">${table({ label: 'Calls by name', rows: data.rows,
    keyOf: row => `${row.server ?? row.callerIssuer}/${row.name}`,
    empty: html`<p class="muted">No calls in this period.</p>`, columns: [
      { title: 'Name', cell: row => html`<div class="stack tight">${isOne(row)
        ? html`<a href=${link('usage', { ...query, by: '', ...filterOf(row) })}>
          <${Untrusted} text=${row.name} max=${80} /></a>`
        : html`<span class="muted">${row.name}</span>`}${(row.server ?? row.callerIssuer) && html`<span
          class="small muted"><${Untrusted} text=${row.server ?? row.callerIssuer} max=${40} /></span>`}
        <span class="bar" aria-hidden="true"><span style=${{ width: `${100 * (row.calls - row.refused) / most}%` }}>
          </span>
          <span class="refused" style=${{ width: `${100 * row.refused / most}%` }}></span></span></div>` },
      { title: 'Calls', number: true, cell: row =>
        linked(row.calls, callsLink(query, wholeOf(data), filterOf(row))) },
      { title: 'Refused', number: true, narrow: false, cell: row => count(row.refused) },
      { title: 'Failed', number: true, cell: row =>
        linked(row.results?.errors, resultsLink(query, wholeOf(data), { ...filterOf(row), failed: 'true' })) },
      ...percentiles.map(member => ({ title: member.slice(0, 3), number: true,
        cell: (/** @type {Api.UsageRow} */ row) => milliseconds(row.results?.[member]) })),
    ] })}</div>`;
}
