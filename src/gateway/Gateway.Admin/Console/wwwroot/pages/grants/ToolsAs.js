import { html, useState } from '../../vendor/ui.js';
import { may, patch, path, put } from '../../api/client.js';
import { Button, Card, CommandHint, Dialog, ErrorBox, Field, Untrusted, toast } from '../../components/index.js';
import { invalidate } from '../../state/resource.js';

/** How a grant's client has its tools: listed or found, and those that stand for others. @param {{ one: any, etag: string | null }} props */
export function ToolsAs({ one, etag }) {
  const [isOpen, setOpen] = useState(false);
  const stands = Object.entries(one.virtual_tools ?? {}).flatMap(([server, tools]) =>
    Object.entries(/** @type {Record<string, any>} */ (tools)).map(([name, tool]) => ({ server, name, tool: tool.tool })));
  return html`<${Card} title="Tools as its client has them" actions=${one.origin === 'api' && may('Edit')
    && html`<${Button} onClick=${() => setOpen(true)}>Change the tools<//>`}>
    <p>${one.tools_as === 'search' ? 'Found: three tools find, describe and call the others.' : 'Each is listed.'}</p>
    ${stands.length > 0 && html`<dl class="facts" aria-label="Virtual tools">${stands.map(({ server, name, tool }) => html`
      <dt><${Untrusted} text=${name} max=${80} /></dt>
      <dd><span class="muted">stands for</span> <${Untrusted} text=${tool} max=${80} /> <span class="muted">of</span> <${Untrusted} text=${server} /></dd>`)}</dl>`}
    <${CommandHint} command=${`gateway grant set ${one.name} --tools-as search --virtual-tools tools.json`} />
    ${isOpen && html`<${Change} one=${one} etag=${etag} onClose=${() => setOpen(false)} />`}<//>`;
}

/** @param {{ one: any, etag: string | null, onClose: () => void }} props */
function Change({ one, etag, onClose }) {
  const [toolsAs, setToolsAs] = useState(one.tools_as ?? 'list');
  const [text, setText] = useState(JSON.stringify(one.virtual_tools ?? {}, null, 2));
  const [error, setError] = useState(/** @type {any} */ (null));
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    let virtual;
    try { virtual = JSON.parse(text.trim() || '{}'); } catch (problem) {
      setWrong(/** @type {Error} */ (problem).message);
      return;
    }
    setBusy(true);
    setWrong('');
    try {
      const options = { ifMatch: etag ?? '*' };
      // A merge patch would merge the edited tools with the present ones, and could not set a null among them.
      if (JSON.stringify(virtual) === JSON.stringify(one.virtual_tools ?? {})) await patch(path('grants', one.name), { tools_as: toolsAs }, options);
      else await put(path('grants', one.name), { servers: one.servers, expires: one.expires ?? null, tools_as: toolsAs, virtual_tools: virtual }, options);
      toast.ok(`${one.name} has its tools so now.`);
      invalidate('grants');
      onClose();
    } catch (problem) { setError(problem); }
    setBusy(false);
  };
  return html`<${Dialog} wide title="Change the tools" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="The client has its tools" as="select" value=${toolsAs} autofocus
      onChange=${(/** @type {any} */ event) => setToolsAs(event.target.value)}>
      <option value="list">listed, each by itself</option><option value="search">found and called by three tools</option><//>
    <${Field} label="Virtual tools, as JSON" as="textarea" rows="12" class="code" spellcheck="false" value=${text} error=${wrong || null}
      hint='Server to name to "tool", "description", "fix", "default", "schema"; {} for none.'
      onInput=${(/** @type {any} */ event) => setText(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" type="submit" busy=${busy}>Save<//></div>
  </form><//>`;
}
