import { html, useState } from '../../vendor/ui.js';
import { path, remove, session } from '../../api/client.js';
import { addPasskey, canUsePasskeys, passkeys } from '../../api/passkeys.js';
import {
  Button, Card, CommandHint, Confirm, ErrorBox, Field, RelativeTime, Untrusted, loaded, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';

export function Passkeys() {
  const list = useResource(passkeys());
  const [name, setName] = useState('');
  const [gone, setGone] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setError(null);
    setBusy(true);
    try {
      await addPasskey(name);
      setName('');
      toast.ok('Passkey added. You can now sign in with it.');
      invalidate('operators');
    } catch (failure) { setError(failure); } finally { setBusy(false); }
  };
  return html`<${Card} title="Passkeys">${loaded(list, page => html`
    ${table({ label: 'Passkeys', rows: page.items, keyOf: one => one.name,
      empty: html`<p class="muted">You have no passkeys. Add one to sign in with a fingerprint, your face or a security
        key instead of a password.</p>`, columns: [
        { title: 'Passkey', cell: one => html`<${Untrusted} text=${one.name} />` },
        { title: 'Domain', narrow: false, cell: one => html`<${Untrusted} text=${one.domain} />` },
        { title: 'Last used', cell: one => html`<${RelativeTime} at=${one.lastUsed} />` },
        { title: 'Actions', cell: one => html`<${Button} kind="danger"
          aria-label=${`Remove ${one.name}`}
          onClick=${() => setGone(one.name)}>Remove<//>` },
      ] })}`)}
    ${canUsePasskeys() ? html`<form onSubmit=${submit}>
      <${Field} label="Passkey name" required maxlength="64" autocomplete="off" spellcheck=${false}
        hint="1 to 64 letters, digits, periods, underscores and hyphens. Example: laptop" value=${name}
        onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
      <${ErrorBox} error=${error} />
      <${Button} type="submit" busy=${busy}>Add passkey<//>
    </form>` : html`<p class="muted">This browser supports passkeys only over HTTPS or on localhost.</p>`}
    <${CommandHint} command="gateway passkey list" />
    ${gone && html`<${Confirm} title="Remove passkey" name=${gone} act="Remove passkey" onClose=${() => setGone('')}
      onDo=${async () => {
      await remove(path('operators', session.value?.name ?? '', 'passkeys', gone));
      invalidate('operators', 'sessions');
    }} />`}<//>`;
}
