const form = document.getElementById('passkey');
const browser = globalThis.PublicKeyCredential;
form.hidden = typeof browser?.parseRequestOptionsFromJSON !== 'function';
form.addEventListener('submit', async event => {
  event.preventDefault();
  try {
    const publicKey = browser.parseRequestOptionsFromJSON(JSON.parse(form.dataset.options));
    const credential = await navigator.credentials.get({ publicKey });
    form.elements.passkey.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    document.getElementById('no-passkey').hidden = false;
  }
});
