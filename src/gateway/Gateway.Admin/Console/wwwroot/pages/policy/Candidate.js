// An edit between draft and policy: it evaluates each call beside the policy in force, decides for some grants or
// sessions, then for all.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { path, post, put, remove, request } from '../../api/client.js';
import { Button, Card, CommandHint, Dialog, Field, RelativeTime, Untrusted, count,
  toast } from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { Evaluation, useJob } from './Evaluation.js';
import { Differences } from './Save.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** A candidate, with the ETag of the response. @typedef {Api.CandidateView & { etag: string | null }} View */

const shownMax = 50;

/** @param {{ edit: Edit, isFixed: boolean }} props */
export function Candidate({ edit, isFixed }) {
  const policies = useResource('policies', { query: { q: edit.name, limit: 200 } });
  const policy = policies.data?.items.find(one => one.name === edit.name);
  const known = policy?.candidate;
  // The text, the grants and the ETag are those of one response, so that a change sends what was shown.
  const [view, setView] = useState(/** @type {View | null} */ (null));
  useEffect(() => {
    if (!known) return setView(null);
    request('GET', path('policies', edit.name, 'candidate'))
      .then(({ data, etag }) => setView({ ...data, etag }), toast.error);
  }, [known?.version]);
  if (!known || !view) return null;
  return html`<${Card} title="Candidate" class="candidate"><${Known} edit=${edit} view=${view} isFixed=${isFixed} />
    <${CommandHint} command=${`gateway policy candidate verdicts ${edit.name}`} /><//>`;
}

/** @param {{ edit: Edit, view: View, isFixed: boolean }} props */
function Known({ edit, view, isFixed }) {
  // A dialog keeps the candidate that it was opened with.
  const [open, setOpen] = useState(/** @type {{ what: string, view: View } | null} */ (null));
  const show = (/** @type {string} */ what) => () => setOpen({ what, view });
  const close = () => setOpen(null);
  const where = path('policies', edit.name, 'candidate');
  const evaluation = useJob();
  const see = () => evaluation.start({ candidate: true, name: edit.name });
  const end = async () => {
    await remove(where, { ifMatch: view.etag ?? undefined });
    await done(edit);
    toast.ok(`Candidate discarded. ${edit.name} applies to all grants.`);
  };
  const isOld = view.base !== undefined && view.base !== edit.base.value.etag;
  return html`<p><strong><${Untrusted} text=${view.by} max=${64} /></strong> created this
    candidate <${RelativeTime} at=${view.at} />.
      ${' '}${view.percent > 0 ? html`Enforced for ${view.percent} % of
        sessions${view.grants.length > 0 && html` and for <${Untrusted}
        text=${view.grants.join(', ')} max=${200} />`}. The published policy applies to all others.`
    : view.grants.length === 0 ? 'Shadow mode: evaluated on every call, enforced for no grant.'
    : html`Enforced for <${Untrusted} text=${view.grants.join(', ')} max=${200} />. The published policy applies to all
      other grants.`}</p>
    ${view.reason && html`<p>Reason: <${Untrusted} text=${view.reason} max=${500} /></p>`}
    ${isOld && html`<p class="notice warn">The policy has changed since this candidate was created. Review the
      differences before you enforce or publish the candidate.</p>`}
    <div class="row wrap">
      ${!isFixed && html`<${Button} onClick=${see} busy=${evaluation.isRunning}>Evaluate recorded calls<//>
        <${Button} onClick=${show('grants')}>Choose grants or sessions…<//>
        <${Button} onClick=${show('all')}>Publish to all grants…<//>`}
      <${Button} kind="quiet" onClick=${show('diff')}>View differences<//>
      ${!isFixed && html`<${Button} kind="quiet" disabled=${edit.text.value === view.text}
        onClick=${() => edit.change(view.text ?? '')}>Continue editing<//>
        <${Button} kind="quiet" onClick=${end}>Discard candidate<//>`}
    </div>
    <${Evaluation} of=${evaluation} none="No calls since then." />
    ${open?.what === 'diff' && html`<${Dialog} title="Differences of the candidate" wide=${true} onClose=${close}>
      <${Differences} edit=${edit} text=${open.view.text} /><//>`}
    ${open?.what === 'grants' && html`<${ForWhom} edit=${edit} view=${open.view} onClose=${close} />`}
    ${open?.what === 'all' && html`<${ForAll} edit=${edit} view=${open.view} onClose=${close} />`}`;
}

/** @param {{ edit: Edit, view: View, onClose: () => void }} props */
function ForWhom({ edit, view, onClose }) {
  const { users = [] } = view;
  const [chosen, setChosen] = useState(new Set(view.grants));
  const [percent, setPercent] = useState(view.percent);
  const [sought, setSought] = useState('');
  const matching = users.filter(one => one.includes(sought.trim()));
  const save = async () => {
    await put(path('policies', edit.name, 'candidate'), { grants: [...chosen], percent },
      { ifMatch: view.etag ?? undefined, query: { force: 'true' } });
    await done(edit);
    toast.ok(`The candidate is enforced for ${scope(chosen.size, percent)}, from the next call on.`);
    onClose();
  };
  const toggle = (/** @type {string} */ grant) => {
    const next = new Set(chosen);
    if (!next.delete(grant)) next.add(grant);
    setChosen(next);
  };
  return html`<${Dialog} title="Enforce candidate" onClose=${onClose}
    actions=${html`<${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" disabled=${!(percent >= 0 && percent <= 100)} onClick=${save}>Enforce
        for ${scope(chosen.size, percent)}<//>`}>
    <p class="muted">Counters keep their values. For all other calls, the published policy applies, and the candidate
      runs in shadow mode.</p>
    <${Field} label="Percentage of sessions" type="number" min="0" max="100" value=${percent}
      hint="A session keeps its policy. Calls without a session are assigned by caller."
      onInput=${(/** @type {FieldEvent} */ event) => setPercent(Math.trunc(event.target.valueAsNumber || 0))} />
    <div class="row" role="group" aria-label="Percentages">
      ${[10, 50, 100].map(one => html`<${Button} onClick=${() => setPercent(one)}>${one} %<//>`)}</div>
    <h3>Grants with all their sessions</h3>
    ${users.length > 8 && html`<${Field} label="Search grants" type="search" value=${sought} autocomplete="off"
      onInput=${(/** @type {FieldEvent} */ event) => setSought(event.target.value)} />`}
    ${users.length === 0 && html`<p>No grants use this policy yet.</p>`}
    <ul class="list checks">${matching.slice(0, shownMax).map(grant => html`<li><label class="check">
      <input type="checkbox" checked=${chosen.has(grant)}
      onChange=${() => toggle(grant)} /> <${Untrusted} text=${grant} max=${120} /></label></li>`)}</ul>
    ${matching.length > shownMax && html`<p class="small muted">${count(matching.length - shownMax)} more. Search by
      name to find them.</p>`}
    <${CommandHint} command=${`gateway policy candidate grants ${edit.name} ${[...chosen].slice(0, 3).join(' ')}`.trim()
      + (percent > 0 ? ` --sessions ${percent}` : '')} /><//>`;
}

