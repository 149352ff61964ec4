// One list over decisions, results, approvals, access and events of the audit log.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { address } from '../../api/client.js';
import {
  Button, Card, Choice, CommandHint, EmptyState, ErrorBox, Field, Instant, PageHead, Search, Skeleton, Time,
  Untrusted, count, table,
} from '../../components/index.js';
import { Chart } from '../../components/Chart.js';
import { link, setQuery } from '../../state/route.js';
import { Conditions, conditionsOf } from './Conditions.js';
import { Views } from './Views.js';
import { Verify } from './Verify.js';
import { Details, State, duration, hrefOf, kinds, stateOf, subjectOf } from './records.js';
import { exactFilters, freshMax, useFacets, useFresh, usePages } from './search.js';

/** @typedef {import('./records.js').AuditRecord} AuditRecord */

/** @type {[string, string][]} */
const ranges = [['15m', 'Last 15 minutes'], ['1h', 'Last hour'], ['1d', 'Last 24 hours'], ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['all', 'All records'], ['custom', 'Custom range']];
const lengths = /** @type {Record<string, number>} */ ({ '15m': 900, '1h': 3600, '1d': 86_400, '7d': 604_800,
  '30d': 2_592_000 });

/** @type {[string, string][]} */
const facetTitles = [['outcome', 'Outcome'], ['tool', 'Tool'], ['server', 'Server'], ['grant', 'Grant'],
  ['caller', 'Caller'],
  ['callerIssuer', 'Issuer'], ['callerClient', 'Client'], ['callerActor', 'Acting party'], ['by', 'Operator'],
  ['policy', 'Policy'], ['rule', 'Rule'], ['method', 'Method'], ['failed', 'Result'], ['minMs', 'Duration']];

/** @param {Record<string, string>} query */
const rangeOf = query => query.from || query.to ? 'custom'
  : lengths[query.range] || query.range === 'all' ? query.range : '1d';

