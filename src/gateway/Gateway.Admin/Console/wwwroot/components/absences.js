// Who is away, and who decides on approvals in that time.
import { html, useEffect, useState } from '../vendor/ui.js';
import { get, may, path, put, remove, session, whoAmI } from '../api/client.js';
import { errorAt } from '../state/spec.js';
import { invalidate, useResource } from '../state/resource.js';
import {
  Badge, Button, Card, CommandHint, ErrorBox, Field, Skeleton, Time, Untrusted, localInput, toast,
} from './index.js';

/** @typedef {Api.AbsenceView} Absence */

/** Those who are away now, by name. @returns {Map<string, Absence>} */
export function useAway() {
  const list = useResource(may('ReadApprovals', '*') ? 'approvals/absences' : null,
    { query: { limit: 500 }, every: 60_000 });
  const away = (list.data?.items ?? []).filter(one => one.state === 'away');
  const mine = away.filter(one => one.decides && one.delegate === session.value?.name)
    .map(one => one.operator).join();
  // The permissions of this page are from the sign-in; a delegation that has begun since adds to them.
  useEffect(() => { if (list.data) whoAmI().catch(() => {}); }, [mine]);
  return new Map(away.map(one => [one.operator, one]));
}

/** @param {{ one: Absence }} props */
export function AbsenceText({ one }) {
  const me = session.value?.name;
  const [name, other] = [one.operator, one.delegate].map(who => who === me ? 'you' : html`<${Untrusted}
    text=${who} />`);
  return html`${one.operator === me ? 'You are' : html`<strong>${name}</strong> is`} ${one.state === 'planned'
      && html`away from <${Time} at=${one.from} /> `}${one.state === 'away' && 'away '}until <${Time} at=${one.until} />
        ${one.delegate
      && (one.decides || one.state === 'planned'
        ? html`; <strong>${other}
          </strong> ${one.delegate === me ? 'decide' : one.state === 'planned' ? 'will decide' : 'decides'} for ${name}`
        : html`; nobody decides for ${name}: ${other} cannot`)}.${one.note && html` <span class="muted">
          <${Untrusted} text=${one.note} max=${200} /></span>`}`;
}

/** @param {{ away: Map<string, Absence> }} props */
export const Away = ({ away }) => away.size === 0 ? null : html`<ul class="notice away" aria-label="Away">
  ${[...away.values()].map(one =>
  html`<li key=${one.operator}><${AbsenceText} one=${one} /></li>`)}</ul>`;

/** The absence of one operator, with a form to set it. @param {{ name: string }} props */
export function AbsenceCard({ name }) {
  const where = `${path('operators', name)}/absence`;
  const [read, setRead] = useState(/** @type {{ one?: Absence | null, error?: unknown }} */ ({}));
  const load = async () => {
    try {
      const one = /** @type {Absence | undefined} */ (await get(where));
      setRead({ one: one && one.state !== 'ended' ? one : null });
    } catch (error) { setRead({ error }); }
  };
  useEffect(() => { load(); }, [where]);
  const changed = async (/** @type {string} */ text) => {
    toast.ok(text);
    invalidate('approvals', 'operators');
    await load();
  };
  const { one } = read;
  const end = async () => {
    await remove(where);
    await changed('The absence is ended.');
  };
  return html`<${Card} title="Absence" actions=${one && html`<${Button} onClick=${end}>End absence<//>`}>
    ${read.error && html`<${ErrorBox} error=${read.error} retry=${load} />`}
    ${one === undefined ? !read.error && html`<${Skeleton} lines=${3} />` : html`
      ${one && html`<p><${Badge} tone="info">${one.state}<//> <${AbsenceText} one=${one} /></p>`}
      <${Form} key=${JSON.stringify(one)} name=${name} one=${one} onSaved=${() => changed('The absence is saved.')} />`}
    <${CommandHint} command=${`gateway operator away ${name} --until 7d --delegate NAME`} /><//>`;
}

/** @param {string} text */
const instant = text => text ? new Date(text).toISOString() : undefined;

/** @param {{ name: string, one: Absence | null, onSaved: () => Promise<void> }} props */
function Form({ name, one, onSaved }) {
  const mayDelegate = may('AnswerApprovals', '*');
  const list = useResource(mayDelegate ? 'approvals/delegates' : null, { query: { limit: 500 } });
  const [from, setFrom] = useState(one?.state === 'planned' ? localInput(one.from) : '');
  const [until, setUntil] = useState(localInput(one?.until));
  const [other, setOther] = useState(one?.delegate ?? '');
  const [note, setNote] = useState(one?.note ?? '');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  /** @type {{ name: string, displayName?: string }[]} */
  const others = (list.data?.items ?? []).filter(each => each.name !== name);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setError(null);
    try {
      await put(`${path('operators', name)}/absence`, {
        from: instant(from), until: instant(until), delegate: other || undefined, note: note.trim() || undefined,
      });
      await onSaved();
    } catch (problem) { setError(problem); }
  };
  const input = (/** @type {(text: string) => void} */ set) =>
    (/** @type {FieldEvent} */ event) => set(event.target.value);
  return html`<form onSubmit=${submit}>
    <div class="columns">
      <${Field} label="From (optional)" type="datetime-local" value=${from} onInput=${input(setFrom)}
        error=${errorAt(error, '/from')}
        hint=${`Time zone: ${zone}. Empty: now.`} />
      <${Field} label="Until" type="datetime-local" required value=${until} onInput=${input(setUntil)}
        error=${errorAt(error, '/until')}
        hint=${`Time zone: ${zone}. At most 90 days from now.`} />
    </div>
    ${mayDelegate && html`<${Field} label="Delegate" as="select" value=${other} onChange=${input(setOther)}
      error=${errorAt(error, '/delegate')}
      hint="The delegate approves and denies calls on the same servers during this time. Nothing else is delegated.">
      <option value="">Nobody</option>
      ${other && !others.some(each => each.name === other) && html`<option value=${other}>${other}</option>`}
      ${others.map(each => html`<option key=${each.name} value=${each.name}>
        ${each.displayName ? `${each.name} (${each.displayName})` : each.name}</option>`)}<//>`}
    <${Field} label="Note (optional)" value=${note} maxlength="200" autocomplete="off" onInput=${input(setNote)}
      error=${errorAt(error, '/note')}
      hint="Shown to colleagues." />
    <${ErrorBox} error=${error} />
    <${Button} type="submit">${one ? 'Change absence' : 'Set absence'}<//></form>`;
}
