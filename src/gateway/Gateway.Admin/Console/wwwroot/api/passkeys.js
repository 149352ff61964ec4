// Passkeys of this browser or its authenticators. What is signed goes to the admin API as the browser gives it.
import { ApiError, path, post, session } from './client.js';

/** The parts of WebAuthn's level 3 that are used here; browsers before 2025 lack them.
 * @type {Partial<Pick<typeof PublicKeyCredential, 'parseCreationOptionsFromJSON' | 'parseRequestOptionsFromJSON'>>} */
const browser = globalThis.PublicKeyCredential ?? {};

/** Whether this browser can make and use passkeys on this page. */
export const canUsePasskeys = () => typeof browser.parseCreationOptionsFromJSON === 'function'
  && typeof browser.parseRequestOptionsFromJSON === 'function';

/** @param {unknown} options The API's response. */
const create = options => asked(() => navigator.credentials.create({ publicKey: browser.parseCreationOptionsFromJSON?.(
  /** @type {PublicKeyCredentialCreationOptionsJSON} */ (options)) }));

/** Signs in; the cookie is the session. */
export async function signInWithPasskey() {
  const { data } = await post('session/passkey/options');
  const options = /** @type {PublicKeyCredentialRequestOptionsJSON} */ (data);
  const credential = await asked(() =>
    navigator.credentials.get({ publicKey: browser.parseRequestOptionsFromJSON?.(options) }));
  await post('session/passkey', { credential });
}

/** Has the browser make a passkey, and adds it. @param {string} name */
export async function addPasskey(name) {
  const { data } = await post('session/passkeys/options');
  await post('session/passkeys', { name, credential: await create(data) });
}

/**
 * Has the browser make a passkey, and accepts an invitation with it.
 * @param {string} code @param {string} [displayName]
 */
export async function acceptWithPasskey(code, displayName) {
  const { data } = await post('session/invitation/passkey', { code });
  const passkey = { name: 'first', credential: await create(data) };
  await post('session/invitation/accept', { code, displayName, passkey });
}

/** Where one's own passkeys are. */
export const passkeys = () => path('operators', session.value?.name ?? '', 'passkeys');

/** What the browser gives, as JSON; what it refuses, in words. @param {() => Promise<Credential | null>} ask */
async function asked(ask) {
  try {
    return /** @type {PublicKeyCredential} */ (await ask()).toJSON();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
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