/** @param {{ edit: Edit, view: View, onClose: () => void }} props */
function ForAll({ edit, view, onClose }) {
  const [reason, setReason] = useState(view.reason ?? '');
  const promote = async () => {
    await post(path('policies', edit.name, 'candidate', 'promote'), undefined,
      { ifMatch: edit.base.value.etag ?? undefined, query: { reason, candidate: view.etag } });
    const isShown = !edit.isChanged.value || edit.text.value === view.text;
    if (isShown) edit.forget();
    await edit.load({ keep: !isShown });
    await done(edit);
    toast.ok(`Candidate published. ${edit.name} applies to all grants, from the next call on.`);
    onClose();
  };
  return html`<${Dialog} title="Publish candidate to all grants" wide=${true} onClose=${onClose} actions=${html`
      <${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" onClick=${promote}>Publish<//>`}>
    <${Differences} edit=${edit} text=${view.text} />
    <${Field} label="Reason (optional)" hint="Recorded in the change history. Up to 500 characters." value=${reason}
      maxlength="500" onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />
    <${CommandHint} command=${`gateway policy candidate promote ${edit.name}`} /><//>`;
}

/** @param {number} grants @param {number} percent */
const scope = (grants, percent) => [
  ...grants > 0 ? [`${count(grants)} ${grants === 1 ? 'grant' : 'grants'}`] : [],
    ...percent > 0 ? [`${percent} % of sessions`] : [],
].join(' and ') || 'no grant';

/** @param {Edit} edit */
async function done(edit) {
  invalidate('policies');
  await edit.ask();
}
