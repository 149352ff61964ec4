import { html, useState } from '../../vendor/ui.js';
import { post } from '../../api/client.js';
import { Button, Dialog, ErrorBox, Field, Loaded } from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';
import { SpecFields } from '../../components/SpecFields.js';
import { edited, errorAt, textsOf } from '../../state/spec.js';
import { members } from './spec.js';
import { Token } from './Token.js';

/** @param {{ onClose: () => void }} props */
export function Create({ onClose }) {
  const servers = useResource('servers', { query: { limit: 500 } });
  const policies = useResource('policies', { query: { limit: 500 } });
  const [name, setName] = useState('');
  const [expires, setExpires] = useState('90d');
  const [chosen, setChosen] = useState(/** @type {Record<string, string>} */ ({}));
  const [texts, setTexts] = useState(() => textsOf(members));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const [error, setError] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState(/** @type {any} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const { values, errors, isWrong } = edited(members, texts);
    setWrong(errors);
    if (isWrong) return;
    setBusy(true);
    try {
      const { data } = await post('grants', { ...values, name, expires: expires || undefined,
        servers: Object.fromEntries(Object.entries(chosen).map(([server, policy]) => [server, policy || null])) });
      setMade(data);
      invalidate('grants');
    } catch (problem) { setError(problem); }
    setBusy(false);
  };
  if (made) {
    const done = () => { onClose(); go(link('grants', made.grant.name)); };
    return html`<${Dialog} wide title="Grant created" onClose=${done}
      actions=${html`<${Button} kind="primary" onClick=${done}>Done<//>`}>
      <${Token} token=${made.token} urls=${made.urls} /><//>`;
  }

  return html`<${Dialog} title="Create grant" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" value=${name} required autofocus autocomplete="off" spellcheck=${false} maxlength="64" error=${errorAt(error, '/name')}
      hint="Up to 64 characters. Identifies the agent, such as support-bot. Cannot be changed later."
      onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
    <${Loaded} of=${servers}>${(/** @type {any} */ list) => list.items.length === 0
      ? html`<p class="notice warn">No servers yet. <a href=${link('servers')}>Register a server first.</a></p>`
      : html`<fieldset class="stack"><legend>Servers and policies</legend>${list.items.map((/** @type {any} */ server) => html`
        <div class="row choose"><label class="check"><input type="checkbox" checked=${server.name in chosen}
            onChange=${(/** @type {any} */ event) => {
              const next = { ...chosen };
              if (event.target.checked) next[server.name] = ''; else delete next[server.name];
              setChosen(next);
            }} />${server.name}</label>
          ${server.name in chosen && html`<select aria-label=${`Policy for ${server.name}`} value=${chosen[server.name]}
            onChange=${(/** @type {any} */ event) => setChosen({ ...chosen, [server.name]: event.target.value })}>
            <option value="">No policy (every call is denied)</option>
            ${(policies.data?.items ?? []).map((/** @type {any} */ policy) => html`<option value=${policy.name}>${policy.name}</option>`)}
          </select>`}</div>`)}</fieldset>`}<//>
    <${Field} label="Expires" value=${expires} error=${errorAt(error, '/expires')} hint="A duration such as 30d or 12h, or a date and time. Leave empty for no expiry."
      onInput=${(/** @type {any} */ event) => setExpires(event.target.value)} />
    <${SpecFields} members=${members} texts=${texts} onChange=${setTexts}
      errorAt=${(/** @type {string} */ at) => wrong[at] ?? errorAt(error, at)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" busy=${busy} disabled=${!name || Object.keys(chosen).length === 0}>Create grant<//></div>
  </form><//>`;
}
