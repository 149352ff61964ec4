import { html, useState } from '../../vendor/ui.js';
import { CodeBlock } from '../../components/index.js';

/**
 * What to paste into a client, as `gateway grant show-config` prints it.
 * @type {[string, string, string, (server: string, url: string, token: string) => string][]}
 */
const clients = [
  ['claude-code', 'Claude Code', 'a shell in the project',
    (server, url, token) =>
      `claude mcp add --transport http ${server} ${url} --header "Authorization: Bearer ${token}"`],
  ['claude-desktop', 'Claude Desktop', 'claude_desktop_config.json (Settings, Developer, Edit Config)',
    (server, url, token) => json({ mcpServers: { [server]: { command: 'npx',
      args: ['-y', 'mcp-remote', url, '--header', 'Authorization:${AUTHORIZATION}',
        ...(isPlain(url) ? ['--allow-http'] : [])],
      env: { AUTHORIZATION: `Bearer ${token}` } } } })],
  ['cursor', 'Cursor', '~/.cursor/mcp.json, or .cursor/mcp.json in the project',
    (server, url, token) => json({ mcpServers: { [server]: { url, headers: { Authorization: `Bearer ${token}` } } } })],
  ['vscode', 'VS Code', '.vscode/mcp.json; VS Code asks once for the token',
    (server, url) => json({ inputs: [{ type: 'promptString', id: `${server}-token`,
      description: `Grant token for ${server}`, password: true }],
      servers: { [server]: { type: 'http', url, headers: { Authorization: `Bearer \${input:${server}-token}` } } } })],
  ['generic', 'Any other client', 'its configuration',
    (_, url, token) => `transport  Streamable HTTP\nurl        ${url}\nheader     Authorization: Bearer ${token}`],
];

/** @param {unknown} value */
const json = value => JSON.stringify(value, null, 2);

/** @param {string} url */
const isPlain = url => url.startsWith('http://') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url);

/** Shows a token this once, with what to paste. @param {{ token: string, urls: Record<string, string> }} props */
export function Token({ token, urls }) {
  const [chosen, setChosen] = useState(clients[0][0]);
  const [, title, where, text] = /** @type {typeof clients[0]} */ (clients.find(([key]) => key === chosen));
  return html`<p class="notice warn">Copy the token now: it is shown only once. The gateway stores only its hash.</p>
    <${CodeBlock} text=${token} what="the token" />
    ${Object.values(urls).some(isPlain) && html`<p class="notice warn">This URL is plain HTTP to another machine, so
      anyone on the
      network path can read the token. Use TLS.</p>`}
    <div class="segments" role="group" aria-label="Client">${clients.map(([key, name]) => html`<button type="button"
      aria-pressed=${key === chosen ? 'true' : 'false'} onClick=${() => setChosen(key)}>${name}</button>`)}</div>
    ${Object.entries(urls).map(([server, url]) => html`<div class="stack"><p class="small muted">${title}: ${where}</p>
      <${CodeBlock} text=${text(server, url, token)} what=${`the configuration for ${server}`} /></div>`)}`;
}
