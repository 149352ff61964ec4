// Single callers that an operator has stopped at every grant, and the dialog that stops one.
import { html, useState } from '../../vendor/ui.js';
import { may, post } from '../../api/client.js';
import { Badge, Button, Card, CommandHint, Dialog, ErrorBox, Field, Time, Untrusted,
  toast } from '../../components/index.js';
import { ends, refresh, sayPaused } from '../../components/PauseDialog.js';
import { useResource } from '../../state/resource.js';

export function Callers() {
  const [isOpen, setOpen] = useState(false);
  const pauses = useResource('pauses');
  const all = pauses.data?.subjects ?? [];
  const issuers = pauses.data?.issuers ?? [];
  const audiences = pauses.data?.audiences ?? [];
  // Without an issuer no caller has an identity, so that there is nobody to stop.
  if (all.length === 0 && (issuers.length === 0 || !may('Pause'))) return null;
  return html`<${Card} title="Stopped callers" actions=${issuers.length > 0 && may('Pause') && html`<${Button}
    onClick=${() => setOpen(true)}>Stop caller…<//>`}>
    ${all.length === 0 ? html`<p class="muted">No caller is paused or revoked.</p>` : html`<ul class="list">
      ${all.map(one => html`
      <li key=${`${one.issuer} ${one.subject}`} class="row"><${Badge} tone=${one.status === 'expires' ? '' : 'warn'}>
        ${one.status}<//>
        <strong><${Untrusted} text=${one.subject} max=${200} />
          </strong> from <${Untrusted} text=${one.issuer ?? 'an unknown issuer'} />
        <span class="muted small">${one.by && html`by <${Untrusted} text=${one.by} max=${80} />
          ${one.reason ? ':' : ''} `}
          ${one.reason && html`<${Untrusted} text=${one.reason} max=${400} /> `}
          ${one.until && html`(until <${Time} at=${one.until} />
            )`}${one.expires && html`(from <${Time} at=${one.expires} />)`}</span>
        ${may('Edit') && one.issuer && html`<${Resume} of=${one} />`}</li>`)}</ul>`}
    <ul class="list muted small">${audiences.map(one => html`<li key=${one.issuer}>Tokens
      of <${Untrusted} text=${one.issuer} /> are valid ${one.audience
      ? html`at all addresses, with the audience <${Untrusted} text=${one.audience}
        max=${200} />` : 'only at the address for which they were issued'}.</li>`)}</ul>
    <${CommandHint} command="gateway subject list" />
    ${isOpen && html`<${Stop} issuers=${issuers} onClose=${() => setOpen(false)} />`}<//>`;
}

// What stops a caller again. One that has expired cannot expire again, because the time is in the past.
const verbs = /** @type {Record<string, string>} */ ({ paused: 'pause', revoked: 'revoke', expires: 'expire' });

/** @param {{ of: Api.SubjectView }} props */
function Resume({ of: { issuer, subject, status, reason, until, expires } }) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const resume = async () => {
    try {
      await post('subjects/resume', { issuer, subject });
      refresh();
      toast.ok(`${subject} may call again.`, verbs[status] ? () => post(`subjects/${verbs[status]}`,
        { issuer, subject, reason, until, expires }, { ifNoneMatch: '*' }).finally(refresh) : undefined, false);
    } catch (problem) { setError(problem); }
  };
  return html`<${Button} aria-label=${`Resume ${subject}`} onClick=${resume}>Resume<//><${ErrorBox} error=${error} />`;
}

/** @param {{ issuers: string[], onClose: () => void }} props */
function Stop({ issuers, onClose }) {
  const [input, setInput] = useState({ issuer: issuers[0] ?? '', subject: '', reason: '' });
  const [verb, setVerb] = useState('pause');
  const [until, setUntil] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const field = (/** @type {'issuer' | 'subject' | 'reason'} */ name) => ({
    value: input[name], onInput: (/** @type {FieldEvent} */ event) =>
      setInput({ ...input, [name]: event.target.value }),
  });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const { issuer, subject } = input;
      const stop = (/** @type {import('../../api/client.js').Options} */ options) =>
        post(`subjects/${verb}`, { ...input, ...(verb === 'pause' && until ? { until } : {}) }, options);
      // Nobody undoes what has replaced an earlier stop: the caller could call again.
      const { etag } = await stop({ ifNoneMatch: '*' }).catch(async problem => {
        if (problem.status !== 412) throw problem;
        return { ...await stop({}), etag: null };
      });
      refresh();
      onClose();
      sayPaused(`${subject} is ${verb === 'pause' ? 'paused' : 'revoked'}.`, 'subjects/resume', { issuer, subject },
        etag);
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title="Stop caller" onClose=${onClose}><form onSubmit=${submit}>
    <p>The gateway refuses calls of this caller for every grant and closes the caller's open streams. Other callers of
      the same grants are not affected.</p>
    <${Field} label="Issuer" as="select"
      onChange=${(/** @type {FieldEvent} */ event) => setInput({ ...input, issuer: event.target.value })}>
      ${issuers.map(name => html`<option value=${name} selected=${name === input.issuer}>${name}</option>`)}<//>
    <${Field} label="Subject" required autofocus hint="The caller as the audit log shows it." ...${field('subject')} />
    <${Field} label="Action" as="select" onChange=${(/** @type {FieldEvent} */ event) => setVerb(event.target.value)}>
      <option value="pause" selected=${verb === 'pause'}>Pause</option>
      ${may('Edit') && html`<option value="revoke" selected=${verb === 'revoke'}>Revoke</option>`}<//>
    ${verb === 'pause' && html`<${Field} label="Duration" as="select"
      onChange=${(/** @type {FieldEvent} */ event) => setUntil(event.target.value)}>
      ${ends.map(([key, text]) => html`<option value=${key} selected=${key === until}>${text}</option>`)}<//>`}
    <${Field} label="Reason" maxlength="1024" hint="Visible to operators, not to agents. Up to 1,024 characters."
      ...${field('reason')} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="danger" type="submit">Stop caller<//></div>
  </form><//>`;
}
