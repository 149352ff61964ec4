import { html } from '../../vendor/ui.js';
import { path } from '../../api/client.js';
import {
  Badge, Choice, CommandHint, EmptyState, PageHead, Risk, Search, Suspicious, Untrusted, count, loaded, table,
} from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { Tool } from './Tool.js';

/** @template T @typedef {import('../../components/Table.js').Column<T>} Column */

const shownMax = 200;

/** @param {import('../index.js').PageProps} props */
export default function Catalogue({ segments: [server, tool], query }) {
  return tool ? html`<${Tool} key=${`${server}/${tool}`} server=${server}
    name=${tool} />` : html`<${Index} query=${{ ...query, server: server ?? query.server }} />`;
}

/** @param {{ query: Record<string, string> }} props */
function Index({ query }) {
  const servers = useResource('servers', { query: { limit: 500 } });
  const names = (servers.data?.items ?? []).map(one => one.name);
  return html`<${PageHead} title="Catalogue"
    lead="Tools that your servers offer, with the effect and the risk of a call." />
    <div class="filters"><${Search} label="Search" value=${query.q} />
      <${Choice} label="Server" name="server" value=${query.server}
        options=${[['', 'All'], ...names.map(name => [name, name])]} />
      <${Choice} label="Risk" name="risk" value=${query.risk}
        options=${[['', 'Any'], ...['Critical', 'High', 'Medium', 'Low'].map(one => [one, one])]} />
      <${Choice} label="Category" name="category" value=${query.category}
        options=${[['', 'Any'], ...['Read', 'Write', 'Execute', 'Destructive', 'Financial', 'Secret'].map(one =>
          [one, one])]} />
      <${Choice} label="Transport" name="transport" value=${query.transport}
        options=${[['', 'Any'], ['Stdio', 'stdio'], ['Http', 'HTTP'], ['Sse', 'HTTP+SSE'], ['Unknown', 'Unknown']]} />
      <${Choice} label="Source" name="of" value=${query.of}
        options=${[['', 'Registered servers'], ['public', 'Public servers']]} />
      <${Choice} label="Show" name="view" value=${query.view} options=${[['', 'Tools'], ['servers', 'By server']]} />
        </div>
    ${loaded(servers, () => names.length === 0 && query.of !== 'public'
      ? html`<${EmptyState} title="No servers yet"
        action=${html`<a class="button primary" href=${link('servers')}>Register server</a>`}
        command="gateway server add crm https://crm.example/mcp" />`
      : query.server && !query.q && !query.of && !query.transport && !query.view ? html`<${OfServer} key=${query.server}
        server=${query.server} query=${query} />` : html`<${Found} query=${query} />`)}
    <${CommandHint} command=${hint(query)} />`;
}

/** @param {Record<string, string>} query */
function hint({ server, of, view, q }) {
  const words = /^[\w -]+$/.test(q ?? '') ? ` ${q}` : '';
  if (of === 'public' || view === 'servers') return `gateway catalogue search${words}${of === 'public' ? ' --of public'
    : ''}${view === 'servers' ? ' --servers' : ''}`;
  return server ? `gateway tools list --server ${server}` : 'gateway tools list';
}

/** A tool of the inventory of one server, or one that a search found. @typedef {{ server: string, name: string,
 *   category: string, risk: string, app?: string, suspicious?: boolean, registered?: boolean, parameters?: string,
 *   rule?: string, reason?: string, highlights?: Api.HighlightsView }} ToolRow */
/** @param {{ of: ToolRow }} props */
const Name = ({ of }) => html`<${Marked} text=${of.name} ranges=${of.highlights?.name} />
  ${of.app && html` <${Badge}>app<//>`}<${Suspicious} of=${of} />`;

/** @type {Column<ToolRow>[]} */
const columns = [
  { title: 'Tool', cell: tool => html`<${Name} of=${tool} />` },
  { title: 'Server', cell: tool => html`<${Untrusted} text=${tool.server} />` },
  { title: 'Category', narrow: false, cell: tool => html`<${Badge}>${tool.category}<//>` },
  { title: 'Risk', cell: tool => html`<${Risk} risk=${tool.risk} />` },
];

/** The policy entry that we recommend for a tool of the published catalogue. @type {Record<string, string>} */
const rules = {
  limit: 'Limit', limit_arguments: 'Limit, checked arguments', spend: 'Budget, approval of large amounts',
    approve: 'Approval',
  approve_redact: 'Approval, redacted result', none: 'No entry can name it',
};

/** @type {Column<ToolRow>[]} */
const publicColumns = [
  { title: 'Tool', cell: tool => html`<${Marked} text=${tool.name}
    ranges=${tool.highlights?.name} />
    ${tool.parameters && html`<div class="muted small"><${Untrusted} text=${tool.parameters} max=${160} /></div>`}` },
  ...columns.slice(1),
  { title: 'Recommended rule', narrow: false, cell: tool => tool.rule ? html`<span
    title=${tool.reason}>${rules[tool.rule] ?? tool.rule}</span>` : '' },
];

