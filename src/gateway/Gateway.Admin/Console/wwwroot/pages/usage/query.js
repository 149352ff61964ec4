// What the page of usage asks for, and where its figures lead: the calls that were counted.
import { may } from '../../api/client.js';
import { link } from '../../state/route.js';

/** @typedef {Record<string, string>} Query */

/** @type {[string, string][]} */
export const ranges = [['15m', 'Last 15 minutes'], ['1h', 'Last hour'], ['6h', 'Last 6 hours'], ['1d', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'], ['395d', 'Last 13 months'], ['custom', 'Custom range']];

/** @type {Record<string, string>} Twice each range, for the comparison with the period before. */
const doubled = { '15m': '30m', '1h': '2h', '6h': '12h', '1d': '2d', '7d': '14d', '30d': '60d' };

export const filterNames = ['server', 'grant', 'tool', 'policy', 'caller', 'callerIssuer', 'callerClient',
  'callerActor'];

/** @param {Query} query */
export const rangeOf = query => query.from || query.to ? 'custom'
  : ranges.some(([key]) => key === query.range) ? query.range : '1h';

/** @param {Query} query */
export const filtersOf = query => Object.fromEntries(filterNames.filter(name => query[name])
  .map(name => [name, query[name]]));

/** The period of the page as the API takes it. @param {Query} query */
export function periodOf(query) {
  const range = rangeOf(query);
  return range === 'custom' ? { since: query.from || '1d', until: query.to } : { since: range };
}

/** The period before of the same length; null where nothing can be kept of it. @param {Query} query */
export function periodBefore(query) {
  const range = rangeOf(query);
  if (range !== 'custom') return doubled[range] ? { since: doubled[range], until: range } : null;
  if (!query.from || !query.to) return null;
  const length = Date.parse(query.to) - Date.parse(query.from);
  return length > 0 ? { since: new Date(Date.parse(query.from) - length).toISOString(), until: query.from } : null;
}

/** A name that the audit log has as it is: patterns and sums are labels of several. @param {string} [name] */
const isName = name => !name || !(name.startsWith('(') || name.includes('*'));

/** True if the calls of these filters can be listed. @param {Query} query */
const isListed = query => may('Read') && filterNames.every(name => isName(query[name]))
  && !query.grant?.startsWith('service:');

/**
 * The counted decisions of a period in the search of calls; undefined where it cannot select exactly them.
 * @param {Query} query @param {{ since: string, until: string }} period @param {Query} [more]
 */
export function callsLink(query, { since, until }, more = {}) {
  const wanted = { ...filtersOf(query), ...more };
  return isListed(wanted) ? link('calls', { kind: 'decision', method: 'tools/call', from: since, to: until, ...wanted })
    : undefined;
}

/**
 * The results, or only the failed ones, of a period.
 * @param {Query} query @param {{ since: string, until: string }} period @param {Query} [more]
 */
export function resultsLink(query, { since, until }, more = {}) {
  const wanted = { ...filtersOf(query), ...more };
  // A result has no policy.
  return isListed(wanted) && !wanted.policy
    ? link('calls', { kind: 'outcome', method: 'tools/call', from: since, to: until, ...wanted }) : undefined;
}

/** What the figures of several gateways say about their links. @param {Api.UsageAnswer} data */
export const linksNote = data => new Set(data.frontends.map(one => one.name)).size > 1
  ? ' A figure links to the calls in the log of this gateway; the rest is in the logs of the others.' : '';

/** The period of one point. @param {Api.UsageAnswer} data @param {number} at */
export const pointOf = (data, at) => ({ since: iso(data.points[at]),
  until: at + 1 < data.points.length ? iso(data.points[at + 1])
  : iso(Date.parse(data.points[at]) + data.stepSeconds * 1000) });

/** @param {Api.UsageAnswer} data */
export const wholeOf = data => ({ since: iso(data.since), until: iso(data.until) });

/** @param {string | number} at */
const iso = at => new Date(at).toISOString();
