import { html, useState } from '../../vendor/ui.js';
import { path, post, remove, session } from '../../api/client.js';
import {
  Button, Card, CommandHint, ErrorBox, Field, PageHead, RelativeTime, Time, Untrusted, loaded, table, toast,
} from '../../components/index.js';
import { AbsenceCard } from '../../components/absences.js';
import { invalidate, useResource } from '../../state/resource.js';
import { Passkeys } from './Passkeys.js';

export default function Account() {
  const who = session.value;
  return html`<${PageHead} title="Your account" lead=${html`<${Untrusted} text=${who?.displayName || who?.name} />`} />
    <div class="columns">
      <${Card} title="Profile"><dl class="facts">
        <dt>Username</dt><dd><${Untrusted} text=${who?.name} /></dd>
        <dt>Roles</dt><dd>${who?.roles.join(', ') || 'none'}</dd>
        <dt>Signed in with</dt>
          <dd>${{ session: 'browser session', proxy: 'authenticating proxy', key: 'API key' }[who?.via ?? '']
            ?? who?.via}</dd>
        ${who?.expires && html`<dt>Session expires</dt><dd><${Time} at=${who.expires} /> if not used</dd>`}
      </dl><${CommandHint} command="gateway whoami" /><//>
      ${who?.via === 'session' && html`<${Password} />`}
    </div>
    ${who && html`<${AbsenceCard} name=${who.name} />`}
    ${who?.via === 'session' && html`<${Passkeys} />`}
    <${Sessions} />`;
}

function Password() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setError(null);
    try {
      await post('session/password', { current, password });
      setCurrent('');
      setPassword('');
      toast.ok('Password changed. Your other browsers are signed out.');
      invalidate('sessions');
    } catch (failure) { setError(failure); }
  };
  return html`<${Card} title="Password"><form onSubmit=${submit}>
    <${Field} label="Current password" type="password" autocomplete="current-password" required value=${current}
      onInput=${(/** @type {FieldEvent} */ event) => setCurrent(event.target.value)} />
    <${Field} label="New password" type="password" autocomplete="new-password" required minlength="12" maxlength="256"
      hint="12 to 256 characters. Changing it signs out your other browsers." value=${password}
      onInput=${(/** @type {FieldEvent} */ event) => setPassword(event.target.value)} />
    <${ErrorBox} error=${error} />
    <${Button} kind="primary" type="submit">Change password<//>
  </form><//>`;
}

function Sessions() {
  const sessions = useResource('sessions', { query: { operator: session.value?.name } });
  return html`<${Card} title="Browser sessions">${loaded(sessions, list => html`
    ${table({ label: 'Browser sessions', rows: list.items, keyOf: one => one.id, columns: [
      { title: 'Browser', cell: one => html`<${Untrusted} text=${one.agent || 'unknown'}
        max=${160} />` },
      { title: 'IP address', narrow: false, cell: one => html`<span class="whole">
        <${Untrusted} text=${one.from} /></span>` },
      { title: 'Last used', cell: one => html`<${RelativeTime} at=${one.seen} />` },
      { title: 'Actions', cell: one => one.isThis ? 'This session' : html`<${Button}
        aria-label=${`Sign out ${one.from}, ${one.agent || 'unknown browser'}`}
        onClick=${async () => { await remove(path('sessions', one.id)); invalidate('sessions'); }}>Sign out<//>` },
    ] })}`)}<${CommandHint} command="gateway session list" /><//>`;
}
