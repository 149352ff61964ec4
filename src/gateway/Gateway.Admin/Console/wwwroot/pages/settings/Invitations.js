import { html, useState } from '../../vendor/ui.js';
import { path, post, remove } from '../../api/client.js';
import {
  Badge, Button, Card, CodeBlock, CommandHint, Confirm, Dialog, ErrorBox, Field, RelativeTime, Time, Untrusted,
  loaded, table,
} from '../../components/index.js';
import { roleTexts } from '../../components/roles.js';
import { invalidate, useResource } from '../../state/resource.js';

const lives = [['1d', '1 day'], ['3d', '3 days'], ['7d', '7 days'], ['30d', '30 days']];

/** The links that were sent and not used yet. */
export function Invitations() {
  const list = useResource('invitations', { every: 60_000 });
  const [gone, setGone] = useState('');
  return html`<${Card} title="Open invitations">${loaded(list, page => table({ label: 'Open invitations',
    rows: page.items, keyOf: one => one.name,
    empty: html`<p class="muted">No open invitations.</p>`, columns: [
      { title: 'Username', cell: one => html`<${Untrusted} text=${one.name} />` },
      { title: 'Roles', cell: one => html`<span class="row">
        ${one.roles.map(role => html`<${Badge}>${role}<//>`)}</span>` },
      { title: 'Invited by', narrow: false, cell: one => html`<${Untrusted} text=${one.by} />` },
      { title: 'Expires', cell: one => html`<${RelativeTime} at=${one.expires} />` },
      { title: 'Actions', cell: one => html`<${Button} kind="danger"
        aria-label=${`Withdraw invitation of ${one.name}`}
        onClick=${() => setGone(one.name)}>Withdraw<//>` },
    ] }))}<${CommandHint} command="gateway operator invitations" />
    ${gone && html`<${Confirm} title="Withdraw invitation" name=${gone} act="Withdraw" onClose=${() => setGone('')}
      onDo=${async () => {
      await remove(path('invitations', gone));
      invalidate('invitations');
    }} />`}<//>`;
}

/** Invites a person, then shows the link once. @param {{ onClose: () => void }} props */
export function Invite({ onClose }) {
  const [one, setOne] = useState({ name: '', displayName: '', role: 'approver', life: '3d' });
  const [servers, setServers] = useState(/** @type {string[]} */ ([]));
  const [made, setMade] = useState(/** @type {Api.InvitationCreated | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const all = useResource('servers').data?.items ?? [];
  const set = (/** @type {string} */ name) => (/** @type {FieldEvent} */ event) =>
    setOne({ ...one, [name]: event.target.value });
  const roles = one.role === 'admin' || servers.length === 0 ? [one.role]
    : servers.map(server => `${one.role}:${server}`);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setError(null);
    try {
      const { data } = await post('invitations', { name: one.name, displayName: one.displayName || undefined, roles,
        for: one.life });
      setMade(data);
      invalidate('invitations');
    } catch (problem) { setError(problem); }
  };
  if (made) {
    return html`<${Dialog} title="Invitation created" onClose=${onClose}>
      <p class="notice warn">Copy the link now: it is shown only once. Anyone who has the link can become
        ${' '}<${Untrusted} text=${made.item.name} />, so send it only to that person. It works once,
        until <${Time} at=${made.item.expires} />.</p>
      <${CodeBlock} text=${made.link} what="the link" />
      <div class="actions dialog-actions"><${Button} kind="primary" onClick=${onClose}>Done<//></div><//>`;
  }
  return html`<${Dialog} title="Invite person" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Username" value=${one.name} required autofocus maxlength="64" autocomplete="off"
      spellcheck=${false}
      hint="Up to 64 characters. Shown in the audit log. Cannot be changed later." onInput=${set('name')} />
    <${Field} label="Display name (optional)" value=${one.displayName} maxlength="128" autocomplete="off"
      onInput=${set('displayName')} />
    <${Field} label="Role" as="select" value=${one.role} hint=${roleTexts[one.role]} onChange=${set('role')}>
      ${Object.keys(roleTexts).map(role => html`<option value=${role}>${role}</option>`)}<//>
    ${one.role !== 'admin' && all.length > 0 && html`<fieldset><legend>Servers</legend>
      <p class="hint">Select servers to limit the role to them. If you select none, the role covers all servers.</p>
      <ul class="list checks">${all.map(server => html`<li><label class="check">
        <input type="checkbox"
        checked=${servers.includes(server.name)}
        onChange=${(/** @type {FieldEvent} */ event) => setServers(event.target.checked
          ? [...servers, server.name] : servers.filter(name => name !== server.name))} />
            <${Untrusted} text=${server.name} /></label></li>`)}</ul>
    </fieldset>`}
    <${Field} label="Link works for" as="select" value=${one.life} onChange=${set('life')}>
      ${lives.map(([value, text]) => html`<option value=${value}>${text}</option>`)}<//>
    <${ErrorBox} error=${error} />
    <${CommandHint} command=${`gateway operator invite ${one.name || 'NAME'} --role ${roles.join(' --role ')
      || 'ROLE'} --for ${one.life}`} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Create link<//></div></form><//>`;
}
