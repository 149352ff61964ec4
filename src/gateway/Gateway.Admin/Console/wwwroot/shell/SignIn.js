import { html, useEffect, useState } from '../vendor/ui.js';
import { ApiError, address, get, hasEnded, post, whoAmI } from '../api/client.js';
import { canUsePasskeys, signInWithPasskey } from '../api/passkeys.js';
import { Button, ErrorBox, Field } from '../components/index.js';
import { forget } from '../state/resource.js';

export function SignIn() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const [ways, setWays] = useState(/** @type {Api.ProviderWay[]} */ ([]));
  const [passkey, setPasskey] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Policy Gateway';
    get('session/ways').then(found => {
      setWays(found.providers);
      setPasskey(found.passkey && canUsePasskeys());
    }, () => {});
  }, []);
  /** @param {() => Promise<unknown>} way */
  const enter = async way => {
    setBusy(true);
    setError(null);
    try {
      await way();
      forget();
      await whoAmI();
    } catch (failure) {
      setError(failure);
      if (failure instanceof ApiError && failure.status === 401) setPassword('');
    } finally { setBusy(false); }
  };
  /** @param {Event} event */
  const submit = event => {
    event.preventDefault();
    return enter(() => post('session', { name, password }));
  };
  return html`<main class="alone"><div class="sign-in card">
    <p class="brand"><span class="mark" aria-hidden="true"></span>Policy Gateway</p>
    <h1>Sign in</h1>
    ${hasEnded.value && html`<p class="notice warn" role="status">Your session has ended: it expired, was idle for
      too long, or was ended elsewhere. Sign in to continue on this page.</p>`}
    ${ways.map(way => html`<a class="button wide" href=${String(address(way.path,
      { return: `/console/${location.hash}` }))}>Continue with ${way.displayName}</a>`)}
    ${passkey && html`<${Button} class="wide" disabled=${busy} onClick=${() => enter(signInWithPasskey)}>Use a passkey
      <//>`}
    ${(passkey || ways.length > 0) && html`<p class="or muted"><span>or</span></p>`}
    <form onSubmit=${submit}>
      <${Field} label="Username" name="name" autocomplete="username" required autofocus value=${name}
        onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
      <${Field} label="Password" name="password" type="password" autocomplete="current-password" required
        value=${password}
        onInput=${(/** @type {FieldEvent} */ event) => setPassword(event.target.value)} />
      <${ErrorBox} error=${error} />
      <${Button} kind="primary" class="wide" type="submit" busy=${busy}>Sign in<//>
    </form>
    <p class="muted small">No account? An administrator can create one:
      ${' '}<code>gateway operator create NAME --role viewer --password</code></p>
  </div></main>`;
}
