import { html, useState } from '../../vendor/ui.js';
import { may, path, put, remove } from '../../api/client.js';
import {
  AcceptedBy, Badge, Button, Card, ClassBadge, CommandHint, Dialog, EmptyState, ErrorBox, Field, Findings, Outcome,
  PageHead, Risk, Time, Untrusted, loaded, table,
} from '../../components/index.js';
import { AffectedGrants, PauseDetails, PauseDialog, resume } from '../../components/PauseDialog.js';
import { invalidate, useResource } from '../../state/resource.js';
import { toolClasses } from '../../state/policy-document.js';
import { link } from '../../state/route.js';
import { Definition, Questions, Recommended, Related, Schemas } from './ToolParts.js';

/** @param {{ server: string, name: string }} props */
export function Tool({ server, name }) {
  const tool = useResource(path('catalogue', server, 'tools', name));
  const [isClassifying, setClassifying] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const [isPausing, setPausing] = useState(false);
  const pauses = useResource(may('Read') ? 'pauses' : null);
  const paused = (pauses.data?.tools ?? []).find(one =>
    one.server === server && one.tool === name);
  return html`<${PageHead} back=${{ href: link('catalogue', { server }), text: 'Catalogue' }}
    title=${html`<${Untrusted} text=${name} max=${200} />`}
      lead=${html`on <a href=${link('servers', server)}>
        <${Untrusted} text=${server} /></a> · <a href=${link('usage', { server, tool: name })}>Usage</a>`}
      actions=${tool.data && html`${!paused && may('Pause', server) && html`<${Button}
        onClick=${() => setPausing(true)}>Pause…<//>`}
        ${paused && may('Edit', server) && html`<${Button} kind="primary"
          onClick=${() => resume(path('servers', server, 'tools', name, 'resume'), `${name} is active again.`,
            paused.pause)}>Resume<//>`}
        ${may('Edit', server) && html`<${Button} onClick=${() => setClassifying(true)}>Reclassify…<//>
        <${Button} onClick=${() => setChoosing(true)}>Set class…<//>`}`} />
    ${paused && html`<p class="notice warn">Every call of this tool has been refused
      since <${Time} at=${paused.pause.since} /><${PauseDetails} of=${paused.pause} /></p>`}
    ${isPausing && html`<${PauseDialog} title=${`Pause ${name}`} act="Pause tool"
      to=${path('servers', server, 'tools', name, 'pause')} onClose=${() => setPausing(false)}>
      <p>The gateway refuses calls of this tool for every grant. Other tools of <${Untrusted} text=${server} /> are not
        affected.</p>
      <${AffectedGrants} server=${server} /><//>`}
    ${loaded(tool, one => html`<div class="columns">
      <${Card} title="Classification"><p>${one.effect}</p><div class="row"><${Badge}>${one.category}<//>
        <${Risk} risk=${one.risk} />
          <span class="muted small">
            ${one.override ? 'set by an operator' : one.sure ? `${Math.round(one.confidence * 100)}% confidence`
              : 'uncertain: the stricter policy applies'}</span></div>
        ${one.override && html`<p class="notice"><${Untrusted} text=${one.override.note}
          multiline /> <span class="muted small"><${Untrusted} text=${one.override.by} />
            , <${Time} at=${one.override.at} /></span>
          ${one.override.definitionChanged && html`<br />
            <strong>The tool's definition has changed since then.</strong>`}</p>`}
        <ul class="bullets">${one.reasons.map(reason => html`<li>
          <${Untrusted} text=${reason} max=${400} /></li>`)}</ul>
        ${one.probabilities && html`<p class="small muted">Probabilities: ${probabilities(one.probabilities)}</p>`}
        ${one.class && html`<h3>Class</h3><${ToolClass} of=${one.class} />`}
        ${one.description && html`<h3>Description from the server</h3><p class="quote">
          <${Untrusted} text=${one.description} multiline /></p>`}<//>
      <${Recommended} one=${one} /></div>
      ${one.app && html`<${App} of=${one.app} />`}
      <${Card} title="Attack patterns">${one.attackPatterns.length === 0 ? html`<p class="muted">No known attack pattern
        applies.</p>` : html`<ul class="bullets">${one.attackPatterns.map(pattern => html`<li>
        <strong>${pattern.name[0].toUpperCase() + pattern.name.slice(1)}</strong>
        ${' '}<span class="muted small">${pattern.sources.join(', ')}</span>
          <br />${pattern.what}
        ${pattern.because && html` It applies because ${pattern.because}.`} <span class="muted">Stopped
          by: ${pattern.stoppedBy}.</span></li>`)}</ul>`}<//>
      <${Card} title="Access by grant">${table({ label: 'Grants', rows: one.grants,
        keyOf: grant => grant.grant,
        href: grant => may('Read') ? link('grants', grant.grant) : undefined,
        empty: html`<${EmptyState} title="No grants for this server"
          command=${`gateway grant create NAME --server ${server}=POLICY`} />`, columns: [
          { title: 'Grant', cell: grant => html`<${Untrusted} text=${grant.grant} />` },
          { title: 'Decision', cell: grant => html`<${Outcome} outcome=${grant.outcome} />` },
          { title: 'Rule', narrow: false, cell: grant => html`<code>
            <${Untrusted} text=${grant.rule} max=${120} /></code>` },
        ] })}<//>
      <${Related} server=${server} one=${one} /><${Schemas} one=${one} /><${Definition} server=${server} one=${one} />
        <${Questions} one=${one} />
      ${isChoosing && html`<${ChooseClass} server=${server} one=${one} onClose=${() => setChoosing(false)} />`}
      ${isClassifying && html`<${Classify} server=${server} one=${one} onClose=${() => setClassifying(false)} />`}`, 8)}
    <${CommandHint} command=${`gateway tools show ${server} '${name.replaceAll("'", "'\\''")}'`} />`;
}

/** The likely categories, the most likely first. @param {Record<string, number>} all */
const probabilities =
  all => Object.entries(all).filter(([, share]) => share >= 0.01).sort(([, one], [, other]) => other - one)
  .map(([category, share]) => `${category} ${Math.round(share * 100)}%`).join(', ');

/** @param {{ of: Api.AppView }} props */
const App = ({ of }) => html`<${Card} title="App">
  <p class="row"><code><${Untrusted} text=${of.uri} max=${200} /></code><${Badge} tone=${of.accepted ? 'ok' : 'warn'}>
    ${of.accepted ? 'accepted' : 'not accepted'}<//></p>
  ${of.problem && html`<p class="notice warn">${of.problem}</p>`}
  ${!of.accepted && html`<p class="muted small">Until you accept the tool, the app has no external origins and no
    permissions, except those that a policy lists.</p>`}
  <${Findings} list=${of.findings} />
  ${table({ label: 'Origins and permissions', rows: appRows(of), keyOf: row => row.what,
    columns: [
    { title: 'Declared', cell: row => row.what },
    { title: 'Values', cell: row => row.values.length === 0 ? html`<span class="muted">none</span>`
      : row.values.map(text => html`<div><code>
        <${Untrusted} text=${text} max=${200} /></code></div>`) },
  ] })}<//>`;

/** @param {Api.AppView} app */
const appRows = app => [
  { what: 'Callable by', values: app.visibility },
  { what: 'Connections', values: app.csp?.connectDomains ?? [] },
  { what: 'Scripts, styles, images', values: app.csp?.resourceDomains ?? [] },
  { what: 'Frames', values: app.csp?.frameDomains ?? [] },
  { what: 'Base addresses', values: app.csp?.baseUriDomains ?? [] },
  { what: 'Permissions', values: app.permissions },
  { what: 'Origins in the page', values: app.origins },
  { what: 'Scripts in the page', values: app.scripts },
];

/** @param {{ of: Api.ToolClassView }} props */
const ToolClass = ({ of }) => html`<p class="row"><${ClassBadge} of=${of} />
    <span class="muted small">${of.accepted ? html`Accepted <${AcceptedBy} by=${of.by} /> <${Time} at=${of.at} />,
      proposed by ${of.origin === 'operator' ? 'an operator' : of.origin}`
      : 'No accepted class.'}</span></p>
  ${of.reason && html`<p class="notice"><${Untrusted} text=${of.reason} multiline /></p>`}
  ${of.accepted && of.name !== of.accepted && html`<p class="notice warn">Accepted as ${of.accepted}, but the definition
    has changed since then.</p>`}
  ${of.proposed !== of.name && html`<p class="muted small">Accepting the tool sets its class to ${of.proposed}.</p>`}`;

/** @param {{ server: string, one: Api.ToolPageView, onClose: () => void }} props */
function ChooseClass({ server, one, onClose }) {
  const [name, setName] = useState(one.class?.name ?? 'uncertain');
  const [reason, setReason] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await put(path('catalogue', server, 'tools', one.name, 'class'), { class: name, reason });
      invalidate('catalogue', 'servers', 'grants');
      onClose();
    } catch (problem) { setError(problem); }
  };
  return html`<${Dialog} title="Set class" onClose=${onClose}><form onSubmit=${save}>
    <p class="muted">Rules that select tools by class use this class. It stays the same when you accept a changed
      definition.</p>
    <${Field} label="Class" as="select" value=${name}
      onChange=${(/** @type {FieldEvent} */ event) => setName(event.target.value)}>
      ${toolClasses.map(word => html`<option selected=${word === name}>${word}</option>`)}<//>
    <${Field} label="Reason" as="textarea" required maxlength="1000" value=${reason}
      onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit" disabled=${!reason.trim()}>Set class<//></div></form>
    <${CommandHint} command=${`gateway tools class ${server} '${one.name.replaceAll("'",
      "'\\''")}' ${name} --reason 'WHY'`} /><//>`;
}

