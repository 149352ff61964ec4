import { html } from '../../vendor/ui.js';
import {
  Badge, Card, CommandHint, EmptyState, RelativeTime, Time, Untrusted, count, loaded, table,
} from '../../components/index.js';
import { useResource } from '../../state/resource.js';

const states = { ready: 'ok', paused: 'warn', degraded: 'warn', 'not ready': 'bad' };

export function Gateway() {
  const status = useResource('status', { every: 15_000 });
  const config = useResource('config');
  return html`${loaded(status, one => html`<div class="columns">
    <${Card} title="This gateway" actions=${html`<${Badge} tone=${states[/** @type {'ready'} */ (one.state)]}>
      ${one.state}<//>`}>
      ${one.problem && html`<p class="notice warn"><${Untrusted} text=${one.problem} multiline /></p>`}
      ${one.attention.filter(it => it.kind === 'fleet.member_missing')
        .map(it => html`<p class="notice warn">
        <${Untrusted} text=${it.text} max=${200} />. It last wrote <${RelativeTime} at=${it.since} />
          . <${Untrusted} text=${it.detail} max=${200} />
        ${' '}Limits stay exact and the other gateways decide calls. Start it again, or check its log and its connection
          to the store.</p>`)}
      <dl class="facts"><dt>Version</dt><dd>${one.version}</dd><dt>Started</dt><dd><${Time} at=${one.startedAt} /></dd>
        <dt>Counter store</dt><dd>${one.engine?.kind} ${one.engine?.fault && html`<${Badge} tone="bad">
          ${one.engine.fault}<//>`}</dd>
        <dt>Clock</dt><dd>${one.engine?.clockTrusted ? 'trusted' : html`<${Badge} tone="bad">not trusted<//>`}</dd>
        <dt>Revision</dt><dd>${count(one.revision)}</dd></dl><//>
    <${Card} title="Configuration file">${one.config ? html`<dl class="facts"><dt>Path</dt><dd>
      <code>${one.config.path}</code></dd>
        <dt>Status</dt><dd>${one.config.inForce ? 'Applied' : html`<${Badge} tone="bad">rejected
          <//> The last valid version still applies.`}</dd><dt>Loaded</dt><dd>
          <${RelativeTime} at=${one.config.loadedAt} /></dd></dl>
        ${[...one.config.problems, ...one.config.warnings].map(text => html`<p
          class="notice warn"><${Untrusted} text=${text} multiline /></p>`)}`
      : html`<p class="muted">No configuration file. Operators created all servers, policies and grants.</p>`}
      ${one.fleet && html`<p class="notice warn">The gateways of the fleet have different configuration files
        (since <${Time} at=${one.fleet.since} />). Deploy the same file to all of them.</p>
        ${one.fleet.differences.map(it => html`<p class="notice warn">
          <${Untrusted} text=${`${it.object} at ${it.frontend}${it.effect ? `: ${it.effect}` : ''}`} multiline />
            </p>`)}`}
      <${CommandHint} command="gateway config reload --dry-run" /><//>
    ${one.audit && html`<${AuditLog} of=${one.audit} />`}</div>
    ${[...one.controlProblems, ...one.policyWarnings].length > 0 && html`<${Card} title="Problems">
      ${[...one.controlProblems, ...one.policyWarnings].map(text => html`
      <p class="notice warn"><${Untrusted} text=${text} multiline /></p>`)}<//>`}
    <${CommandHint} command="gateway status" />`, 8)}
    <${Effective} config=${config} />`;
}

/** @param {{ of: Api.AuditStateView }} props */
const AuditLog = ({ of }) => html`<${Card} title="Audit log"><dl class="facts"><dt>Status</dt>
  <dd>${of.fault ? html`<${Badge} tone="bad">${of.fault}<//>` : 'OK'}</dd>
    <dt>Size</dt><dd>${size(of.keptBytes)} of ${size(of.bytesMax)}${of.oldest && html`, records
      since <${Time} at=${of.oldest} />`}</dd>
    <dt>Free disk space</dt><dd>${of.freeBytes === undefined ? 'unknown' : size(of.freeBytes)}</dd>
      <dt>Lost records</dt><dd>${count(of.lost)}</dd>
    ${(of.sinks ?? []).map(sink => html`<dt>Sink <${Untrusted} text=${sink.name} /></dt>
      <dd>${size(sink.lagBytes)} behind${
      sink.lostBytes > 0 && html`, <${Badge} tone="bad">${size(sink.lostBytes)} lost<//>`}${
      sink.rejected > 0 && html`, <${Badge} tone="bad">${count(sink.rejected)} rejected<//>`}${
      sink.problem && html`: <${Untrusted} text=${sink.problem} max=${200} />`}</dd>`)}</dl>
  <${CommandHint} command="gateway audit verify" /><//>`;

const names = { servers: 'Servers', policies: 'Policies', grants: 'Grants' };

/** @param {Api.EffectiveSetting} one @param {Api.EffectiveSetting} other */
const givenFirst = (one, other) => Number(one.source === 'default') - Number(other.source === 'default');

/** @param {{ config: Resource<Api.EffectiveConfigView> }} props */
function Effective({ config }) {
  return html`<${Card} title="Effective configuration">
    ${loaded(config, ({ settings, objects, file }) => html`
    ${table({ label: 'Settings', rows: [...settings].sort(givenFirst),
      keyOf: setting => setting.name,
      empty: html`<${EmptyState} title="No settings">A host program started this gateway, so it has no command line.
        <//>`, columns: [
        { title: 'Setting', cell: setting => html`<code title=${setting.meaning}>
          ${setting.name}</code>` },
        { title: 'Value', cell: setting => html`${!setting.value
          ? html`<span class="muted">none</span>` : html`<${Untrusted} text=${setting.value} max=${120} />`}
          ${setting.source !== 'default' && html`<div class="muted"><${Untrusted} text=${setting.source} /></div>`}` },
      ] })}
    <dl class="facts">${objects.map(kind => html`<dt>
      ${names[/** @type {'grants'} */ (kind.kind)] ?? kind.kind}</dt>
      <dd>${count(kind.file)} from the configuration file, ${count(kind.stored)} created by operators</dd>`)}</dl>
    ${file && html`<h3>Configuration file</h3>
      ${table({ label: 'Configuration file members', rows: file.members,
        keyOf: member => member.pointer,
        empty: html`<${EmptyState} title="Empty file">The configuration file has no members.<//>`, columns: [
          { title: 'Member', cell: member => html`<code>${member.pointer}</code>` },
          { title: 'Value', cell: member => html`<${Untrusted} text=${member.value}
            max=${120} />
            <div class="muted"><${Untrusted} text=${file.path} />, line ${member.line}</div>` },
        ] })}`}`, 12)}
    <${CommandHint} command="gateway config show" /><//>`;
}

/** @param {number} bytes */
const size = bytes => bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KiB`
  : bytes < 1 << 30 ? `${(bytes / (1 << 20)).toFixed(1)} MiB` : `${(bytes / (1 << 30)).toFixed(1)} GiB`;
