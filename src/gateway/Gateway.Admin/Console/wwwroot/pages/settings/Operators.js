import { html, useState } from '../../vendor/ui.js';
import { patch, path, post, remove, session } from '../../api/client.js';
import { Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Loaded, RelativeTime, Table, Untrusted } from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';

/** @param {{ name?: string }} props */
export function Operators({ name }) {
  const list = useResource('operators');
  const [above, setAbove] = useState(/** @type {any} */ (null));
  if (name) return html`<${Keys} name=${name} />`;
  return html`<${Card} title="Operators" actions=${html`<${Button} kind="primary" onClick=${() => setAbove({})}>Add an operator<//>`}>
    <${Loaded} of=${list}>${(/** @type {any} */ page) => html`<${Table} label="Operators" rows=${page.items} keyOf=${(/** @type {any} */ one) => one.name}
      href=${(/** @type {any} */ one) => link('settings', 'operators', one.name)} empty=${html`<${EmptyState} title="There is no operator yet" command="gateway operator create ana --role admin --password" />`} columns=${[
        { title: 'Operator', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />` }, { title: 'Name', narrow: false, cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.displayName} max=${80} />` },
        { title: 'Roles', cell: (/** @type {any} */ one) => html`<span class="row">${one.roles.length === 0 ? html`<span class="muted">none</span>` : one.roles.map((/** @type {string} */ role) => html`<${Badge}>${role}<//>`)}</span>` },
        { title: 'State', cell: (/** @type {any} */ one) => html`<${Badge} tone=${one.status === 'active' ? 'ok' : 'bad'}>${one.status}<//>` },
        { title: 'Last used', narrow: false, cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.lastUsed} />` },
        { title: 'Action', cell: (/** @type {any} */ one) => html`<div class="actions"><${Button} aria-label=${`Change ${one.name}`} onClick=${() => setAbove({ old: one })}>Change<//>
          ${one.name !== session.value?.name && html`<${Button} aria-label=${`${one.status === 'active' ? 'Disable' : 'Enable'} ${one.name}`} onClick=${async () => {
            await post(`${path('operators', one.name)}/${one.status === 'active' ? 'disable' : 'enable'}`, {});
            invalidate('operators', 'sessions');
          }}>${one.status === 'active' ? 'Disable' : 'Enable'}<//>`}</div>` },
      ]} />`}<//><${CommandHint} command="gateway operator list" />
    ${above && html`<${Change} old=${above.old} onClose=${() => setAbove(null)} />`}<//>`;
}

/** @param {{ old?: any, onClose: () => void }} props */
function Change({ old, onClose }) {
  const [one, setOne] = useState({ name: old?.name ?? '', displayName: old?.displayName ?? '', roles: (old?.roles ?? ['viewer']).join(', '), password: '' });
  const [error, setError] = useState(/** @type {any} */ (null));
  const current = useResource(old ? path('operators', old.name) : null);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) => setOne({ ...one, [name]: event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = { displayName: one.displayName || null, roles: one.roles.split(/[\s,]+/).filter(Boolean), password: one.password || undefined };
    try {
      if (old) await patch(path('operators', old.name), body, { ifMatch: current.etag ?? undefined });
      else await post('operators', { ...body, name: one.name });
      invalidate('operators');
      onClose();
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${old ? `Change ${old.name}` : 'Add an operator'} onClose=${onClose}><form onSubmit=${submit}>
    ${!old && html`<${Field} label="Name" value=${one.name} required autofocus maxlength="64" autocomplete="off" hint="As records name them. It stays." onInput=${set('name')} />`}
    <${Field} label="Name as the person writes it" value=${one.displayName} maxlength="128" autocomplete="off" onInput=${set('displayName')} />
    <${Field} label="Roles" value=${one.roles} autocomplete="off" spellcheck="false" hint="viewer, approver, editor, admin, member, service, agent; approver:crm is for the server crm alone." onInput=${set('roles')} />
    <${Field} label=${old ? 'A new password' : 'Password'} type="password" autocomplete="new-password" minlength="12" maxlength="256" value=${one.password}
      hint=${old ? 'Empty keeps the one that there is.' : '12 to 256 characters. Empty: they come with a key.'} onInput=${set('password')} />
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" type="submit">${old ? 'Change' : 'Add'}<//></div></form><//>`;
}

/** @param {{ name: string }} props */
function Keys({ name }) {
  const keys = useResource(`${path('operators', name)}/keys`);
  const [cut, setCut] = useState('');
  return html`<${Card} title=${html`<a href=${link('settings', 'operators')}>Operators</a> / keys of <${Untrusted} text=${name} />`}>
    <${Loaded} of=${keys}>${(/** @type {any} */ page) => html`<${Table} label="API keys" rows=${page.items} keyOf=${(/** @type {any} */ one) => one.name}
      empty=${html`<${EmptyState} title="There is no key" command=${`gateway key create deploy --operator ${name}`} />`} columns=${[
        { title: 'Key', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />` }, { title: 'Roles', cell: (/** @type {any} */ one) => one.roles.join(', ') },
        { title: 'State', cell: (/** @type {any} */ one) => html`<${Badge} tone=${one.status === 'active' ? 'ok' : ''}>${one.status}<//>` },
        { title: 'Ends', cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.expires} />` }, { title: 'Last used', narrow: false, cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.lastUsed} />` },
        { title: 'Action', cell: (/** @type {any} */ one) => html`<${Button} kind="danger" aria-label=${`Revoke ${one.name}`} onClick=${() => setCut(one.name)}>Revoke<//>` },
      ]} />`}<//><${CommandHint} command=${`gateway key list --operator ${name}`} />
    ${cut && html`<${Confirm} title="Revoke this key" name=${cut} act="Revoke" onClose=${() => setCut('')} onDo=${async () => { await remove(path('operators', name, 'keys', cut)); invalidate('operators'); }} />`}<//>`;
}

export function Sessions() {
  const list = useResource('sessions', { every: 60_000 });
  return html`<${Card} title="Signed-in browsers"><${Loaded} of=${list}>${(/** @type {any} */ page) => html`<${Table} label="Sessions" rows=${page.items} keyOf=${(/** @type {any} */ one) => one.id}
    empty=${html`<p class="muted">Nobody is signed in with a browser.</p>`} columns=${[
      { title: 'Operator', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.operator} />` }, { title: 'Browser', narrow: false, cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.agent || 'unknown'} max=${60} />` },
      { title: 'From', cell: (/** @type {any} */ one) => html`<span class="whole"><${Untrusted} text=${one.from} /></span>` }, { title: 'Last used', cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.seen} />` },
      { title: 'Action', cell: (/** @type {any} */ one) => one.isThis ? 'this one' : html`<${Button} aria-label=${`End the session of ${one.operator}`} onClick=${async () => { await remove(path('sessions', one.id)); invalidate('sessions'); }}>End<//>` },
    ]} />`}<//><${CommandHint} command="gateway session list" /><//>`;
}
