// The dialog that pauses every call, a server or a grant, and what it says about a pause afterwards.
import { html, useState } from '../vendor/ui.js';
import { may, post } from '../api/client.js';
import { invalidate, useResource } from '../state/resource.js';
import { link } from '../state/route.js';
import { Button, ErrorBox, Field, Time } from './basics.js';
import { Dialog } from './Dialog.js';
import { toast } from './Toast.js';
import { Untrusted } from './Untrusted.js';

export const ends = [['', 'Until resumed'], ['15m', '15 minutes'], ['1h', '1 hour'], ['8h', '8 hours'],
  ['1d', '1 day']];

export const refresh = () => invalidate('status', 'pauses', 'grants', 'servers');

/** To pause needs less than to resume. @param {string} to The address of the action. */
const mayEnd = to => may('Edit', to.startsWith('servers/') ? decodeURIComponent(to.split('/')[1]) : undefined);

/**
 * Resumes something; an undo pauses it again with the same reason and end.
 * @param {string} to The address of the action, which ends in "resume".
 * @param {string} text The notice. @param {{ reason?: string, until?: string }} [was] The pause; without it, there is
 *   no undo.
 */
export async function resume(to, text, was) {
  await post(to, {});
  refresh();
  toast.ok(text, was && (() =>
    post(to.replace(/resume$/, 'pause'), { reason: was.reason ?? '', until: was.until ?? '' },
    { ifNoneMatch: '*' }).finally(refresh)), false);
}

/**
 * Says that something is paused; an undo ends this pause, and no pause that another operator made since then.
 * @param {string} text The notice. @param {string} to The address of the action that resumes. @param {unknown} body
 * @param {string | null} etag The pause; null if it was paused already.
 */
export const sayPaused = (text, to, body, etag) => toast.ok(text,
  etag && mayEnd(to) ? () => post(to, body, { ifMatch: etag }).finally(refresh) : undefined, false);

/**
 * @param {{ title: string, act: string, to: string, onClose: () => void, children: Children }} props
 *   `to` is the address of the action below the API; `children` says what the pause affects.
 */
export function PauseDialog({ title, act, to, onClose, children }) {
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      // An undo must not end a pause that another operator has made since the dialog opened.
      const { etag } = await post(to, { reason, until }, { ifNoneMatch: '*' });
      refresh();
      onClose();
      const what = to === 'pause' ? 'All calls are paused.' : `${title.replace(/^Pause /, '')} is paused.`;
      sayPaused(what, to.replace(/pause$/, 'resume'), {}, etag);
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title=${title} onClose=${onClose}><form onSubmit=${submit}>
    ${children}
    <${Field} label="Reason" value=${reason} maxlength="1024" autofocus
      hint="Visible to operators, not to agents. Up to 1,024 characters."
      onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />
    <${Field} label="Duration" as="select"
      onChange=${(/** @type {FieldEvent} */ event) => setUntil(event.target.value)}>
      ${ends.map(([key, text]) => html`<option value=${key} selected=${key === until}>${text}</option>`)}<//>
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="danger" type="submit">${act}<//></div>
  </form><//>`;
}

/** The grants that a pause of a server affects; nothing for who may not read them. @param {{ server: string }} props */
export function AffectedGrants({ server }) {
  const { data } = useResource(may('Read') ? 'grants' : null, { query: { server, limit: '10' } });
  if (!data) return null;
  if (data.items.length === 0) return html`<p class="muted">No grant uses this server.</p>`;
  return html`<p>Grants that use
    it: ${data.items.map((one, i) => html`${i > 0 && ', '}<strong>
      <${Untrusted} text=${one.name} /></strong>`)}${
    data.next && html`, <a href=${link('grants', { server })}>and more</a>`}.</p>`;
}

/** @param {{ of?: { by?: string, reason?: string, until?: string } }} props */
export const PauseDetails = ({ of }) => of && html`${of.by && html` by <${Untrusted} text=${of.by} max=${80} />`}
  ${of.until && html` until <${Time} at=${of.until} />`}${of.reason && html`: <${Untrusted} text=${of.reason}
    max=${400} />`}`;
