// What needs attention, with who takes care of it, comments, and what is snoozed.
import { html, useState } from '../../vendor/ui.js';
import { may, path, put, session } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Dialog, EmptyState, ErrorBox, Field, PageHead, RelativeTime, Tabs, Time,
  Untrusted, loaded, toast,
} from '../../components/index.js';
import { AbsenceText, useAway } from '../../components/absences.js';
import { Severity, Span, pageOf } from '../../components/attention.js';
import { invalidate, useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';

/** @typedef {Api.AttentionView} Attention */

const snoozes = /** @type {[string, string][]} */ ([
  ['1h', '1 hour'], ['4h', '4 hours'], ['1d', '1 day'], ['7d', '7 days'],
]);

/** @type {Record<string, { title: string, shows: (one: Attention) => boolean, empty: string }>} */
const parts = {
  open: { title: 'Open', shows: one => !one.note?.snoozedUntil, empty: 'Nothing needs attention.' },
  mine: {
    title: 'Assigned to me', shows: one => one.note?.assignee === session.value?.name,
    empty: 'Nothing is assigned to you.',
  },
  snoozed: { title: 'Snoozed', shows: one => !!one.note?.snoozedUntil, empty: 'Nothing is snoozed.' },
};

/**
 * @param {Attention} one @param {{ assignee?: string | null, comment?: string | null, snooze?: string | null }} change
 */
async function write(one, change) {
  const { assignee, comment, snoozedUntil } = one.note ?? {};
  await put(path('attention', one.id), { assignee, comment, snooze: snoozedUntil, ...change }, {});
  invalidate('status', 'attention');
  const { assignee: was = null, comment: said = null, snoozedUntil: until = null } = one.note ?? {};
  return async () => {
    await put(path('attention', one.id), { assignee: was, comment: said, snooze: until }, {});
    invalidate('status', 'attention');
  };
}

/** @param {import('../index.js').PageProps} props */
export default function Inbox({ segments: [part = 'open'] }) {
  const list = useResource('attention', { every: 10_000 });
  const { shows, empty } = parts[part] ?? parts.open;
  const [edited, setEdited] = useState(/** @type {Attention | null} */ (null));
  return html`<${PageHead} title="Inbox" lead="Conditions that need attention, the most severe first." />
    <${Tabs} label="Parts of the inbox" now=${part} to=${(/** @type {string} */ one) => link('inbox', one)}
      parts=${Object.entries(parts).map(([key, { title, shows: has }]) => {
        const count = (list.data?.items ?? []).filter(has).length;
        return [key, count > 0 ? `${title} (${count})` : title];
      })} />
    <${Card} title=${(parts[part] ?? parts.open).title}>
      ${loaded(list, page => {
      const shown = page.items.filter(shows);
      return shown.length === 0 ? html`<${EmptyState} title=${empty} />`
        : html`<ul class="list">${shown.map(one => html`<${Condition} key=${one.id} one=${one}
          onEdit=${() => setEdited(one)} />`)}</ul>`;
    })}<${CommandHint} command="gateway attention list" /><//>
    ${edited && html`<${Edit} one=${edited} onClose=${() => setEdited(null)} />`}`;
}

/** @param {{ one: Attention, onEdit: () => void }} props */
function Condition({ one, onEdit }) {
  const { note } = one;
  const me = session.value?.name;
  const wake = async () => { toast.ok('The condition is open again.', await write(one, { snooze: null })); };
  return html`<li class="row need condition" data-row><${Severity} of=${one} />
    <div class="grow"><a href=${pageOf(one)}><${Untrusted} text=${one.text} max=${200} /></a>
      <${Span} of=${one} />
      ${note?.assignee && html` <${Badge} tone="info">
        ${note.assignee === me ? 'you' : html`<${Untrusted} text=${note.assignee} />`}<//>`}
      ${one.detail && html`<p class="muted small"><${Untrusted} text=${one.detail} max=${400} /></p>`}
      ${note?.comment && html`<p class="small"><strong>
        <${Untrusted} text=${note.by} />:</strong> <${Untrusted} text=${note.comment} multiline max=${1024} />
        <span class="muted"> <${RelativeTime} at=${note.at} /></span></p>`}
      ${note?.snoozedUntil && html`<p class="muted small">Snoozed until <${Time} at=${note.snoozedUntil} />, or until
        its text or severity changes.</p>`}</div>
    ${may('Edit') && html`<div class="actions">
      ${note?.assignee !== me && html`<${Button} aria-label=${`Assign to me: ${one.text}`}
        onClick=${() => write(one, { assignee: me })}>Assign to me<//>`}
      ${note?.snoozedUntil && html`<${Button} aria-label=${`End snooze: ${one.text}`} onClick=${wake}>End snooze<//>`}
      <${Button} aria-label=${`Snooze or comment: ${one.text}`} onClick=${onEdit}>Snooze or comment<//></div>`}</li>`;
}

/** @param {{ one: Attention, onClose: () => void }} props */
function Edit({ one, onClose }) {
  const [assignee, setAssignee] = useState(one.note?.assignee ?? '');
  const [comment, setComment] = useState(one.note?.comment ?? '');
  const [snooze, setSnooze] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const undo = await write(one, {
        assignee: assignee.trim() || null, comment: comment.trim() || null,
          ...(snooze ? { snooze: snooze === 'none' ? null : snooze } : {}),
      });
      toast.ok(snooze && snooze !== 'none' ? 'The condition is snoozed.' : 'Saved.', undo);
      onClose();
    } catch (problem) { setError(problem); }
  };
  const until = one.note?.snoozedUntil;
  const absence = useAway().get(assignee.trim());
  return html`<${Dialog} title="Snooze or comment" onClose=${onClose}><form onSubmit=${submit}>
    <p><${Untrusted} text=${one.text} max=${200} /></p>
    <${Field} label="Assignee" value=${assignee} maxlength="64" autocomplete="off" spellcheck=${false}
      hint=${absence ? html`<${AbsenceText} one=${absence} />` : 'The name of an operator; empty for nobody.'}
      onInput=${(/** @type {FieldEvent} */ event) => setAssignee(event.target.value)} />
    <${Field} label="Comment" as="textarea" rows="3" maxlength="1024" value=${comment}
      onInput=${(/** @type {FieldEvent} */ event) => setComment(event.target.value)} />
    <${Field} label="Snooze" as="select" value=${snooze}
      onChange=${(/** @type {FieldEvent} */ event) => setSnooze(event.target.value)}
      hint=${'A snoozed condition leaves the list and notifies no channel; a critical one stays on the overview and '
        + 'in the bar. It returns at once when its text or severity changes.'}>
      <option value="">${until ? 'Keep' : 'No'}</option>${until && html`<option value="none">End now</option>`}
      ${snoozes.map(([value, text]) => html`<option value=${value}>For ${text}</option>`)}<//>
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">Save<//></div></form><//>`;
}
