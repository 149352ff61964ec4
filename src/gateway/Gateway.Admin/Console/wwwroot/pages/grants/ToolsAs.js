import { html, useState } from '../../vendor/ui.js';
import { may, path, put } from '../../api/client.js';
import { Button, Card, CommandHint, Dialog, ErrorBox, Untrusted, toast } from '../../components/index.js';
import { invalidate } from '../../state/resource.js';
import { SpecFields } from '../../components/SpecFields.js';
import { edited, errorAt, textsOf } from '../../state/spec.js';
import { members } from './spec.js';

/** The members that this card shows, for facts beside it. */
export const hidden = { tools_as: null, virtual_tools: null };

/** How a grant's client has its tools: listed or found, and those that stand for others. @param {{ one: any, etag: string | null }} props */
export function ToolsAs({ one, etag }) {
  const [isOpen, setOpen] = useState(false);
  const stands = Object.entries(one.virtual_tools ?? {}).flatMap(([server, tools]) =>
    Object.entries(/** @type {Record<string, any>} */ (tools)).map(([name, tool]) => ({ server, name, tool: tool.tool })));
  return html`<${Card} title="Tools offered to the client" actions=${one.origin === 'api' && may('Edit')
    && html`<${Button} onClick=${() => setOpen(true)}>Edit grant<//>`}>
    <p>${one.tools_as === 'search' ? 'By search: three tools find, describe and call the others.' : 'Every tool is listed.'}</p>
    ${stands.length > 0 && html`<dl class="facts" aria-label="Virtual tools">${stands.map(({ server, name, tool }) => html`
      <dt><${Untrusted} text=${name} max=${80} /></dt>
      <dd><span class="muted">replaces</span> <${Untrusted} text=${tool} max=${80} /> <span class="muted">on</span> <${Untrusted} text=${server} /></dd>`)}</dl>`}
    <${CommandHint} command=${`gateway grant set ${one.name} --tools-as search --virtual-tools tools.json`} />
    ${isOpen && html`<${Change} one=${one} etag=${etag} onClose=${() => setOpen(false)} />`}<//>`;
}

/** @param {{ one: any, etag: string | null, onClose: () => void }} props */
function Change({ one, etag, onClose }) {
  const [texts, setTexts] = useState(() => textsOf(members, one));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const [error, setError] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const { values, errors, isWrong } = edited(members, texts, one);
    setWrong(errors);
    if (isWrong) return;
    setBusy(true);
    try {
      // PUT leaves absent members as they are. A merge patch would merge edited objects with the present ones.
      await put(path('grants', one.name), { servers: one.servers, expires: one.expires ?? null, ...values }, { ifMatch: etag ?? '*' });
      toast.ok(`${one.name} saved.`);
      invalidate('grants');
      onClose();
    } catch (problem) { setError(problem); }
    setBusy(false);
  };
  return html`<${Dialog} wide title="Edit grant" onClose=${onClose}><form onSubmit=${submit}>
    <${SpecFields} members=${members} texts=${texts} onChange=${setTexts} errorAt=${(/** @type {string} */ at) => wrong[at] ?? errorAt(error, at)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" type="submit" busy=${busy}>Save changes<//></div>
  </form><//>`;
}
