// Calls, results and spend over time. Each figure leads to the calls that it counts.
import { html } from '../../vendor/ui.js';
import {
  Button, Card, Choice, CommandHint, Field, Instant, PageHead, Time, Untrusted, count, loaded, table,
} from '../../components/index.js';
import { TimeChart, spanOf } from '../../components/TimeChart.js';
import { outcomeOf } from '../../components/decisions.js';
import { useResource } from '../../state/resource.js';
import { go, setQuery } from '../../state/route.js';
import { Breakdown } from './Breakdown.js';
import { Limits } from './Limits.js';
import { callsLink, filterNames, filtersOf, linksNote, periodBefore, periodOf, pointOf, rangeOf, ranges, resultsLink,
  wholeOf } from './query.js';
import { milliseconds } from './units.js';

/** @typedef {import('./query.js').Query} Query */

const every = 30_000;
/** Colours of outcomes, in the order in which they are stacked. @type {[string, string][]} */
const outcomes = [['allowed', '--chart-1'], ['approval_required', '--chart-2'], ['rate_limited', '--chart-3'],
  ['denied', '--chart-4']];
const otherColor = '--chart-5';
const line = /** @type {const} */ ('line');
/** The percentiles of durations, with their members and colors.
 * @type {[string, 'p50Ms' | 'p95Ms' | 'p99Ms', string][]} */
const percentiles = [['50th percentile', 'p50Ms', '--chart-1'], ['95th percentile', 'p95Ms', '--chart-3'],
  ['99th percentile', 'p99Ms', '--chart-4']];