/** @param {{ query: Record<string, string> }} props */
export function Explorer({ query }) {
  const [round, setRound] = useState(0);
  const range = rangeOf(query);
  // The range is relative to the latest search, so that rows do not move while one reads them.
  const [now, setNow] = useState(Date.now());
  useEffect(() => { setNow(Date.now()); }, [range, round]);
  const from = range === 'custom' ? query.from : lengths[range] ? new Date(now - lengths[range] * 1000).toISOString()
    : undefined;
  const wanted = { q: query.q, kind: query.kind, minMs: query.minMs, failed: query.failed, where: conditionsOf(query),
    from, to: query.to, of: query.of,
    ...Object.fromEntries(exactFilters.map(name => [name, query[name]])) };
  const found = usePages(wanted, round);
  const facets = useFacets(wanted, round);
  const fresh = useFresh(wanted, round, !query.to && !query.q && !query.where && !query.failed && !query.minMs
    && (!query.kind || query.kind === 'decision'), found);
  const isRead = (found.items.length > 0 || !found.loading) && Boolean(facets.data || facets.error || found.error);
  return html`<${PageHead} title="Calls" lead="Decisions, results, approvals, access and events in the audit log."
      actions=${html`<a class="button" href=${address('audit/export', { ...wanted, format: 'csv' }).href}
        download="calls.csv">Export CSV</a>
        <a class="button" href=${address('audit/export', { ...wanted, values: 'true' }).href} download="calls.jsonl">
          Export JSON Lines</a>`} />
    <${Toolbar} query=${query} range=${range} from=${from} />
    ${(query.of || found.shared) && html`<${Gateways} of=${query.of} />`}
    ${!query.of && html`<${Conditions} query=${query} known=${argumentNames(found)} />`}
    <${Views} query=${query} />
    <${Over} facets=${found.error ? { data: facets.data } : facets} fresh=${fresh}
      reload=${() => setRound(round + 1)} />
    <div class=${isRead ? 'explorer' : 'explorer unread'}>
      <${Facets} query=${query} facets=${facets.data} />
      <${Results} found=${found} query=${query} from=${from} />
    </div>
    <${CommandHint} command=${`gateway audit query${query.of ? ' --shared' : ''}${range in lengths ? ` --since ${range}`
      : from ? ` --since ${from}` : ''}${query.to ? ` --until ${query.to}` : ''}${
      ['kind', ...exactFilters].filter(name => query[name] && !query[name].includes(',')
        && !['method', 'policy'].includes(name))
        .map(name => ` --${name === 'outcome' && query.kind === 'approval' ? 'became' : optionOf(name)} ${query[name]}`)
          .join('')}${
      conditionsOf(query).filter(one => !/['"]/.test(one)).map(one => ` --where '${one}'`).join('')}`} />
    ${!query.of && html`<${Verify} />`}`;
}

/**
 * Chooses whose records are searched. Values of arguments stay with the gateway of a call.
 * @param {{ of?: string }} props
 */
const Gateways = ({ of }) => html`<div class="row">
  <div class="segments" role="group" aria-label="Gateways">
    <button type="button" aria-pressed=${of ? 'false' : 'true'} onClick=${() => setQuery({ of: '' })}>This gateway
      </button>
    <button type="button" aria-pressed=${of ? 'true' : 'false'}
      onClick=${() => setQuery({ of: 'shared', where: '' })}>All gateways</button>
  </div>
  ${of && html`<span class="muted small">Each gateway keeps the argument values of its own calls: select This gateway to
    filter by them.</span>`}</div>`;

/** @param {string} name */
const optionOf = name => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** The names of arguments in these records. @param {ReturnType<typeof usePages>} found */
const argumentNames = ({ items, known }) => [...new Set([...items.flatMap(one => one.argumentKeys ?? []),
  ...Object.values(known).flatMap(one => Object.keys(one.values ?? {}))])].sort();

/** @param {{ query: Record<string, string>, range: string, from?: string }} props */
function Toolbar({ query, range, from }) {
  const pick = (/** @type {string} */ to) => setQuery(to === 'custom'
    ? { range: '', from: from ?? new Date(Date.now() - 86_400_000).toISOString() } : { range: to, from: '', to: '' });
  return html`<div class="filters calls-bar" role="search" aria-label="Calls">
    <${Search} label="Search" value=${query.q} />
    <${Field} label="Time" as="select" onChange=${(/** @type {FieldEvent} */ event) => pick(event.target.value)}>
      ${ranges.map(([key, text]) => html`<option value=${key} selected=${key === range}>${text}</option>`)}<//>
    ${range === 'custom' && html`<${Instant} label="From" name="from" value=${query.from} />
      <${Instant} label="To" name="to" value=${query.to} />`}
    <${Choice} label="Kind" name="kind" value=${query.kind} options=${kinds} />
  </div>`;
}

/** @param {{ facets: Resource<Api.RecordFacets>, fresh: number, reload: () => void }} props */
function Over({ facets: { data, error }, fresh, reload }) {
  const points = data ? data.histogram.matched.map((_, at) =>
    new Date(Date.parse(data.histogram.start) + at * data.histogram.stepSeconds * 1000).toISOString()) : [];
  const { matched = [], refused = [] } = data?.histogram ?? {};
  return html`<${Card} class="over"
    title=${!data ? 'Matching records' : `${data.isComplete ? ''
      : 'At least '}${count(data.matched)} matching ${data.matched === 1 ? 'record' : 'records'}`}
      actions=${html`${fresh > 0 && html`<${Button} kind="primary" onClick=${reload}>Show ${fresh < freshMax
        ? count(fresh) : `${count(freshMax)} or more`} new<//>`}
        <${Button} onClick=${reload}>Refresh<//>`}>
    <${ErrorBox} error=${error} retry=${reload} />
    ${!data && !error && html`<div class="chart-space"></div>`}
    ${data && data.matched > 0 && html`<${Chart}
      label=${`${count(data.matched)} records over time; drag to select a time range`}
      points=${points} refused=${refused}
      allowed=${matched.map((all, at) => all - (refused[at] ?? 0))}
      words=${['other', 'refused or failed']}
      onNarrow=${(/** @type {string} */ from, /** @type {string} */ to) => setQuery({ range: '', from, to })}
      stepSeconds=${data.histogram.stepSeconds} />`}
    ${data && !data.isComplete && html`<p class="muted small">Counted back to <${Time} at=${data.reached}
      seconds />. To count all records, select a shorter time
      range or add filters.</p>`}<//>`;
}

const wide = matchMedia('(min-width: 1200px)');

/** @param {{ query: Record<string, string>, facets?: Api.RecordFacets }} props */
function Facets({ query, facets }) {
  const [isWide, setWide] = useState(wide.matches);
  useEffect(() => {
    const change = () => setWide(wide.matches);
    wide.addEventListener('change', change);
    return () => wide.removeEventListener('change', change);
  }, []);
  const active = facetTitles.filter(([name]) => query[name]).length;
  const shown = facetTitles.filter(([name]) => query[name] || (facets?.facets[name] ?? []).length > 0);
  return html`<details class="facets" open=${isWide}><summary>Filters${active > 0 ? ` (${active})` : ''}</summary>
    ${active > 0 && html`<${Button} kind="quiet"
      onClick=${() => setQuery(Object.fromEntries(facetTitles.map(([name]) => [name, ''])))}>
      Clear filters<//>`}
    ${shown.map(([name, title]) => html`<${Facet} key=${name} name=${name} title=${title} chosen=${query[name]}
      values=${(facets?.facets[name] ?? []).filter(one => one.value !== '')} />`)}</details>`;
}

const shownMax = 6;

/** @param {{ name: string, title: string, chosen?: string, values: { value: string, count: number }[] }} props */
function Facet({ name, title, chosen, values }) {
  const [isWhole, setWhole] = useState(false);
  const all = chosen && !values.some(one => one.value === chosen) ? [{ value: chosen, count: 0 }, ...values] : values;
  return html`<fieldset class="facet"><legend>${title}</legend>
    ${all.slice(0, isWhole ? all.length : shownMax).map(({ value, count: matching }) => html`
      <button type="button" key=${value} aria-pressed=${value === chosen ? 'true' : 'false'}
        onClick=${() => setQuery({ [name]: value === chosen ? '' : value })}>
        <span><${FacetText} name=${name} value=${value} /></span>
          <span class="number">${count(matching)}</span></button>`)}
    ${all.length > shownMax && html`<button type="button" class="link small" onClick=${() => setWhole(!isWhole)}>
      ${isWhole ? 'Show less' : `Show ${all.length - shownMax} more`}</button>`}</fieldset>`;
}

/** @param {{ name: string, value: string }} props */
function FacetText({ name, value }) {
  if (name === 'failed') return 'Failed';
  if (name === 'minMs') return `At least ${duration(Number(value))}`;
  if (name !== 'outcome') return html`<${Untrusted} text=${value} max=${60} />`;
  const asChange = stateOf({ kind: 'approval', became: value })[1];
  return html`<${Untrusted} text=${['allowed', 'rate_limited', 'approval_required'].includes(value)
    ? stateOf({ kind: 'decision', outcome: value })[1] : asChange} max=${60} />`;
}

/** @param {{ found: ReturnType<typeof usePages>, query: Record<string, string>, from?: string }} props */
function Results({ found, query, from }) {
  const { items, known, next, reached, loading, error, frontend, others, shared, valuesReached } = found;
  // The time range ends where the oldest values do, apart from the time of the request.
  const isCut = valuesReached && (!from || Date.parse(from) < Date.parse(valuesReached) - 60_000);
  return html`<${Card}>
    <${ErrorBox} error=${error} retry=${found.retry} />
    ${items.length === 0 && loading ? html`<${Skeleton} lines=${8} />` : table({ label: 'Records', rows: items,
      keyOf: one => `${one.kind} ${one.time} ${one.callId ?? one.approvalId
        ?? ''} ${one.became ?? ''} ${one.path ?? ''} ${items.indexOf(one)}`,
      href: one => hrefOf(one, query.of), empty: !error && html`<${Empty} query=${query} />`, columns: [
        { title: 'Tool or event', cell: one => html`<${Untrusted} text=${subjectOf(one)}
          max=${80} />` },
        { title: 'State', cell: one => html`<${State} record=${one} />` },
        { title: 'Details', cell: one => html`<${Details} record=${one}
          known=${known} />` },
        { title: 'Grant', cell: one => html`<${Untrusted} text=${one.grant} max=${40} />
          ${one.caller
          && html`<div class="small muted"><${Untrusted} text=${one.caller} max=${40} /></div>`}` },
        { title: 'Time', cell: one => html`<${Time} at=${one.time} seconds />` },
      ] })}
    <div class="row"><span class="muted small" role="status">
      ${items.length > 0 && `${count(items.length)} shown. `}${loading
      ? html`Searching${reached && html` before <${Time} at=${reached} seconds />`}…`
      : query.of ? shared && html`From the records of all gateways in <${Untrusted} text=${shared} max=${80} />.`
      : frontend && html`From the audit log of gateway <${Untrusted} text=${frontend} max=${80} />${others && !shared
        && '; other gateways of the fleet keep their own logs'}.`}${isCut
        && html` Argument values were searched back to <${Time} at=${valuesReached} seconds />.`}</span>
      ${next && !loading && html`<${Button} onClick=${found.more}>Show more<//>`}</div><//>`;
}

/** @param {{ query: Record<string, string> }} props */
const Empty = ({ query }) => {
  const isFiltered = ['q', 'kind', 'where', 'minMs', 'failed', ...exactFilters].some(name => query[name]);
  return html`<${EmptyState} title=${isFiltered ? 'No matching records' : 'No records in this time range'}
    action=${html`
    ${isFiltered && html`<a class="button"
      href=${link('calls', { range: query.range, from: query.from, to: query.to, of: query.of })}>Clear search and
        filters</a>`}
    ${query.range !== 'all' && html`<${Button} onClick=${() => setQuery({ range: 'all', from: '', to: '' })}>Search all
      records<//>`}`}>
    ${isFiltered ? 'Remove a filter, shorten the text, or select a longer time range.'
      : 'Records appear here as soon as an agent calls a tool.'}<//>`;
};
