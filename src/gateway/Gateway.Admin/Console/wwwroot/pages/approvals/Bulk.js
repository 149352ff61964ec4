// One decision per request, for several requests of one tool and rule.
import { html, useState } from '../../vendor/ui.js';
import { path, post } from '../../api/client.js';
import { Badge, Button, Dialog, Field, Untrusted, toast } from '../../components/index.js';
import { invalidate } from '../../state/resource.js';

/** @typedef {'approve' | 'deny' | ''} Verb */
/** @typedef {{ said?: string, error?: string }} Result */

/** @type {[Verb, string][]} */
const verbs = [['approve', 'Approve'], ['deny', 'Deny'], ['', 'Leave']];

/** @param {{ of: Api.ApprovalView[], onClose: () => void }} props */
export function Bulk({ of, onClose }) {
  // A request that arrives after the dialog opened was not seen, so it is not decided here.
  const [these] = useState(of);
  const [chosen, setChosen] = useState(/** @type {Record<string, Verb>} */ ({}));
  const [results, setResults] = useState(/** @type {Record<string, Result>} */ ({}));
  const [comment, setComment] = useState('');
  const [isBusy, setBusy] = useState(false);
  const open = these.filter(one => !results[one.id]?.said);
  const total = (/** @type {Verb} */ verb) => open.filter(one => chosen[one.id] === verb).length;
  const act = [total('approve') > 0 && `approve ${total('approve')}`,
    total('deny') > 0 && `deny ${total('deny')}`].filter(Boolean).join(', ');
  /** @param {Event} event */
  const send = async event => {
    event.preventDefault();
    setBusy(true);
    const now = { ...results };
    for (const one of open) {
      const verb = chosen[one.id];
      if (!verb) continue;
      try {
        await post(path('approvals', one.id, verb), comment ? { comment } : {});
        now[one.id] = { said: verb === 'approve' ? 'approved' : 'denied' };
      } catch (problem) { now[one.id] = { error: /** @type {Error} */ (problem).message }; }
      setResults({ ...now });
    }
    setBusy(false);
    invalidate('approvals');
    if (these.some(one => now[one.id]?.error)) return;
    toast.ok(summary(these, now));
    onClose();
  };
  return html`<${Dialog} title=${`Decide ${these.length} requests`} wide=${true} onClose=${onClose}>
    <form onSubmit=${send}>
    <div class="row spread"><p><${Untrusted} text=${these[0].tool}
      max=${200} /> on <${Untrusted} text=${these[0].server} /></p>
      <div class="row" role="group" aria-label="All requests">
        <span class="muted small">All:</span>${verbs.map(([verb, title]) => html`<${Button}
        aria-label=${`${title} all`} onClick=${() => setChosen(Object.fromEntries(these.map(one => [one.id, verb])))}>
          ${title}<//>`)}</div></div>
    <ul class="list">${these.map((one, at) => html`<li key=${one.id}>
      <${Row} one=${one} at=${at} result=${results[one.id]} verb=${chosen[one.id] ?? ''}
      onChoose=${(/** @type {Verb} */ verb) => setChosen(all => ({ ...all, [one.id]: verb }))} /></li>`)}</ul>
    <${Field} label="Comment" as="textarea" maxlength="1000" value=${comment}
      hint="Optional. Recorded in the audit log with each decision. If you deny a call, the agent receives the comment."
      onInput=${(/** @type {FieldEvent} */ event) => setComment(event.target.value)} />
    <div class="actions dialog-actions"><p role="status" class="grow">
      ${Object.keys(results).length > 0 && html`<strong>${summary(these, results)}</strong>`}</p>
      <${Button} onClick=${onClose}>${Object.keys(results).length > 0 ? 'Close' : 'Cancel'}<//>
      <${Button} kind="primary" type="submit" busy=${isBusy} disabled=${act === ''}>
        ${act === '' ? 'Select decisions' : act.slice(0, 1).toUpperCase() + act.slice(1)}<//></div>
  </form><//>`;
}

/** @param {{ one: Api.ApprovalView, at: number, result?: Result, verb: Verb, onChoose: (verb: Verb) => void }} props */
const Row = ({ one, at, result, verb, onChoose }) => html`<fieldset class="stack"><legend>
  <${Untrusted} text=${one.grant} /></legend>
  <pre class="arguments" tabindex="0" role="region" aria-label=${`Arguments of request ${at + 1}`}><${Untrusted}
    text=${JSON.stringify(one.arguments, null, 1) ?? 'no arguments'} multiline max=${100_000} /></pre>
  ${result?.said ? html`<div><${Badge} tone=${result.said === 'approved' ? 'ok' : 'bad'}>${result.said}<//></div>`
    : html`<div class="row">${verbs.map(([value, title]) => html`<label class="check">
      <input type="radio" name=${`decision-${one.id}`}
      checked=${verb === value} onChange=${() => onChoose(value)} /> ${title}</label>`)}</div>`}
  ${result?.error && html`<p class="field-error">Not decided: <${Untrusted} text=${result.error} /></p>`}
</fieldset>`;

/** @param {Api.ApprovalView[]} these @param {Record<string, Result>} results */
function summary(these, results) {
  const all = these.map(one => results[one.id]);
  const total = (/** @type {string} */ said) => all.filter(one => one?.said === said).length;
  const failed = all.filter(one => one?.error).length;
  return `${total('approved')} approved, ${total('denied')} denied, ${failed > 0 ? `${failed} failed, `
    : ''}${all.filter(one => !one).length} left open`;
}
