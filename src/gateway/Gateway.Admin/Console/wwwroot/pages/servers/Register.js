import { html, useState } from '../../vendor/ui.js';
import { patch, path, post, put } from '../../api/client.js';
import { Button, Dialog, ErrorBox, Field, Untrusted, toast } from '../../components/index.js';
import { invalidate } from '../../state/resource.js';
import { go, link } from '../../state/route.js';

/** Registers a server, or changes `old`; what is secret is given again or stays. @param {{ old?: any, etag?: string | null, onClose: () => void }} props */
export function Register({ old, etag, onClose }) {
  const [name, setName] = useState(old?.name ?? '');
  const [url, setUrl] = useState(old?.url ?? '');
  const [header, setHeader] = useState('');
  const [value, setValue] = useState('');
  const [tried, setTried] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {any} */ (null));
  const body = () => ({ url, ...(header ? { headers: { [header]: value } } : {}) });
  const set = (/** @type {(text: string) => void} */ setter) => (/** @type {any} */ event) => { setter(event.target.value); setTried(null); setError(null); };
  const test = async () => {
    setTried(null);
    setError(null);
    try { setTried((await post(`${path('servers', name)}/test`, body())).data); } catch (problem) { setError(problem); }
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const done = old ? await patch(path('servers', name), body(), { ifMatch: etag ?? undefined }) : await put(path('servers', name), body());
      invalidate('servers', 'catalogue');
      if (done.data.detachedCredentials) toast.error(`${name} saved. Enter its credential again.`);
      else toast.ok(old ? `${name} saved.` : `${name} registered.`);
      onClose();
      go(link('servers', name));
    } catch (problem) { setError(problem); }
  };
  const isFull = name && url;
  return html`<${Dialog} title=${old ? 'Edit server' : 'Register server'} onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" value=${name} required disabled=${Boolean(old)} autofocus=${!old} autocomplete="off" spellcheck="false" maxlength="64"
      hint=${html`Up to 64 characters. Agents connect at <code>/mcp/${name || 'NAME'}</code>.`} onInput=${set(setName)} />
    <${Field} label="MCP endpoint URL" value=${url} required type="url" placeholder="https://crm.example/mcp" autocomplete="off" onInput=${set(setUrl)} />
    <div class="columns tight"><${Field} label="Header name" value=${header} placeholder="Authorization" autocomplete="off" spellcheck="false"
        hint=${old?.headerNames.length > 0 ? `Current: ${old.headerNames.join(', ')}. Leave empty to keep. With a new URL, they are kept only if you may manage secrets.` : 'Optional. The header that carries the credential.'} onInput=${set(setHeader)} />
      <${Field} label="Header value" value=${value} type="password" autocomplete="off" hint="Stored encrypted. Not shown again." onInput=${set(setValue)} /></div>
    <div class="row"><${Button} onClick=${test} disabled=${!isFull}>Test connection<//><span class="muted small">A test saves nothing.</span></div>
    <div aria-live="polite">${tried && (tried.answers
      ? html`<p class="notice ok"><strong>Connection succeeded.</strong> ${tried.tools} tools in ${tried.milliseconds} ms:
          ${tried.names.slice(0, 6).map((/** @type {string} */ tool) => html` <code><${Untrusted} text=${tool} max=${60} /></code>`)}${tried.tools > 6 ? ' …' : ''}</p>`
      : html`<p class="notice warn"><strong>Connection failed.</strong> <${Untrusted} text=${tried.problem} multiline /></p>`)}</div>
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" disabled=${!isFull}>${old ? 'Save changes' : tried && !tried.answers ? 'Register anyway' : 'Register server'}<//></div>
  </form><//>`;
}
