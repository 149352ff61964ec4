// The first run: whoever has the link that the first start printed makes the first operator, and is signed in.
import { html, useEffect, useState } from '../vendor/ui.js';
import { post, session, whoAmI } from '../api/client.js';
import { Button, CommandHint, EmptyState, ErrorBox, Field } from '../components/index.js';
import { go } from '../state/route.js';

/** @param {{ code?: string }} props */
export function Welcome({ code }) {
  const [input, setInput] = useState({ name: '', displayName: '', password: '' });
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  useEffect(() => { document.title = 'Welcome · Policy Gateway'; }, []);
  if (!code || session.value) {
    return html`<main class="alone"><${EmptyState} alone
      title=${session.value ? 'You are already signed in' : 'Incomplete link'}
      action=${html`<a class="button primary" href="#/">Open console</a>`}
      command=${session.value ? undefined : 'gateway operator create NAME --role admin --password'}>
      ${session.value ? '' : 'Open the full link that the gateway printed when it first started.'}<//></main>`;
  }
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post('session/first', { code, ...input, displayName: input.displayName || undefined });
      await whoAmI();
      go('#/start');
    } catch (failure) { setError(failure); } finally { setBusy(false); }
  };
  /** @param {'name' | 'displayName' | 'password'} member */
  const bound = member => ({ value: input[member],
    onInput: (/** @type {FieldEvent} */ event) => setInput({ ...input, [member]: event.target.value }) });
  return html`<main class="alone"><div class="sign-in card">
    <p class="brand"><span class="mark" aria-hidden="true"></span>Policy Gateway</p>
    <div class="stack"><h1>Welcome</h1>
      <p class="muted">Create the first account of this gateway. It is an administrator account in your own name, so
        that the audit
        log shows who made each change. The link works once.</p></div>
    <form onSubmit=${submit}>
      <${Field} label="Username" name="name" autocomplete="username" required autofocus pattern="[a-z0-9][a-z0-9._\\-]*"
        hint="Lowercase letters, digits, periods, underscores and hyphens. Example: ana" ...${bound('name')} />
      <${Field} label="Display name (optional)" name="displayName" autocomplete="name" ...${bound('displayName')} />
      <${Field} label="Password" name="password" type="password" autocomplete="new-password" required minlength="12"
        maxlength="256"
        hint="12 to 256 characters." ...${bound('password')} />
      <${ErrorBox} error=${error} />
      <${Button} kind="primary" class="wide" type="submit" busy=${busy}>Create account<//>
    </form>
    <${CommandHint} command="gateway operator create NAME --role admin --password" />
  </div></main>`;
}
