// The accounts that callers have connected to a server: whose they are, and the buttons that test and revoke them.
import { html, useState } from '../../vendor/ui.js';
import { may, path, post, remove } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, ErrorBox, Pager, Time, Untrusted, loaded, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';

/** @param {{ name: string, cursor?: string }} props */
export function Connections({ name, cursor }) {
  const list = useResource('connections', { query: { server: name, cursor } });
  const [revoked, setRevoked] = useState(/** @type {Api.ConnectionView | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const test = async (/** @type {Api.ConnectionView} */ one) => {
    try {
      const { data: { ok, why } } = await post(path('connections', one.name, 'test'), {});
      if (ok) toast.ok(`The connection of ${callerOf(one)} has a valid access token.`);
      else setError({ title: 'Connection not usable',
        message: `The connection of ${callerOf(one)} cannot be used: ${why}.` });
      invalidate('connections');
    } catch (problem) { setError(problem); }
  };
  const revoke = async (/** @type {Api.ConnectionView} */ one) => {
    await remove(path('connections', one.name));
    toast.ok(`The connection of ${callerOf(one)} is revoked.`);
    invalidate('connections');
  };
  return html`<${Card} title="Connected callers">
    <p class="muted">Each caller uses its own account on this server. A call without a connection returns a link to
      connect an account.
      The gateway itself has no account there, so it cannot list the tools.</p>
    <${ErrorBox} error=${error} />
    ${loaded(list, data => data.items.length === 0 ? html`<p class="muted">No
      caller has connected yet.</p>` : html`
      <ul class="list">${data.items.map(one => html`<li key=${one.name} class="row">
        <strong><${Untrusted} text=${callerOf(one)} max=${200} /></strong>
        ${one.problem && html`<${Badge} tone="bad">ended<//> <${Untrusted} text=${one.problem} max=${200} />`}
        <span class="muted small">grant <${Untrusted} text=${one.grant} />, connected <${Time} at=${one.connected} />
          ${one.connectedBy !== one.subject && html` by <${Untrusted} text=${one.connectedBy} max=${80} />`}</span>
        ${may('Edit', name) && html`<${Button} aria-label=${`Test ${callerOf(one)}`} onClick=${() => test(one)}>Test<//>
          <${Button} aria-label=${`Revoke ${callerOf(one)}`} onClick=${() => setRevoked(one)}>Revoke…<//>`}</li>`)}</ul>
      <${Pager} list=${data} noun="connections" />`, 3)}
    <${CommandHint} command=${`gateway connection list --server ${name}`} />
    ${revoked && html`<${Confirm} title="Revoke connection" name=${revoked.subject ?? revoked.grant}
      act="Revoke connection" onClose=${() => setRevoked(null)} onDo=${() => revoke(revoked)}>
      <p>The tokens of <${Untrusted} text=${callerOf(revoked)} max=${200} /> are deleted. The next call returns a link
        to connect again.</p><//>`}<//>`;
}

/** @param {Api.ConnectionView} one */
const callerOf = one => one.subject ?? `the token of ${one.grant}`;
