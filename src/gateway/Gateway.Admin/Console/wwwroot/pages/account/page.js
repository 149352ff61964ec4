import { html, useState } from '../../vendor/ui.js';
import { path, post, remove, session } from '../../api/client.js';
import { Button, Card, CommandHint, ErrorBox, Field, Loaded, PageHead, RelativeTime, Table, Time, Untrusted, toast }
  from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { Passkeys } from './Passkeys.js';

export default function Account() {
  const who = session.value;
  return html`<${PageHead} title="Your account" lead=${html`<${Untrusted} text=${who?.displayName || who?.name} />`} />
    <div class="columns">
      <${Card} title="Who you are"><dl class="facts">
        <dt>Name</dt><dd><${Untrusted} text=${who?.name} /></dd>
        <dt>Roles</dt><dd>${who?.roles.join(', ') || 'none'}</dd>
        <dt>Signed in by</dt><dd>${{ session: 'this browser\'s session', proxy: 'the proxy', key: 'a key' }[who?.via ?? ''] ?? who?.via}</dd>
        ${who?.expires && html`<dt>Ends</dt><dd><${Time} at=${who.expires} />, unless you use it</dd>`}
      </dl><${CommandHint} command="gateway whoami" /><//>
      ${who?.via === 'session' && html`<${Password} />`}
    </div>
    ${who?.via === 'session' && html`<${Passkeys} />`}
    <${Sessions} />`;
}

function Password() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState(/** @type {any} */ (null));
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setError(null);
    try {
      await post('session/password', { current, password });
      setCurrent('');
      setPassword('');
      toast.ok('Your password is changed. Your other browsers are signed out.');
      invalidate('sessions');
    } catch (failure) { setError(failure); }
  };
  return html`<${Card} title="Change your password"><form onSubmit=${submit}>
    <${Field} label="The one that you have" type="password" autocomplete="current-password" required value=${current}
      onInput=${(/** @type {any} */ event) => setCurrent(event.target.value)} />
    <${Field} label="A new one" type="password" autocomplete="new-password" required minlength="12" maxlength="256"
      hint="12 to 256 characters. Your other browsers are signed out." value=${password}
      onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} />
    <${ErrorBox} error=${error} />
    <${Button} kind="primary" type="submit">Change<//>
  </form><//>`;
}

function Sessions() {
  const sessions = useResource('sessions', { query: { operator: session.value?.name } });
  return html`<${Card} title="Where you are signed in"><${Loaded} of=${sessions}>${(/** @type {any} */ list) => html`
    <${Table} label="Signed-in browsers" rows=${list.items} keyOf=${(/** @type {any} */ one) => one.id} columns=${[
      { title: 'Browser', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.agent || 'unknown'} max=${80} />` },
      { title: 'From', cell: (/** @type {any} */ one) => html`<span class="whole"><${Untrusted} text=${one.from} /></span>` },
      { title: 'Last used', cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.seen} />` },
      { title: 'Action', cell: (/** @type {any} */ one) => one.isThis ? 'this one' : html`<${Button}
        onClick=${async () => { await remove(path('sessions', one.id)); invalidate('sessions'); }}>Sign out<//>` },
    ]} />`}<//><${CommandHint} command="gateway session list" /><//>`;
}
