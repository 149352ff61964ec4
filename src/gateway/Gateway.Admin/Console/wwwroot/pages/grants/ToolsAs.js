import { html } from '../../vendor/ui.js';
import { Card, CommandHint, Untrusted } from '../../components/index.js';

/** The members that this card shows, for facts beside it. */
export const hidden = { tools_as: null, virtual_tools: null };

/** How a grant's client has its tools: listed or found, and those that stand for others.
 * @param {{ one: Api.GrantView }} props */
export function ToolsAs({ one }) {
  const stands = Object.entries(one.virtual_tools ?? {}).flatMap(([server, tools]) =>
    Object.entries(/** @type {Record<string, { tool: string }>} */ (tools))
      .map(([name, tool]) => ({ server, name, tool: tool.tool })));
  return html`<${Card} title="Tools offered to the client">
    <p>${one.tools_as === 'search' ? 'By search: three tools find, describe and call the others.'
      : 'Every tool is listed.'}</p>
    ${stands.length > 0 && html`<dl class="facts" aria-label="Virtual tools">
      ${stands.map(({ server, name, tool }) => html`
      <dt><${Untrusted} text=${name} max=${80} /></dt>
      <dd><span class="muted">replaces</span> <${Untrusted} text=${tool} max=${80} /> <span class="muted">on
        </span> <${Untrusted} text=${server} /></dd>`)}</dl>`}
    <${CommandHint} command=${`gateway grant set ${one.name} --tools-as search --virtual-tools tools.json`} /><//>`;
}
