import { html, useState } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import {
  Badge, Button, CommandHint, EmptyState, PageHead, Pager, RelativeTime, Search, Untrusted, count, loaded, table,
} from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { Register } from './Register.js';
import { Server } from './Server.js';

/** @param {import('../index.js').PageProps} props */
export default function Servers({ segments: [name], query }) {
  return name ? html`<${Server} key=${name} name=${name} query=${query} />` : html`<${List} query=${query} />`;
}

/**
 * A pause of every call covers each server too. `isTimed` adds the start of the state, which is not that of a pause.
 * @param {{ one: Api.ServerView, isTimed?: boolean }} props
 */
export function Health({ one, isTimed = false }) {
  const status = useResource(may('Read') ? 'status' : null);
  if (one.paused || status.data?.pauses?.gateway) return html`<${Badge} tone="warn">paused<//>`;
  const health = one.health?.listFault && !one.health.fault ? 'unlisted' : one.health?.health ?? '';
  const at = health === 'unlisted' ? one.health?.listFailedSince : one.health?.since;
  const since = isTimed && at && html` <span class="muted small"><${RelativeTime} at=${at} /></span>`;
  return html`${one.detachedCredentials ? html`<${Badge} tone="bad">credential required<//>`
    : one.health?.lacksCredential ? html`<${Badge} tone="bad">no valid credential<//>`
    : html`<${Badge} tone=${{ ok: 'ok', unreachable: 'bad', failing: 'bad', unlisted: 'warn' }[health] ?? ''}>
      ${{ ok: 'OK', unreachable: 'unreachable', failing: 'failing', unlisted: 'tools not listed' }[health]
        ?? 'not called yet'}<//>`}${since}`;
}

/** @param {{ query: Record<string, string> }} props */
function List({ query: { q, cursor } }) {
  const [isNew, setNew] = useState(false);
  const list = useResource('servers', { query: { q, cursor }, every: 15_000 });
  const register = may('Edit', '*') && html`<${Button} kind="primary" onClick=${() => setNew(true)}>Register server
    <//>`;
  return html`<${PageHead} title="Servers" lead="MCP servers that agents reach through this gateway."
    actions=${register} />
    <div class="filters"><${Search} label="Search" value=${q} /></div>
    ${loaded(list, page => html`
      ${table({ label: 'Servers', rows: page.items, keyOf: one => one.name,
        href: one => link('servers', one.name),
        empty: html`<${EmptyState} title=${q ? 'No matching servers' : 'No servers yet'}
          action=${q ? html`<a class="button" href=${link('servers')}>Show all servers</a>` : register}
          command="gateway server add crm https://crm.example/mcp">
            ${q ? '' : 'Register an MCP server by its URL. The gateway then lists its tools.'}<//>`,
        columns: [
          { title: 'Server', cell: one => html`<${Untrusted} text=${one.name} />` },
          { title: 'Health', cell: one => html`<span class="whole"><${Health} one=${one} isTimed />
            </span>` },
          { title: 'URL', narrow: false, cell: one => html`<code>
            <${Untrusted} text=${one.url} max=${120} /></code>` },
          { title: 'Grants', number: true, cell: ({ name, grants = 0 }) => may('Read')
            ? html`<a href=${link('grants', { server: name })}>${count(grants)}</a>` : count(grants) },
          { title: 'Source', narrow: false, cell: one => html`<span class="muted">
            ${one.origin === 'file' ? 'configuration file' : 'operator'}</span>` },
        ] })}<${Pager} list=${page} noun="servers" />`, 6)}
    <${CommandHint} command="gateway server list" />
    ${isNew && html`<${Register} onClose=${() => setNew(false)} />`}`;
}
