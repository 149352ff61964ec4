import { html, signal, useEffect, useState } from '../../vendor/ui.js';
import { address } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Dialog, EmptyState, Field, PageHead, Time, Untrusted, count, loaded, table, toast,
} from '../../components/index.js';
import { Explained, Outcome, RuleLink, outcomeOf } from '../../components/decisions.js';
import { useResource } from '../../state/resource.js';
import { go, link, setQuery } from '../../state/route.js';
import { exportRecords } from './export.js';

/** @typedef {import('../../components/decisions.js').Decision & { gateway?: string }} Decision */
/** @typedef {{ name: string, state: string, since?: string }} Frontend */

const keptMax = 200;
const outcomes = ['allowed', 'denied', 'rate_limited', 'approval_required'];

/** @param {import('../index.js').PageProps} props */
export default function Live({ query }) {
  const isSearch = query.tab === 'search';
  // This gateway's records are on the page of calls; the table that all gateways ship to is searched here.
  const isElsewhere = isSearch && query.of !== 'shared';
  useEffect(() => {
    const { tab: _, of, before, gateway, ...filters } = query;
    if (isElsewhere) go(link('calls', filters));
  }, [isElsewhere]);
  if (isElsewhere) return null;
  return html`<${PageHead} title=${isSearch ? 'Decisions of all gateways' : 'Live'} lead=${isSearch
      ? 'From the shared table to which all gateways send their audit records.' : 'Decisions as they happen.'}
        actions=${html`
      ${isSearch && html`<a class="button" href=${link('live')}>Live</a>`}
      <a class="button" href=${link('calls', { grant: query.grant, server: query.server, tool: query.tool,
        outcome: query.outcome })}>Search calls</a>`} />
    <${Filters} query=${query} isNow=${!isSearch} />
    ${isSearch ? html`<${Search} query=${query} />` : html`<${Now} query=${query} />`}`;
}

