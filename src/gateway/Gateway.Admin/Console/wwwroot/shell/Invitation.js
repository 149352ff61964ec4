// An invitation: the person with the link sets up a sign-in of their own. Opening the page does not use the link.
import { html, useEffect, useState } from '../vendor/ui.js';
import { ApiError, post, session, whoAmI } from '../api/client.js';
import { acceptWithPasskey, canUsePasskeys } from '../api/passkeys.js';
import { Button, EmptyState, ErrorBox, Field, Skeleton, Time, Untrusted } from '../components/index.js';
import { rolesInWords, roleTexts } from '../components/roles.js';
import { forget } from '../state/resource.js';

/** @param {{ code?: string }} props */
export function Invitation({ code = '' }) {
  const [offer, setOffer] = useState(/** @type {Api.InvitationOffer | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const isOpen = !session.value;
  const load = () => post('session/invitation', { code }).then(({ data }) => { setError(null); setOffer(data); },
    setError);
  useEffect(() => {
    document.title = 'Invitation · Policy Gateway';
    if (isOpen) load();
  }, [code]);
  if (!isOpen) {
    return html`<main class="alone"><${EmptyState} alone title="You are already signed in"
      action=${html`<a class="button primary" href="#/">Open console</a>`}>The link was not used. To accept the
        invitation, sign out
      first, or open the link in another browser.<//></main>`;
  }
  if (error instanceof ApiError && [400, 403].includes(error.status)) {
    return html`<main class="alone"><${EmptyState} alone title="This link does not work"
      action=${html`<a class="button primary" href="#/">Go to sign-in</a>`}>An invitation works once, until it expires
        or is
      withdrawn. Ask the person who sent it for a new one. If you have set up your account already, sign in.<//>
        </main>`;
  }
  if (error) return html`<main class="alone"><${ErrorBox} error=${error} retry=${load} /></main>`;
  return offer ? html`<${Accept} code=${code} offer=${offer} onDead=${setError} />` : html`<main class="alone">
    <${Skeleton} /></main>`;
}

/** @param {{ code: string, offer: Api.InvitationOffer, onDead: (error: unknown) => void }} props */
function Accept({ code, offer, onDead }) {
  const [displayName, setDisplayName] = useState(offer.displayName ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const names = [...new Set(offer.roles.map(role => role.split(':')[0]))];
  /** @param {() => Promise<unknown>} way */
  const enter = async way => {
    setBusy(true);
    setError(null);
    try {
      await way();
    } catch (failure) {
      setBusy(false);
      if (failure instanceof ApiError && failure.status === 403) onDead(failure);
      else setError(failure);
      return;
    }
    forget();
    // The used link leaves the browser's history.
    location.replace('#/');
    await whoAmI();
  };
  const name = () => displayName || undefined;
  return html`<main class="alone"><div class="sign-in card">
    <p class="brand"><span class="mark" aria-hidden="true"></span>Policy Gateway</p>
    <div class="stack"><h1>You are invited</h1>
      <p><strong><${Untrusted} text=${offer.by} /></strong> invites you to this gateway as
        ${' '}<strong><${Untrusted} text=${rolesInWords(offer.roles)} /></strong>.</p>
      ${names.map(one => roleTexts[one] && html`<p class="muted">
        ${roleTexts[one]}</p>`)}
      <p class="muted small">The link works once, until <${Time} at=${offer.expires} />.</p></div>
    ${offer.providers.map(one => html`<${Button} class="wide" disabled=${busy}
      onClick=${() => enter(async () => {
      const { data } = await post('session/invitation/provider', { code, provider: one.name });
      location.assign(data.location);
      return new Promise(() => {});
    })}>Continue with ${one.displayName}<//>`)}
    ${offer.passkey && canUsePasskeys() && html`<${Button} class="wide" disabled=${busy}
      onClick=${() => enter(() => acceptWithPasskey(code, name()))}>Create a passkey<//>`}
    ${(offer.providers.length > 0 || (offer.passkey && canUsePasskeys())) && html`<p class="or muted">
      <span>or</span></p>`}
    <form onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      enter(() => post('session/invitation/accept', { code, displayName: name(), password }));
    }}>
      <${Field} label="Username" name="username" autocomplete="username" value=${offer.name} readonly />
      <${Field} label="Display name (optional)" name="displayName" autocomplete="name" maxlength="128"
        value=${displayName}
        onInput=${(/** @type {FieldEvent} */ event) => setDisplayName(event.target.value)} />
      <${Field} label="Password" name="password" type="password" autocomplete="new-password" required minlength="12"
        maxlength="256"
        hint="12 to 256 characters." value=${password}
        onInput=${(/** @type {FieldEvent} */ event) => setPassword(event.target.value)} />
      <${ErrorBox} error=${error} />
      <${Button} kind="primary" class="wide" type="submit" busy=${busy}>Create account<//>
    </form></div></main>`;
}
