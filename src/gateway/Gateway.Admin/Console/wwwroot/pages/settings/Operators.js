import { html, useState } from '../../vendor/ui.js';
import { patch, path, post, remove, request, session } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, RelativeTime, Untrusted, loaded,
  table,
} from '../../components/index.js';
import { AbsenceCard, Away, useAway } from '../../components/absences.js';
import { invalidate, useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { errorAt } from '../../state/spec.js';
import { Invitations, Invite } from './Invitations.js';
import { Roles } from './Roles.js';

/** @template T @typedef {import('../../api/client.js').Answer<T>} Answer */

/** @param {{ name?: string }} props */
export function Operators({ name }) {
  const list = useResource('operators');
  const [above, setAbove] = useState(
    /** @type {{ invite?: boolean, cut?: string, old?: Answer<Api.OperatorView> } | null} */ (null));
  const away = useAway();
  if (name) return html`<${Keys} name=${name} /><${AbsenceCard} name=${name} />`;
  return html`<${Card} title="Operators" class="operators"
    actions=${html`<${Button} onClick=${() => setAbove({})}>Add operator<//>
    <${Button} kind="primary" onClick=${() => setAbove({ invite: true })}>Invite person<//>`}>
    <${Away} away=${away} />${loaded(list, page => table({ label: 'Operators', rows: page.items,
      keyOf: one => one.name,
      href: one => link('settings', 'operators', one.name),
      empty: html`<${EmptyState} title="No operators yet"
        command="gateway operator create ana --role admin --password" />`, columns: [
        { title: 'Operator', cell: one => html`<${Untrusted}
          text=${one.name} />` }, { title: 'Display name', narrow: false,
            cell: one => one.displayName ? html`<${Untrusted} text=${one.displayName} max=${80} />`
              : html`<span class="muted">none</span>` },
        { title: 'Roles', cell: one => html`<span class="row">
          ${one.roles.length === 0 ? html`<span class="muted">none
            </span>` : one.roles.map(role => html`<${Badge}>${role}<//>`)}</span>` },
        { title: 'Status', narrow: false, cell: one => html`<span class="row">
          <${Badge} tone=${one.status === 'active' ? 'ok' : 'bad'}>${one.status}<//>${
          away.has(one.name) && html`<${Badge} tone="info">away<//>`}</span>` },
        { title: 'Last used', narrow: false, cell: one => html`<${RelativeTime}
          at=${one.lastUsed} />` },
        { title: 'Actions', cell: one => html`<div class="actions">
          <${Button} aria-label=${`Edit ${one.name}`}
            onClick=${async () => setAbove({ old: await request('GET', path('operators', one.name)) })}>Edit<//>
          ${one.name !== session.value?.name && html`<${Button}
            aria-label=${`${one.status === 'active' ? 'Disable' : 'Enable'} ${one.name}`} onClick=${async () => {
            await post(path('operators', one.name, one.status === 'active' ? 'disable' : 'enable'), {});
            invalidate('operators', 'sessions');
          }}>${one.status === 'active' ? 'Disable' : 'Enable'}<//>
          <${Button} kind="danger" aria-label=${`Remove ${one.name}`}
            onClick=${() => setAbove({ cut: one.name })}>Remove<//>`}</div>` },
      ] }))}<${CommandHint} command="gateway operator list" />
    ${above?.invite && html`<${Invite} onClose=${() => setAbove(null)} />`}
    ${above?.cut && html`<${Confirm} title="Remove operator" name=${above.cut} act="Remove operator"
      onClose=${() => setAbove(null)} onDo=${async () => {
        await remove(path('operators', above.cut ?? ''), { ifMatch: '*' });
        invalidate('operators', 'sessions');
      }}><p>The operator's sessions, keys and passkeys end at once. The name stays in the audit log. To keep the
        account, disable the operator instead.</p><//>`}
    ${above && !above.invite && !above.cut && html`<${Change} read=${above.old} onClose=${() => setAbove(null)} />`}<//>
      <${Invitations} />`;
}

/**
 * Adds an operator, or edits the one that was read when the dialog was opened: the list may be older than another's
 * change.
 * @param {{ read?: Answer<Api.OperatorView>, onClose: () => void }} props */
function Change({ read, onClose }) {
  const old = read?.data;
  const [one, setOne] = useState({ name: old?.name ?? '', displayName: old?.displayName ?? '', password: '' });
  const [roles, setRoles] = useState(old?.roles ?? ['viewer']);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const set = (/** @type {string} */ name) => (/** @type {FieldEvent} */ event) =>
    setOne({ ...one, [name]: event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = { displayName: one.displayName || null, roles, password: one.password || undefined };
    try {
      if (old) await patch(path('operators', old.name), body, { ifMatch: read?.etag ?? undefined });
      else await post('operators', { ...body, name: one.name });
      invalidate('operators');
      onClose();
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${old ? `Edit ${old.name}` : 'Add operator'} onClose=${onClose}><form onSubmit=${submit}>
    ${!old && html`<${Field} label="Username" value=${one.name} required autofocus maxlength="64" autocomplete="off"
      hint="Up to 64 characters. Shown in the audit log. Cannot be changed later." onInput=${set('name')} />`}
    <${Field} label="Display name (optional)" value=${one.displayName} maxlength="128" autocomplete="off"
      onInput=${set('displayName')} />
    <${Roles} roles=${roles} onChange=${setRoles} error=${errorAt(error, '/roles')} />
    <${Field} label=${old ? 'New password' : 'Password'} type="password" autocomplete="new-password" minlength="12"
      maxlength="256" value=${one.password}
      hint=${old ? '12 to 256 characters. Leave empty to keep the current password.'
        : '12 to 256 characters. Leave empty for API-key access only.'} onInput=${set('password')} />
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">${old ? 'Save changes' : 'Add operator'}<//></div></form><//>`;
}

/** @param {{ name: string }} props */
function Keys({ name }) {
  const keys = useResource(path('operators', name, 'keys'));
  const [cut, setCut] = useState('');
  return html`<${Card} title=${html`<a href=${link('settings', 'operators')}>Operators
    </a> / API keys of <${Untrusted} text=${name} />`}>
    ${loaded(keys, page => table({ label: 'API keys', rows: page.items,
      keyOf: one => one.name,
      empty: html`<${EmptyState} title="No API keys" command=${`gateway key create deploy --operator ${name}`} />`,
      columns: [
        { title: 'Key', cell: one => html`<${Untrusted}
          text=${one.name} />` }, { title: 'Roles', cell: one => one.roles.join(', ') },
        { title: 'Status', cell: one => html`<${Badge} tone=${one.status === 'active' ? 'ok' : ''}>
          ${one.status}<//>` },
        { title: 'Expires', cell: one => html`<${RelativeTime}
          at=${one.expires} />` }, { title: 'Last used', narrow: false,
            cell: one => html`<${RelativeTime} at=${one.lastUsed} />` },
        { title: 'Actions', cell: one => html`<${Button} kind="danger"
          aria-label=${`Revoke ${one.name}`} onClick=${() => setCut(one.name)}>Revoke<//>` },
      ] }))}<${CommandHint} command=${`gateway key list --operator ${name}`} />
    ${cut && html`<${Confirm} title="Revoke key" name=${cut} act="Revoke key" onClose=${() => setCut('')}
      onDo=${async () => { await remove(path('operators', name, 'keys', cut)); invalidate('operators'); }} />`}<//>`;
}

export function Sessions() {
  const list = useResource('sessions', { every: 60_000 });
  return html`<${Card} title="Browser sessions">${loaded(list, page => table({ label: 'Sessions', rows: page.items,
      keyOf: one => one.id,
    empty: html`<p class="muted">No browser sessions.</p>`, columns: [
      { title: 'Operator', cell: one => html`<${Untrusted}
        text=${one.operator} />` }, { title: 'Browser', narrow: false,
          cell: one => html`<${Untrusted} text=${one.agent || 'unknown'} max=${160} />` },
      { title: 'IP address', cell: one => html`<span class="whole">
        <${Untrusted} text=${one.from} />
          </span>` }, { title: 'Last used', cell: one => html`<${RelativeTime}
            at=${one.seen} />` },
      { title: 'Actions', cell: one => one.isThis ? 'This session' : html`<${Button}
        aria-label=${`End session of ${one.operator} at ${one.from}`}
        onClick=${async () => { await remove(path('sessions', one.id)); invalidate('sessions'); }}>End session<//>` },
    ] }))}<${CommandHint} command="gateway session list" /><//>`;
}