/** @param {{ server: string, one: Api.ToolPageView, onClose: () => void }} props */
function Classify({ server, one, onClose }) {
  const [category, setCategory] = useState(one.category);
  const [risk, setRisk] = useState(one.risk);
  const [note, setNote] = useState(one.override?.note ?? '');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const where = path('catalogue', server, 'tools', one.name, 'classification');
  const act = async (/** @type {() => Promise<unknown>} */ change) => {
    try { await change(); invalidate('catalogue', 'grants'); onClose(); } catch (problem) { setError(problem); }
  };
  const choice = (/** @type {string} */ label, /** @type {string} */ value,
    /** @type {(text: string) => void} */ setter, /** @type {string[]} */ words) => html`
    <${Field} label=${label} as="select" value=${value}
      onChange=${(/** @type {FieldEvent} */ event) => setter(event.target.value)}>
      ${words.map(word => html`<option selected=${word === value}>${word}</option>`)}<//>`;
  return html`<${Dialog} title="Reclassify" onClose=${onClose}>
    <form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault();
      act(() => put(where, { category, risk, note })); }}>
    ${choice('Category', category, setCategory, ['Read', 'Write', 'Execute', 'Destructive', 'Financial',
      'Secret'])}${choice('Risk', risk, setRisk, ['Low', 'Medium', 'High', 'Critical'])}
    <${Field} label="Reason" as="textarea" required maxlength="1000" value=${note}
      onInput=${(/** @type {FieldEvent} */ event) => setNote(event.target.value)} />
    <${ErrorBox} error=${error} />
    <div class="actions dialog-actions">${one.override && html`<${Button} onClick=${() => act(() => remove(where))}>Use
      automatic classification<//>`}
      <${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" type="submit" disabled=${!note.trim()}>Save
        classification<//></div></form><//>`;
}
