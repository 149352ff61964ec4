import { html, useState } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import {
  Badge, Button, CommandHint, EmptyState, Loaded, PageHead, Pager, RelativeTime, Search, Table, Untrusted, count,
} from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { Register } from './Register.js';
import { Server } from './Server.js';

/** @param {import('../index.js').PageProps} props */
export default function Servers({ segments: [name], query }) {
  return name ? html`<${Server} key=${name} name=${name} query=${query} />` : html`<${List} query=${query} />`;
}

/** A pause of every call covers each server too. @param {{ one: any }} props */
export function Health({ one }) {
  const status = useResource(may('Read') ? 'status' : null);
  if (one.paused || status.data?.pauses?.gateway) return html`<${Badge} tone="warn">paused<//>`;
  return one.detachedCredentials ? html`<${Badge} tone="bad">credential required<//>`
    : one.health?.lacksCredential ? html`<${Badge} tone="bad">no valid credential<//>`
    : html`<${Badge} tone=${{ ok: 'ok', unreachable: 'bad', failing: 'bad' }[/** @type {string} */ (one.health?.health)]
      ?? ''}>
      ${{ ok: 'OK', unreachable: 'unreachable', failing: 'failing' }[/** @type {string} */ (one.health?.health)]
        ?? 'not called yet'}<//>`;
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
    <${Loaded} of=${list} lines=${6}>${(/** @type {any} */ page) => html`
      <${Table} label="Servers" rows=${page.items} keyOf=${(/** @type {any} */ one) => one.name}
        href=${(/** @type {any} */ one) => link('servers', one.name)}
        empty=${html`<${EmptyState} title=${q ? 'No matching servers' : 'No servers yet'}
          action=${q ? html`<a class="button" href=${link('servers')}>Show all servers</a>` : register}
          command="gateway server add crm https://crm.example/mcp">
            ${q ? '' : 'Register an MCP server by its URL. The gateway then lists its tools.'}<//>`}
        columns=${[
          { title: 'Server', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />` },
          { title: 'Health', cell: (/** @type {any} */ one) => html`<${Health} one=${one} />
            ${one.health?.since && html` <span class="muted small">
              <${RelativeTime} at=${one.health.since} /></span>`}` },
          { title: 'URL', narrow: false, cell: (/** @type {any} */ one) => html`<code>
            <${Untrusted} text=${one.url} max=${120} /></code>` },
          { title: 'Grants', number: true, cell: (/** @type {any} */ one) => may('Read')
            ? html`<a href=${link('grants', { server: one.name })}>${count(one.grants)}</a>` : count(one.grants) },
          { title: 'Source', narrow: false, cell: (/** @type {any} */ one) => html`<span class="muted">
            ${one.origin === 'file' ? 'configuration file' : 'operator'}</span>` },
        ]} /><${Pager} list=${page} noun="servers" />`}<//>
    <${CommandHint} command="gateway server list" />
    ${isNew && html`<${Register} onClose=${() => setNew(false)} />`}`;
}
