// Passkeys of this browser or its authenticators. What is signed goes to the admin API as the browser gives it.
import { ApiError, path, post, session } from './client.js';

/** The parts of WebAuthn's level 3 that are used here, as browsers of 2025 have them. */
const browser = /** @type {any} */ (globalThis).PublicKeyCredential;

/** Whether this browser can make and use passkeys on this page. */
export const canUsePasskeys = () =>
  typeof browser?.parseCreationOptionsFromJSON === 'function'
    && typeof browser?.parseRequestOptionsFromJSON === 'function';

/** Signs in; the cookie is the session. */
export async function signInWithPasskey() {
  const { data } = await post('session/passkey/options');
  const credential = await asked(() =>
    navigator.credentials.get({ publicKey: browser.parseRequestOptionsFromJSON(data) }));
  await post('session/passkey', { credential });
}

/** Has the browser make a passkey, and adds it. @param {string} name */
export async function addPasskey(name) {
  const { data } = await post('session/passkeys/options');
  const credential = await asked(() =>
    navigator.credentials.create({ publicKey: browser.parseCreationOptionsFromJSON(data) }));
  await post('session/passkeys', { name, credential });
}

/**
 * Has the browser make a passkey, and accepts an invitation with it.
 * @param {string} code @param {string} [displayName]
 */
export async function acceptWithPasskey(code, displayName) {
  const { data } = await post('session/invitation/passkey', { code });
  const credential = await asked(() =>
    navigator.credentials.create({ publicKey: browser.parseCreationOptionsFromJSON(data) }));
  await post('session/invitation/accept', { code, displayName, passkey: { name: 'first', credential } });
}

/** Where one's own passkeys are. */
export const passkeys = () => `${path('operators', session.value?.name ?? '')}/passkeys`;

/** What the browser gives, as JSON; what it refuses, in words. @param {() => Promise<any>} ask */
async function asked(ask) {
  try {
    return (await ask()).toJSON();
  } catch (error) {
    const name = /** @type {any} */ (error)?.name;
    throw new ApiError(0, {
      title: 'Passkey not available',
      detail: name === 'InvalidStateError' ? 'This authenticator already has a passkey for your account.'
        : name === 'SecurityError'
          ? 'The browser does not allow passkeys at this address. Open the console over HTTPS at its configured host '
            + 'name.'
          : 'The browser returned no passkey: none exists for this address, or the request was canceled or timed out.',
    });
  }
}
