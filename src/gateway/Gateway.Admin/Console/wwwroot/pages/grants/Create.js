import { html, useState } from '../../vendor/ui.js';
import { patch, path, post } from '../../api/client.js';
import { Button, Dialog, ErrorBox, Field, toast } from '../../components/index.js';
import { invalidate } from '../../state/resource.js';
import { go, link } from '../../state/route.js';
import { errorAt } from '../../state/spec.js';
import { GrantFields, useGrantFields } from './Form.js';
import { Token } from './Token.js';

/** @param {{ onClose: () => void }} props */
export function Create({ onClose }) {
  const fields = useGrantFields();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState(/** @type {Api.GrantCreated | null} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = fields.whole();
    if (!body) return;
    setBusy(true);
    try {
      const { data } = await post('grants', { ...body, name });
      setMade(data);
      invalidate('grants');
    } catch (problem) { fields.setError(problem); }
    setBusy(false);
  };
  if (made) {
    const done = () => { onClose(); go(link('grants', made.grant.name)); };
    return html`<${Dialog} wide title="Grant created" onClose=${done}
      actions=${html`<${Button} kind="primary" onClick=${done}>Done<//>`}>
      <${Token} token=${made.token} urls=${made.urls} /><//>`;
  }

  return html`<${Dialog} wide title="Create grant" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" value=${name} required autofocus autocomplete="off" spellcheck=${false} maxlength="64"
      error=${errorAt(fields.error, '/name')}
      hint="Up to 64 characters. Identifies the agent, such as support-bot. Cannot be changed later."
      onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
    <${GrantFields} fields=${fields} />
    <${ErrorBox} error=${fields.error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" busy=${busy}
        disabled=${!name || Object.keys(fields.servers).length === 0}>Create grant<//></div>
  </form><//>`;
}

/** Edits a grant, whose token stays. @param {{ old: Api.GrantView, etag: string | null, onClose: () => void }} props */
export function Edit({ old, etag, onClose }) {
  // The page reads the grant again and again: a change of somebody else must not get this form's values over it.
  const [version] = useState(etag);
  const fields = useGrantFields(old);
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = fields.patch();
    if (!body) return;
    setBusy(true);
    try {
      await patch(path('grants', old.name), body, { ifMatch: version ?? '*' });
      toast.ok(`${old.name} saved. It applies from the next call on.`);
      invalidate('grants', 'policies', 'counters', 'status');
      onClose();
    } catch (problem) { fields.setError(problem); }
    setBusy(false);
  };
  return html`<${Dialog} wide title=${`Edit ${old.name}`} onClose=${onClose}><form onSubmit=${submit}>
    <p class="muted">The token stays the same. Changes apply from the next call.</p>
    <${GrantFields} fields=${fields} />
    <${ErrorBox} error=${fields.error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" busy=${busy} disabled=${Object.keys(fields.servers).length === 0}>Save
        changes<//></div>
  </form><//>`;
}
