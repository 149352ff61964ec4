import { html } from '../../vendor/ui.js';
import { path } from '../../api/client.js';
import { Badge, Choice, CommandHint, EmptyState, ErrorBox, Loaded, PageHead, Risk, Search, Skeleton, Table, Untrusted, count } from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { Tool } from './Tool.js';

const shownMax = 200;

/** @param {import('../index.js').PageProps} props */
export default function Catalogue({ segments: [server, tool], query }) {
  return tool ? html`<${Tool} key=${`${server}/${tool}`} server=${server} name=${tool} />` : html`<${Index} query=${{ ...query, server: server ?? query.server }} />`;
}

/** @param {{ query: Record<string, string> }} props */
function Index({ query }) {
  const servers = useResource('servers', { query: { limit: 500 } });
  const names = (servers.data?.items ?? []).map((/** @type {any} */ one) => one.name);
  return html`<${PageHead} title="Catalogue" lead="Every tool that the servers offer, what it does, and how much harm a wrong call may do." />
    <div class="filters"><${Search} label="Search" value=${query.q} />
      <${Choice} label="Server" name="server" value=${query.server} options=${[['', 'All'], ...names.map((/** @type {string} */ name) => [name, name])]} />
      <${Choice} label="Risk" name="risk" value=${query.risk} options=${[['', 'Any'], ...['Critical', 'High', 'Medium', 'Low'].map(one => [one, one])]} />
      <${Choice} label="Category" name="category" value=${query.category} options=${[['', 'Any'], ...['Read', 'Write', 'Execute', 'Destructive', 'Financial'].map(one => [one, one])]} /></div>
    <${Loaded} of=${servers}>${() => names.length === 0
      ? html`<${EmptyState} title="There is no server yet" action=${html`<a class="button primary" href=${link('servers')}>Register a server</a>`} command="gateway server add crm https://crm.example/mcp" />`
      : html`<${Found} key=${query.server ?? names.join('/')} names=${query.server ? [query.server] : names} query=${query} />`}<//>
    <${CommandHint} command=${`gateway tools list ${query.server ?? names[0] ?? 'SERVER'}`} />`;
}

/** @param {{ names: string[], query: Record<string, string> }} props */
function Found({ names, query }) {
  // Each server is asked once and kept; a bounded number at a time, since the gateway asks two at once.
  const lists = names.slice(0, 20).map(name => ({ name, ...useOne(name) }));
  const words = (query.q ?? '').toLowerCase().split(' ').filter(Boolean);
  const rows = lists.flatMap(list => (list.data?.tools ?? []).map((/** @type {any} */ tool) => ({ ...tool, server: list.name })))
    .filter(tool => (!query.risk || tool.risk === query.risk) && (!query.category || tool.category === query.category)
      && words.every(word => `${tool.server} ${tool.name} ${tool.category}`.toLowerCase().includes(word)));
  const isLoading = lists.some(list => !list.data && !list.error);
  return html`${lists.filter(list => list.error).map(list => html`<${ErrorBox} error=${list.error} retry=${list.reload} />`)}
    ${names.length > 20 && html`<p class="notice">The first 20 servers are searched; choose a server for the others.</p>`}
    ${rows.length === 0 && isLoading ? html`<${Skeleton} lines=${8} />` : html`
    <${Table} label="Tools" rows=${rows.slice(0, shownMax)} keyOf=${(/** @type {any} */ tool) => `${tool.server}/${tool.name}`} href=${(/** @type {any} */ tool) => link('catalogue', tool.server, tool.name)}
      empty=${html`<${EmptyState} title="No tool is like that" action=${html`<a class="button" href=${link('catalogue')}>Show all</a>`} />`} columns=${[
        { title: 'Tool', cell: (/** @type {any} */ tool) => html`<${Untrusted} text=${tool.name} max=${120} />` },
        { title: 'Server', cell: (/** @type {any} */ tool) => html`<${Untrusted} text=${tool.server} />` },
        { title: 'Category', narrow: false, cell: (/** @type {any} */ tool) => html`<${Badge}>${tool.category}<//>` },
        { title: 'Risk', cell: (/** @type {any} */ tool) => html`<${Risk} risk=${tool.risk} />` },
      ]} />
    <p class="muted small">${rows.length > shownMax ? `${shownMax} of ${count(rows.length)} tools; search to see others` : `${count(rows.length)} tools`}</p>`}`;
}

/** @param {string} name */
const useOne = name => useResource(path('catalogue', name));
