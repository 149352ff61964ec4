import { html, useState } from '../../vendor/ui.js';
import { may, path } from '../../api/client.js';
import {
  Badge, Button, Choice, CommandHint, EmptyState, PageHead, Pager, RelativeTime, Search, Untrusted, loaded, table,
} from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { PauseDialog, resume } from '../../components/PauseDialog.js';
import { Callers } from './Callers.js';
import { Create } from './Create.js';
import { Grant } from './Grant.js';

export const tones = /** @type {Record<string, string>} */ ({ active: 'ok', paused: 'warn', expired: '' });

/** @param {import('../index.js').PageProps} props */
export default function Grants({ segments: [name], query }) {
  return name ? html`<${Grant} key=${name} name=${name} />` : html`<${List} query=${query} />`;
}

/** @param {{ query: Record<string, string> }} props */
function List({ query }) {
  const [isNew, setNew] = useState(false);
  const { q, selector, status, server, policy, sort, cursor } = query;
  const list = useResource('grants', { query: { q, selector, status, server, policy, sort, cursor }, every: 60_000 });
  const isFiltered = q || selector || status || server || policy;
  const create = may('Edit') && html`<${Button} kind="primary" onClick=${() => setNew(true)}>Create grant<//>`;
  return html`<${PageHead} title="Grants" lead="A grant lets an agent call one or more servers, each under a policy."
    actions=${create} />
    <div class="filters"><${Search} label="Search" value=${q} />
      <${Search} label="Label selector" name="selector" value=${selector} />
      <${Choice} label="Status" name="status" value=${status}
        options=${[['', 'Any'], ['active', 'Active'], ['paused', 'Paused'], ['expired', 'Expired']]} />
      <${Choice} label="Sort by" name="sort" value=${sort}
        options=${[['', 'Name'], ['-created', 'Newest'], ['-lastUsed', 'Recently used'],
        ['lastUsed', 'Least recently used'], ['expires', 'Expires soonest']]} />
      ${(server || policy) && html`<a class="button" href=${link('grants', { q, selector, status, sort })}>
        ${server ? `Server ${server}` : `Policy ${policy}`} ×</a>`}</div>
    ${loaded(list, page => html`
      ${table({ label: 'Grants', rows: page.items, keyOf: one => one.name,
        href: one => link('grants', one.name),
        empty: html`<${EmptyState} title=${isFiltered ? 'No matching grants' : 'No grants yet'}
          action=${isFiltered ? html`<a class="button" href=${link('grants')}>Show all grants</a>` : create}
          command="gateway grant create support-bot --server crm=support">
          ${isFiltered ? '' : 'A grant gives an agent a token for the servers that you choose, each under a policy. '
            + 'Create one to connect an agent.'}<//>`,
        columns: [
          { title: 'Grant', cell: one => html`<${Untrusted} text=${one.name} />
            ${one.labels && html`<div class="muted small"><${Untrusted} text=${labelsOf(one)} max=${200} /></div>`}` },
          { title: 'Status', cell: one => html`<${Badge} tone=${tones[one.status]}>
            ${one.status}<//>
            ${one.status !== 'paused' && one.pausedBy && html` <span class="muted small">
              <${Untrusted} text=${one.pausedBy.join(', ')} /> paused</span>`}` },
          { title: 'Servers and policies', cell: one => html`<${Reaches}
            servers=${one.servers} />` },
          { title: 'Last used', narrow: false, cell: one => html`<${RelativeTime}
            at=${one.lastUsed} />` },
          { title: 'Expires', narrow: false, cell: one => one.expires ? html`<${RelativeTime}
            at=${one.expires} />` : html`<span class="muted">never</span>` },
          { title: 'Created by', narrow: false, cell: one =>
            one.via === 'oauth' ? html`<${Untrusted} text=${one.client} max=${40} />`
            : html`<span class="muted">${one.origin === 'file' ? 'configuration file' : 'operator'}</span>` },
          ...(may('Pause') || may('Edit') ? [{ title: 'Actions',
            cell: (/** @type {Api.GrantView} */ one) => one.status === 'expired' ? ''
              : html`<${Toggle} grant=${one} />` }] : []),
        ] })}<${Pager} list=${page} noun="grants" />`, 8)}
    <${CommandHint} command="gateway grant list" />
    <${Callers} />
    ${isNew && html`<${Create} onClose=${() => setNew(false)} />`}`;
}

/** @param {Api.GrantView} grant */
const labelsOf = ({ labels = {} }) => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');

/** @param {{ servers: Api.GrantView['servers'] }} props */
export const Reaches = ({ servers = {} }) => {
  const all = Object.entries(servers);
  return html`${all.slice(0, 3).map(([server, policy]) => html`<div>
    <${Untrusted} text=${server} /> <span class="muted">under</span>
      ${policy ? html` <${Untrusted} text=${policy} />` : html` <${Badge} tone="bad">no policy: every call denied<//>`}
        </div>`)}
    ${all.length > 3 && html`<div class="muted small">and ${all.length - 3} more</div>`}`;
};

/** @param {{ grant: Api.GrantView }} props */
export function Toggle({ grant }) {
  const [isPausing, setPausing] = useState(false);
  const isPaused = grant.pausedBy?.includes('grant');
  // The dialog stays if another operator pauses meanwhile, and says so.
  return html`${may(isPaused ? 'Edit' : 'Pause') && (isPaused
    ? html`<${Button} aria-label=${`Resume ${grant.name}`}
      onClick=${() => resume(path('grants', grant.name, 'resume'), `${grant.name} is active again.`,
        grant.pause ?? {})}>Resume<//>`
    : html`<${Button} aria-label=${`Pause ${grant.name}`} onClick=${() => setPausing(true)}>Pause…<//>`)}
    ${isPausing && html`<${PauseDialog} title=${`Pause ${grant.name}`} act="Pause grant"
      to=${path('grants', grant.name, 'pause')}
      onClose=${() => setPausing(false)}><p>The gateway refuses every call of this grant and closes the grant's open
        streams. The token, counters and approvals stay.</p>
      <${Reaches} servers=${grant.servers} /><//>`}`;
}