/** @param {{ query: Record<string, string>, isNow: boolean }} props */
function Filters({ query, isNow }) {
  const names = [...new Set([...feed.value.frontends.map(one => one.name), ...query.gateway ? [query.gateway] : []])];
  /** @param {string} name */
  const bound = name => ({ value: query[name] ?? '',
    onInput: (/** @type {FieldEvent} */ event) => setQuery({ [name]: event.target.value }) });
  return html`<div class="filters" role="search" aria-label="Decisions">
    <${Field} label="Grant" type="search" ...${bound('grant')} />
    <${Field} label="Server" type="search" ...${bound('server')} />
    <${Field} label="Tool" type="search" ...${bound('tool')} />
    <${Field} label="Outcome" as="select" ...${bound('outcome')}>
      <option value="">Any</option>${outcomes.map(one => html`<option value=${one}>${outcomeOf(one).text}</option>`)}
        <//>
    ${isNow && names.length > 1 && html`<${Field} label="Gateway" as="select" ...${bound('gateway')}>
      <option value="">Any</option>${names.map(name => html`<option value=${name}>${name}</option>`)}<//>`}
  </div>`;
}

/** @type {('grant' | 'server' | 'tool' | 'outcome' | 'gateway')[]} */
const filterNames = ['grant', 'server', 'tool', 'outcome', 'gateway'];

/** @param {Decision} decision @param {Record<string, string>} query */
const matches = (decision, query) => filterNames.every(name =>
  !query[name] || decision[name] === query[name]);

// The stream goes on where it was while one looks at another page for a moment.
/**
 * @typedef {{
 *   items: Decision[], frontend: string, frontends: Frontend[], sampled: boolean, state: string, id: string,
 * }} Feed
 */
const feed = signal(/** @type {Feed} */
  ({ items: [], frontend: '', frontends: [], sampled: false, state: 'connecting', id: '' }));

function useFeed() {
  useEffect(() => {
    const source = new EventSource(address('decisions/stream', { after: feed.value.id }));
    source.onopen = () => { feed.value = { ...feed.value, state: 'open' }; };
    source.onerror = () => {
      feed.value = { ...feed.value, state: source.readyState === EventSource.CLOSED ? 'refused' : 'lost' };
    };
    source.onmessage = event => {
      const { items, frontend, frontends = feed.value.frontends, sampled } = JSON.parse(event.data);
      const known = new Set(feed.value.items.map(one => one.callId));
      const fresh = items.filter((/** @type {Decision} */ one) => !known.has(one.callId)).reverse()
        .map((/** @type {Decision} */ one) => ({ ...one, gateway: frontend }));
      feed.value = { items: [...fresh, ...feed.value.items].slice(0, keptMax), frontend, frontends, state: 'open',
        id: event.lastEventId,
        sampled: items.length > 0 || sampled ? sampled : feed.value.sampled };
    };
    return () => source.close();
  }, []);
}

/** @param {{ query: Record<string, string> }} props */
function Now({ query }) {
  useFeed();
  const [held, setHeld] = useState(/** @type {Decision[] | null} */ (null));
  const [shown, setShown] = useState(/** @type {Decision | null} */ (null));
  const { items, frontend, frontends, sampled, state } = feed.value;
  const missing = frontends.filter(one => one.state === 'missing');
  const rows = (held ?? items).filter(one => matches(one, query));
  const fresh = held ? items.filter(one => matches(one, query) && !held.includes(one)).length : 0;
  return html`<${Card} title=${html`Latest decisions <${Badge}
    tone=${state === 'open' ? 'ok' : state === 'refused' ? 'bad' : 'warn'}>
      ${{ open: 'connected', connecting: 'connecting', lost: 'reconnecting', refused: 'refused' }[state]}<//>`}
    actions=${html`${held && fresh > 0 && html`<span class="muted">${count(fresh)} new</span>`}
      <${Button} onClick=${() => setHeld(held ? null : items)}>${held ? 'Resume updates' : 'Pause updates'}<//>`}
    foot=${html`From ${frontends.length > 1 ? 'the audit logs of ' : 'the audit log of '}${frontends.length > 0
      ? names(frontends.filter(one => one.state !== 'missing'))
      : frontend ? html`<${Untrusted} text=${frontend} />` : 'this gateway'}. Shows the last ${keptMax} decisions since
        you opened this page.`}>
    ${state === 'refused' && html`<p class="notice warn">The gateway refused the stream: too many streams are open, or
      your roles have changed.
      ${' '}<a href=${location.href} onClick=${() => location.reload()}>Reload</a> to try again.</p>`}
    ${missing.map(one => html`<p class="notice warn" key=${one.name}>
      <${Untrusted} text=${one.name} /> has sent nothing${one.since
      && html` since <${Time} at=${one.since} seconds />`}. It stopped, or it cannot reach the store. Its decisions are
        in its own audit log.</p>`)}
    ${sampled && html`<p class="notice">This is a sample: some decisions are not shown, for example above 50 per second.
      The audit log has all of them.</p>`}
    <${Decisions} rows=${rows} open=${setShown} isOfSeveral=${frontends.length > 1} hasCalls
      empty=${html`<${EmptyState} title="No decisions yet" command="gateway audit tail">
      Decisions appear here as soon as an agent calls a tool.<//>`} /><//>
    ${shown && html`<${Dialog} title="Decision details" onClose=${() => setShown(null)}>
      <${Explained} decision=${shown} />
      <${CommandHint} command=${`gateway audit query --call-id ${shown.callId}`} /><//>`}`;
}

/** The first ones by name. @param {Frontend[]} frontends */
const names = frontends => html`${frontends.slice(0, 10).map((one, index) => html`${index > 0 && ', '}
  <${Untrusted} text=${one.name} />`)}${
  frontends.length > 10 && ` and ${count(frontends.length - 10)} more`}`;

/**
 * Calls of this gateway have a page of their own; those of others open here.
 * @param {{ rows: Decision[], open: (decision: Decision) => void, empty: Children, isOfSeveral?: boolean,
 *   hasCalls?: boolean }} props
 */
const Decisions = ({ rows, open, empty, isOfSeveral = false, hasCalls = false }) => table({ label: 'Decisions',
  rows,
  keyOf: one => one.callId, empty, columns: [
    { title: 'Tool', cell: one => isOfSeveral || !hasCalls
      ? html`<button type="button" class="link" onClick=${() => open(one)}>
        <${Untrusted} text=${one.tool || one.method} max=${80} /></button>`
      : html`<a href=${link('calls', one.callId, { at: one.time })}>
        <${Untrusted} text=${one.tool || one.method} max=${80} /></a>` },
    { title: 'Outcome', cell: one => html`<${Outcome} outcome=${one.outcome} />` },
    { title: 'Grant', cell: one => one.grant
      ? html`<a href=${link('grants', one.grant)}><${Untrusted} text=${one.grant} max=${40} /></a>` : '' },
    { title: 'Server', narrow: false, cell: one => html`<${Untrusted} text=${one.server}
      max=${40} />` },
    { title: 'Rule', narrow: false, cell: one => html`<${RuleLink} decision=${one} />` },
    ...isOfSeveral ? [{ title: 'Gateway', narrow: false, cell: (/** @type {Decision} */ one) => html`<${Untrusted}
      text=${one.gateway} max=${40} />` }] : [],
    { title: 'Time', cell: one => html`<${Time} at=${one.time} seconds />` },
  ] });

/** @param {{ query: Record<string, string> }} props */
function Search({ query }) {
  const [shown, setShown] = useState(/** @type {Decision | null} */ (null));
  const found = useResource('audit', { query: { kind: 'decision', tail: 100, grant: query.grant, server: query.server,
    tool: query.tool, outcome: query.outcome, before: query.before, of: query.of } });
  const isShared = query.of === 'shared';
  const [exported, setExported] = useState(/** @type {number | null} */ (null));
  const exportAll = async () => {
    setExported(0);
    try {
      const { records, isAll } = await exportRecords({ kind: 'decision', grant: query.grant, server: query.server,
        tool: query.tool, outcome: query.outcome, of: query.of }, setExported);
      if (isAll) toast.ok(records === 1 ? 'Exported 1 record.' : `Exported ${count(records)} records.`);
      else toast.ok(`Exported the oldest ${count(records)} records. To export all, use the command.`);
    } finally { setExported(null); }
  };
  return html`<${Card} title="Audit log" actions=${html`<${Button} onClick=${exportAll} disabled=${exported !== null}>${
      exported === null ? 'Export' : html`${count(exported)} read …`}<//>${(isShared || found.data?.others) && html`
      <div class="segments" role="group" aria-label="Gateways">
        <button type="button" aria-pressed=${isShared ? 'false' : 'true'}
          onClick=${() => setQuery({ of: '', before: '' })}>This gateway</button>
        <button type="button" aria-pressed=${isShared ? 'true' : 'false'}
          onClick=${() => setQuery({ of: 'shared', before: '' })}>All gateways</button>
      </div>`}`}>${loaded(found, page => html`
    <${Decisions} rows=${[...page.items].reverse()} open=${setShown}
      empty=${html`<${EmptyState} title="No matching decisions">Remove a filter to see more decisions.<//>`} />
    <div class="row"><span class="muted">${count(page.items.length)} shown, ${page.shared
      ? html`from all gateways that send records to <${Untrusted} text=${page.shared} />`
      : html`from gateway <${Untrusted} text=${page.frontend} />
        ${page.others && '; other gateways of the fleet keep their own logs'}`}</span>
      ${query.before && html`<${Button} onClick=${() => setQuery({ before: '' })}>Newest<//>`}
      ${page.earlier && html`<${Button} onClick=${() => setQuery({ before: page.earlier })}>Older<//>`}</div>`)}
    <${CommandHint} command=${`gateway audit query --kind decision${isShared ? ' --shared'
      : ''}${['grant', 'server', 'tool', 'outcome']
      .filter(name => query[name]).map(name => ` --${name} ${query[name]}`).join('')}`} /><//>
    ${shown && html`<${Dialog} title="Decision details" onClose=${() => setShown(null)}>
      <${Explained} decision=${shown} /><//>`}`;
}