/** @type {Column<Api.FoundGroupView>[]} */
const groupColumns = [
  { title: 'Server', cell: one => html`<strong>
    <${Untrusted} text=${one.server.name} max=${120} /></strong>
    <div class="muted small"><${Untrusted} text=${one.server.package ?? one.server.repository ?? ''} max=${120} />
      </div>` },
  { title: 'Transport', narrow: false, cell: one => one.server.transport },
  { title: 'Matching', cell: one => `${count(one.matching)} of ${count(one.server.tools)}` },
  { title: 'Best tools', cell: one => one.tools.map(tool => html`<div>
    <${Name} of=${tool} /> <${Risk} risk=${tool.risk} /></div>`) },
];

/** The servers that can do it, the best first. @param {{ groups: Api.FoundGroupView[], total: number }} props */
const Groups = ({ groups, total }) => html`
  ${table({ label: 'Servers', rows: groups,
    keyOf: one => `${one.server.registered}/${one.server.name}`,
    href: one => one.server.registered ? link(['catalogue', one.server.name]) : undefined,
    empty: html`<${EmptyState} title="No matching servers"
      action=${html`<a class="button" href=${link('catalogue')}>Show all tools</a>`} />`, columns: groupColumns })}
  <p class="muted small">
    ${groups.length === 1 ? '1 server' : `${count(groups.length)} servers`}; ${total === 1 ? '1 tool'
      : `${count(total)} tools`}</p>`;

/** Counts by property, each a link to these only.
 * @param {{ facets: Api.FacetsView, query: Record<string, string> }} props */
const Facets = ({ facets, query }) => html`<div class="muted small">
  ${Object.entries({ risk: facets.risks, category: facets.categories,
    transport: facets.transports }).map(([name, counts]) => {
  const found = Object.entries(counts).filter(([, many]) => many > 0);
  return found.length > 1 && html`<div>
    ${name[0].toUpperCase() + name.slice(1)}: ${found.map(([key, many], at) => html`${at > 0 && ' · '}
      <a href=${link(['catalogue'], { ...query, [name]: key })}>${key}</a> ${count(many)}`)}</div>`;
})}</div>`;

/** @param {{ rows: ToolRow[], total: number, isPublic?: boolean }} props */
const Tools = ({ rows, total, isPublic = false }) => html`
  ${table({ label: 'Tools', rows: rows.slice(0, shownMax),
    keyOf: tool => `${tool.server}/${tool.name}`,
    href: tool => tool.registered === false ? undefined
      : link('catalogue', tool.server, tool.name),
    empty: html`<${EmptyState} title="No matching tools"
      action=${html`<a class="button" href=${link('catalogue')}>Show all tools</a>`} />`,
      columns: isPublic ? publicColumns : columns })}
  <p class="muted small">
    ${total > Math.min(rows.length, shownMax) ? `Showing ${Math.min(rows.length,
      shownMax)} of ${count(total)} tools. Search to find others.` : total === 1 ? '1 tool' : `${count(total)} tools`}
    </p>`;

/**
 * Of one server, which is asked where nothing is known of it yet.
 * @param {{ server: string, query: Record<string, string> }} props
 */
function OfServer({ server, query }) {
  const list = useResource(path('catalogue', server));
  return loaded(list, one => {
    const rows = one.tools.map(tool => ({ ...tool, server }))
      .filter(tool => (!query.risk || tool.risk === query.risk)
        && (!query.category || tool.category === query.category));
    return html`<${Tools} rows=${rows} total=${rows.length} />`;
  }, 8);
}

/** @param {{ query: Record<string, string> }} props */
function Found({ query }) {
  const { q, server, risk, category, transport, of, view } = query;
  const group = view === 'servers' ? 'server' : undefined;
  const found = useResource('catalogue/search', { query: { q, server, risk, category, transport, group,
    of: of || 'registered', limit: 100 } });
  return loaded(found, one => html`
    ${one.note && of && html`<p class="notice">${one.note}</p>`}
    <${Facets} facets=${one.facets} query=${query} />
    ${q && !group && one.servers.length > 0 && html`<ul class="bullets">
      ${one.servers.map(other => html`<li><strong>
        <${Untrusted} text=${other.name} max=${120} /></strong>
      <span class="muted small">${count(other.tools)} tools
        </span> <${Untrusted} text=${other.description ?? other.package ?? ''} max=${200} /></li>`)}</ul>`}
    ${group ? html`<${Groups} groups=${one.groups ?? []} total=${one.total} />` : html`<${Tools} rows=${one.items}
      total=${one.total} isPublic=${of === 'public'} />`}`, 8);
}

/**
 * A text with what was looked for in it.
 * @param {{ text: string, ranges?: { start: number, length: number }[] }} props
 */
function Marked({ text, ranges = [] }) {
  const parts = [];
  let from = 0;
  for (const { start, length } of ranges) {
    parts.push(html`<${Untrusted} text=${text.slice(from, start)} /><mark>
      <${Untrusted} text=${text.slice(start, start + length)} /></mark>`);
    from = start + length;
  }
  return html`${parts}<${Untrusted} text=${text.slice(from)} max=${120} />`;
}
