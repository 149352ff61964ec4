import { html, useState } from '../../vendor/ui.js';
import { patch, path, post, put } from '../../api/client.js';
import { Button, Dialog, ErrorBox, Field, Untrusted, toast } from '../../components/index.js';
import { Disclosure, SpecFields } from '../../components/SpecFields.js';
import { invalidate } from '../../state/resource.js';
import { go, link } from '../../state/route.js';
import { edited, errorAt, patchOf, textsOf } from '../../state/spec.js';
import { members } from './spec.js';

// A header has fields of its own, because a server's headers are entered one at a time and never shown.
const fields = members.filter(member => member.name !== 'headers');

/**
 * Registers a server, or changes `old`; what is secret is given again or stays.
 * @param {{ old?: Api.ServerView, etag?: string | null, onClose: () => void }} props
 */
export function Register({ onClose, ...read }) {
  // The page reads the server again meanwhile: the values of the fields and the version are those of one response.
  const [{ old, etag }] = useState(read);
  const [name, setName] = useState(old?.name ?? '');
  const before = old && !old.urls ? old.url : '';
  const [url, setUrl] = useState(before);
  const [header, setHeader] = useState('');
  const [value, setValue] = useState('');
  const [texts, setTexts] = useState(() => textsOf(fields, old));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const [tried, setTried] = useState(/** @type {Api.ServerTest | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const replicas = texts['/urls'];
  const forget = () => { setTried(null); setError(null); setWrong({}); };
  const set = (/** @type {(text: string) => void} */ setter) =>
    (/** @type {FieldEvent} */ event) => { setter(event.target.value); forget(); };
  /**
   * The body of a request, or null if a field is wrong.
   * @param {{ values: Record<string, unknown>, errors: Record<string, string> }} read
   * @param {Record<string, unknown>} address
   */
  const body = ({ values, errors }, address) => {
    const all = url && replicas ? { ...errors, '/urls': 'Enter a URL above, or replicas here.' } : errors;
    setWrong(all);
    return Object.keys(all).length > 0 ? null : { ...values, ...address,
      ...(header ? { headers: { [header]: value } } : {}) };
  };
  const test = async () => {
    forget();
    // A test takes a complete address, whether it was edited or not.
    const whole = body(edited(fields, texts, old),
      url ? { url, urls: undefined } : { urls: edited(fields, texts).values.urls });
    try { if (whole) setTried((await post(path('servers', name, 'test'), whole)).data); } catch (problem) { setError(
      problem); }
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const changed = old ? body(patchOf(fields, texts, old), url === before ? {} : { url: url || null })
      : body(edited(fields, texts), url ? { url } : {});
    if (!changed) return;
    try {
      const done = old ? await patch(path('servers', name), changed, { ifMatch: etag ?? undefined })
        : await put(path('servers', name), changed);
      invalidate('servers', 'catalogue');
      if (done.data.detachedCredentials) toast.error(`${name} saved. Enter its credential again.`);
      else toast.ok(old ? `${name} saved.` : `${name} registered.`);
      onClose();
      go(link('servers', name));
    } catch (problem) { setError(problem); }
  };
  const form = { texts, onChange: (/** @type {Record<string, string>} */ next) => { setTexts(next); forget(); },
    errorAt: (/** @type {string} */ at) => wrong[at] ?? errorAt(error, at) };
  const isFull = name && (url || replicas);
  return html`<${Dialog} title=${old ? 'Edit server' : 'Register server'} onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" value=${name} required disabled=${Boolean(old)} autofocus=${!old} autocomplete="off"
      spellcheck=${false} maxlength="64"
      hint=${html`Up to 64 characters. Agents connect at <code>/mcp/${name || 'NAME'}</code>.`}
      onInput=${set(setName)} />
    <${Field} label="MCP endpoint URL" value=${url} required=${!replicas} type="url" error=${errorAt(error, '/url')}
      placeholder="https://crm.example/mcp" autocomplete="off" onInput=${set(setUrl)} />
    <div class="columns tight"><${Field} label="Header name" value=${header} placeholder="Authorization"
      autocomplete="off" spellcheck=${false}
        hint=${old && old.headerNames.length > 0
          ? `Current: ${old.headerNames.join(
            ', ')}. Leave empty to keep. With a new URL, they are kept only if you may manage secrets.`
          : 'Optional. The header that carries the credential.'} onInput=${set(setHeader)} />
      <${Field} label="Header value" value=${value} type="password" autocomplete="off"
        hint="Stored encrypted. Not shown again." onInput=${set(setValue)} /></div>
    <div class="row"><${Button} onClick=${test} disabled=${!isFull}>Test connection<//>
      <span class="muted small">A test saves nothing.</span></div>
    <div aria-live="polite">${tried && (tried.answers
      ? html`<p class="notice ok"><strong>Connection succeeded.</strong> ${tried.tools} tools
        in ${tried.milliseconds} ms:
          ${tried.names?.slice(0, 6).map(tool => html` <code>
            <${Untrusted} text=${tool} max=${60} /></code>`)}${(tried.tools ?? 0) > 6 ? ' …' : ''}</p>`
      : html`<p class="notice warn"><strong>Connection failed.</strong> <${Untrusted} text=${tried.problem} multiline />
        </p>`)}</div>
    <${Disclosure} title="More settings" class="more" members=${fields} ...${form}>
      <${SpecFields} members=${fields} isChange=${Boolean(old)} ...${form} /><//>
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" disabled=${!isFull}>
        ${old ? 'Save changes' : tried && !tried.answers ? 'Register anyway' : 'Register server'}<//></div>
  </form><//>`;
}