/** @param {import('../index.js').PageProps} props */
export default function Usage({ query }) {
  const usage = useResource('usage', { query: { ...periodOf(query), ...filtersOf(query), by: 'outcome' }, every });
  const earlier = query.compare ? periodBefore(query) : null;
  const before = useResource(earlier && 'usage', { query: { ...earlier, ...filtersOf(query), by: 'outcome' } });
  const zoom = (/** @type {string} */ from, /** @type {string} */ to) => setQuery({ range: '', from, to });
  return html`<${PageHead} title="Usage" lead="Calls, refusals, results and spend over time, for all gateways."
      actions=${html`<${Button} onClick=${usage.reload}>Refresh<//>`} />
    <${Toolbar} query=${query} />
    ${loaded(usage, data => html`
      <${Figures} query=${query} data=${data} before=${before.data} />
      <${Decisions} query=${query} data=${data} before=${before.data} zoom=${zoom} />
      <div class="columns even"><${Latency} query=${query} data=${data} zoom=${zoom} />
        <${Errors} query=${query} data=${data} zoom=${zoom} /></div>
      <${Data} query=${query} data=${data} />`, 10)}
    ${/* Later than the charts, which would push these down. */ (usage.data || usage.error) && html`
      <${Breakdown} query=${query} />
      <${Limits} query=${query} zoom=${zoom} />`}
    <${CommandHint} command=${`gateway usage --since ${rangeOf(query) === 'custom' ? query.from || '1d'
      : rangeOf(query)}${
      query.to ? ` --until ${query.to}` : ''}${filterNames.filter(name => /^[\w.:@/-]+$/.test(query[name] ?? ''))
      .map(name => ` --${optionOf(name, query)} ${query[name]}`).join('')}`} />`;
}

/**
 * The option of the command for a filter: a budget is the tool of one server.
 * @param {string} name @param {Query} query
 */
const optionOf = (name, query) => name === 'tool' && query.server === '(budgets)' ? 'budget'
  : name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** @param {{ query: Query }} props */
function Toolbar({ query }) {
  const range = rangeOf(query);
  const pick = (/** @type {string} */ to) => setQuery(to === 'custom'
    ? { range: '', from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date().toISOString() }
      : { range: to, from: '', to: '' });
  const chosen = filterNames.filter(name => query[name]);
  return html`<div class="filters" role="search" aria-label="Usage">
      <${Field} label="Time" as="select" onChange=${(/** @type {FieldEvent} */ event) => pick(event.target.value)}>
        ${ranges.map(([key, text]) => html`<option value=${key} selected=${key === range}>${text}</option>`)}<//>
      ${range === 'custom' && html`<${Instant} label="From" name="from" value=${query.from} />
        <${Instant} label="To" name="to" value=${query.to} />`}
      <${Choice} label="Compare with" name="compare" value=${query.compare}
        options=${[['', 'Nothing'], ['before', 'Previous period']]} />
    </div>
    ${query.compare && !periodBefore(query) && html`<p class="muted small">No data for the previous period.</p>`}
    ${chosen.length > 0 && html`<div class="row">${chosen.map(name => html`<button type="button" class="view"
      key=${name}
        aria-label=${`Remove the filter ${name} ${query[name]}`} onClick=${() => setQuery({ [name]: '' })}>
        ${name}: <${Untrusted} text=${query[name]} max=${60} /> ×</button>`)}</div>`}`;
}

/** @param {Api.UsageAnswer} data @param {string} outcome */
const callsOf = (data, outcome) => data.rows.find(row => row.name === outcome)?.calls ?? 0;

/** @param {{ query: Query, data: Api.UsageAnswer, before?: Api.UsageAnswer }} props */
function Figures({ query, data, before }) {
  const whole = wholeOf(data);
  const tiles = [
    { text: 'Calls', value: data.calls, was: before?.calls, href: callsLink(query, whole) },
    ...outcomes.map(([name]) => ({ text: outcomeOf(name).text, value: callsOf(data, name),
      was: before ? callsOf(before, name) : undefined,
      href: callsLink(query, whole, { outcome: name }), title: outcomeOf(name).means })),
    { text: 'Failed', value: data.results?.errors ?? 0, was: before?.results?.errors,
      href: resultsLink(query, whole, { failed: 'true' }),
      title: 'The server reported an error or did not respond.' },
    { text: '95th percentile', value: data.results?.p95Ms, was: before?.results?.p95Ms, format: milliseconds,
      title: '95% of the results took at most this long.' },
  ];
  return html`<section class="tiles totals" aria-label="Totals">
    ${tiles.map(tile => html`<${Tile} key=${tile.text} ...${tile} />`)}</section>`;
}

/**
 * @param {{ text: string, value?: number | null, was?: number | null, href?: string, title?: string, format?: (value:
 *   number) => string }} props
 */
function Tile({ text, value, was, href, title, format = count }) {
  const body = html`<span class="muted">${text}</span><strong title=${title}>${value == null ? '–' : format(value)}
    </strong>
    ${was !== undefined && html`<span class="small muted">
      ${was === null ? '–' : format(was)} previously${was && value != null ? ` (${change(value, was)})` : ''}</span>`}`;
  return href && value ? html`<a class="tile" href=${href}>${body}</a>` : html`<div class="tile">${body}</div>`;
}

/** @param {number} now @param {number} was */
const change = (now, was) => `${now >= was ? '+' : '−'}${Math.abs(Math.round(100 * (now - was) / was))}%`;

/** @param {Api.UsageRow[]} rows @param {number} points */
const sums = (rows, points) => Array.from({ length: points }, (_, at) => rows.reduce((all, row) => {
  const value = row.callsOverTime[at];
  return value === null ? all : (all ?? 0) + value;
}, /** @type {number | null} */ (null)));

/** @typedef {(from: string, to: string) => void} Zoom */
/** @param {{ query: Query, data: Api.UsageAnswer, before?: Api.UsageAnswer, zoom: Zoom }} props */
function Decisions({ query, data, before, zoom }) {
  const named = outcomes.filter(([name]) => callsOf(data, name) > 0);
  const rest = data.rows.filter(row => !outcomes.some(([name]) => name === row.name));
  const earlier = before && sums(before.rows, before.points.length);
  const series = [
    ...named.map(([name, color]) => ({ label: outcomeOf(name).text, color, total: count(callsOf(data, name)),
      values: data.rows.find(row => row.name === name)?.callsOverTime ?? [],
      href: callsLink(query, wholeOf(data), { outcome: name }) })),
    ...rest.length > 0 ? [{ label: rest.map(row => outcomeOf(row.name).text).join(', '),
      color: otherColor,
      total: count(rest.reduce((all, row) => all + row.calls, 0)),
      values: sums(rest, data.points.length),
      href: rest.length === 1 ? callsLink(query, wholeOf(data), { outcome: rest[0].name }) : undefined }] : [],
    ...before && earlier ? [{ label: 'Previous period', color: '--muted', kind: line, dashed: true,
      total: count(before.calls),
      values: data.points.map((_, at) => earlier[at] ?? null) }] : [],
  ];
  const pick = (/** @type {number} */ at) => { const to = callsLink(query, pointOf(data, at)); if (to) go(to); };
  return html`<${Card} title="Decisions">
    ${data.calls === 0 && !earlier ? html`<p class="muted">No calls in this period.</p>`
      : html`<${TimeChart} label=${`${count(data.calls)} decisions over time, ${count(
        data.refused)} of them refused or waiting`} points=${data.points}
        stepSeconds=${data.stepSeconds} series=${series} onZoom=${zoom} onPick=${pick} />
        <p class="muted small">Drag to zoom. Click a bar to list its calls.</p>`}
    <${Source} data=${data} /><//>`;
}

