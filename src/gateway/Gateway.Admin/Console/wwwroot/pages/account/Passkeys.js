import { html, useState } from '../../vendor/ui.js';
import { path, remove, session } from '../../api/client.js';
import { addPasskey, canUsePasskeys, passkeys } from '../../api/passkeys.js';
import { Button, Card, CommandHint, Confirm, ErrorBox, Field, Loaded, RelativeTime, Table, Untrusted, toast }
  from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';

export function Passkeys() {
  const list = useResource(passkeys());
  const [name, setName] = useState('');
  const [gone, setGone] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {any} */ (null));
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setError(null);
    setBusy(true);
    try {
      await addPasskey(name);
      setName('');
      toast.ok('You can sign in with this passkey from now on.');
      invalidate('operators');
    } catch (failure) { setError(failure); } finally { setBusy(false); }
  };
  return html`<${Card} title="Your passkeys"><${Loaded} of=${list}>${(/** @type {any} */ page) => html`
    <${Table} label="Passkeys" rows=${page.items} keyOf=${(/** @type {any} */ one) => one.name}
      empty=${html`<p class="muted">You have no passkeys. With one you sign in without a password: with your fingerprint, your face or a security key.</p>`} columns=${[
        { title: 'Passkey', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />` },
        { title: 'For', narrow: false, cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.domain} />` },
        { title: 'Last used', cell: (/** @type {any} */ one) => html`<${RelativeTime} at=${one.lastUsed} />` },
        { title: 'Action', cell: (/** @type {any} */ one) => html`<${Button} kind="danger" aria-label=${`Remove ${one.name}`}
          onClick=${() => setGone(one.name)}>Remove<//>` },
      ]} />`}<//>
    ${canUsePasskeys() ? html`<form onSubmit=${submit}>
      <${Field} label="A name for a new passkey" required maxlength="64" autocomplete="off" spellcheck="false"
        hint="Such as laptop. Letters, digits, dots, underscores and hyphens." value=${name}
        onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
      <${ErrorBox} error=${error} />
      <${Button} kind="primary" type="submit" busy=${busy}>Add a passkey<//>
    </form>` : html`<p class="muted">This browser makes no passkeys on this page: it takes https, or localhost.</p>`}
    <${CommandHint} command="gateway passkey list" />
    ${gone && html`<${Confirm} title="Remove this passkey" name=${gone} act="Remove" onClose=${() => setGone('')} onDo=${async () => {
      await remove(path('operators', session.value?.name ?? '', 'passkeys', gone));
      invalidate('operators', 'sessions');
    }} />`}<//>`;
}