/** @param {string} title */
const none = title => html`<${Card} title=${title}><p class="muted">No results in this period.</p><//>`;

/** @param {{ query: Query, data: Api.UsageAnswer, zoom: Zoom }} props */
function Latency({ query, data, zoom }) {
  const { results, resultsOverTime: over } = data;
  if (!results?.count || !over) return none('Duration');
  const series = percentiles.map(([label, member, color]) => ({ label, color, kind: line, values: over[member],
    total: milliseconds(results[member]) }));
  return html`<${Card} title="Duration"><${TimeChart} label=${`Durations of ${count(results.count)} results over time`}
    points=${data.points}
    stepSeconds=${data.stepSeconds} series=${series} format=${milliseconds} onZoom=${zoom}
    onPick=${(/** @type {number} */ at) => { const to = resultsLink(query, pointOf(data, at)); if (to) go(to); }} />
    <//>`;
}

/** @param {{ query: Query, data: Api.UsageAnswer, zoom: Zoom }} props */
function Errors({ query, data, zoom }) {
  const { results, resultsOverTime: over } = data;
  if (!results?.count || !over) return none('Failed calls');
  const href = resultsLink(query, wholeOf(data), { failed: 'true' });
  return html`<${Card} title="Failed calls"><${TimeChart}
    label=${`${count(results.errors)} of ${count(results.count)} results failed`} points=${data.points}
    stepSeconds=${data.stepSeconds} series=${[{ label: 'Failed', color: '--chart-4', values: over.errors, href,
      total: `${count(results.errors)} of ${count(results.count)} results` }]} onZoom=${zoom}
    onPick=${(/** @type {number} */ at) => { const to = resultsLink(query, pointOf(data, at), { failed: 'true' });
      if (to) go(to); }} /><//>`;
}

/** @typedef {{ from: string, at: number }} Point */
/** The same figures as a table, for keyboards and screen readers.
 * @param {{ query: Query, data: Api.UsageAnswer }} props */
function Data({ query, data }) {
  const all = sums(data.rows, data.points.length);
  const rows = data.points.map((from, at) => ({ from, at }))
    .filter(one => all[one.at] !== null);
  const over = data.resultsOverTime;
  const linked = (/** @type {number | null | undefined} */ value, /** @type {string | undefined} */ href) =>
    !value ? count(value ?? 0)
    : href ? html`<a href=${href}>${count(value)}</a>` : count(value);
  return html`<details class="data"><summary>Data as table</summary>
    ${table({ label: 'Figures', rows, keyOf: one => one.from,
    empty: html`<p class="muted">No data in this period.</p>`, columns: [
      { title: 'From', cell: one => spanOf(one.from, data.stepSeconds) },
      { title: 'Calls', number: true, cell: one =>
        linked(all[one.at], callsLink(query, pointOf(data, one.at))) },
      ...data.rows.map(row =>
        ({ title: outcomeOf(row.name).text, number: true, cell: (/** @type {Point} */ one) =>
        linked(row.callsOverTime[one.at], callsLink(query, pointOf(data, one.at), { outcome: row.name })) })),
      { title: 'Failed', number: true, cell: one =>
        linked(over?.errors[one.at], resultsLink(query, pointOf(data, one.at), { failed: 'true' })) },
      ...percentiles.map(([, member]) => ({ title: member.slice(0, 3), number: true,
        cell: (/** @type {Point} */ one) => milliseconds(over?.[member][one.at]) })),
    ] })}</details>`;
}

/** @param {{ data: Api.UsageAnswer }} props */
const Source = ({ data }) => html`<p class="muted small">${data.source === 'audit log'
    ? 'Data by caller comes from the audit log of this gateway.'
    : html`From ${data.frontends.length === 0 ? 'no gateway yet' : html`<${Untrusted}
      text=${[...new Set(data.frontends.map(one =>
      one.name))].join(', ')} max=${200} />`}${data.asOf && html`, as of <${Time} at=${data.asOf}
        seconds />`}.${linksNote(data)}`}
    ${data.notes.map((/** @type {string} */ note) => html` <${Untrusted} text=${note} />`)}</p>`;
