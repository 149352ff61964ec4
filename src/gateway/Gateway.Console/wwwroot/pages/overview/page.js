import { html, useMemo } from '../../vendor/ui.js';
import { Badge, Button, Card, CommandHint, Loaded, PageHead, RelativeTime, Time, Untrusted, count } from '../../components/index.js';
import { Outcome, outcomeOf } from '../../components/decisions.js';
import { useResource } from '../../state/resource.js';
import { link, setQuery } from '../../state/route.js';

const spans = { hour: 3600, day: 86400, week: 604800 };

/** @param {import('../index.js').PageProps} props */
export default function Overview({ query }) {
  const status = useResource('status', { every: 10_000 });
  return html`<${PageHead} title="Overview" lead="What waits for a person, and what agents do."
      actions=${html`<a class="button" href=${link('start')}>Set up a server</a>`} />
    <${Loaded} of=${status} lines=${6}>${(/** @type {any} */ data) => html`
      <${Waiting} status=${data} />
      <${Standing} status=${data} at=${status.at} />`}<//>
    <${Calls} span=${query.span in spans ? query.span : 'hour'} />`;
}

/** @param {any} status */
function needs(status) {
  const found = [];
  if (!status.ready) found.push({ tone: 'bad', text: 'The gateway decides no calls', why: status.problem, href: link('settings') });
  if (status.audit?.fault) found.push({ tone: 'bad', text: 'The audit log cannot be written', why: status.audit.fault, href: link('settings') });
  if (status.approvals?.open > 0) {
    found.push({ tone: 'info', text: `${count(status.approvals.open)} ${status.approvals.open === 1 ? 'call waits' : 'calls wait'} for approval`,
      since: status.approvals.oldestAsked, href: link('approvals') });
  }
  for (const server of status.serverStates ?? []) {
    if (server.health === 'unreachable') {
      found.push({ tone: 'bad', text: `${server.name} does not answer`, why: server.fault, since: server.since, href: link('servers', server.name) });
    }
  }
  for (const problem of status.controlProblems) found.push({ tone: 'bad', text: 'Stored, and not in force', why: problem, href: link('settings') });
  if (status.config && !status.config.inForce) {
    found.push({ tone: 'bad', text: 'The configuration file was refused', why: status.config.problems.join('; '), href: link('settings') });
  }
  for (const warning of status.policyWarnings ?? []) found.push({ tone: 'warn', text: 'Probably not meant', why: warning, href: link('policies') });
  return found;
}

/** @param {{ status: any }} props */
function Waiting({ status }) {
  const found = needs(status);
  return html`<${Card} title="Needs you">
    ${found.length === 0 ? html`<p class="row"><${Badge} tone="ok">All well<//> <span class="muted">Nothing waits for a person.</span></p>`
      : html`<ul class="list">${found.map(one => html`<li class="row need"><${Badge} tone=${one.tone}>${
        { bad: 'Broken', warn: 'Look', info: 'Waits' }[one.tone] ?? ''}<//>
        <div><a href=${one.href}><${Untrusted} text=${one.text} max=${200} /></a>
          ${one.since && html` <span class="muted small"><${RelativeTime} at=${one.since} /></span>`}
          ${one.why && html`<p class="muted small"><${Untrusted} text=${one.why} max=${400} /></p>`}</div></li>`)}</ul>`}
    <${CommandHint} command="gateway status" /><//>`;
}

/** @param {{ status: any, at?: number }} props */
function Standing({ status, at }) {
  const tiles = [
    { text: 'Servers', value: status.servers, href: link('servers') }, { text: 'Policies', value: status.policies, href: link('policies') },
    { text: 'Grants', value: status.grants, href: link('grants') },
  ];
  return html`<section class="tiles" aria-label="In force">
    ${tiles.map(tile => html`<a class="tile" href=${tile.href}><span class="muted">${tile.text}</span><strong>${count(tile.value)}</strong></a>`)}
    <div class="tile"><span class="muted">Up since</span><strong class="word"><${RelativeTime} at=${status.startedAt} /></strong></div>
    <p class="muted small">From <code>/api/v1/status</code> of this gateway, as of <${Time} at=${at} seconds />.</p>
  </section>`;
}

/** @param {{ span: string }} props */
function Calls({ span }) {
  const from = useMemo(() => new Date(Date.now() - /** @type {any} */ (spans)[span] * 1000).toISOString(), [span]);
  const report = useResource('report', { query: { from } });
  return html`<${Card} title="Calls and refusals" actions=${html`<div class="segments" role="group" aria-label="Span">
      ${Object.keys(spans).map(one => html`<button type="button" aria-pressed=${one === span ? 'true' : 'false'}
        onClick=${() => setQuery({ span: one })}>Last ${one}</button>`)}</div>
      <${Button} busy=${report.loading} onClick=${report.reload}>Refresh<//>`}>
    <${Loaded} of=${report} lines=${8}>${(/** @type {any} */ data) => html`<${Figures} data=${data} at=${report.at} />`}<//>
    <${CommandHint} command=${`gateway report --since ${{ hour: '1h', day: '1d', week: '7d' }[span]}`} /><//>`;
}

/** @param {{ data: any, at?: number }} props */
function Figures({ data, at }) {
  const servers = Object.values(data.tools.reduce((/** @type {any} */ all, /** @type {any} */ tool) => {
    const name = tool.name.split('/')[0];
    all[name] ??= { name, calls: 0, refused: 0 };
    all[name].calls += tool.calls;
    all[name].refused += tool.refused;
    return all;
  }, Object.create(null)));
  return html`
    <section class="tiles" aria-label="By outcome">
      <a class="tile" href=${link('live', { tab: 'search' })}><span class="muted">All</span><strong>${count(data.calls)}</strong></a>
      ${Object.entries(data.outcomes).map(([outcome, number]) => html`<a class="tile"
        href=${link('live', { tab: 'search', outcome })}><span><${Outcome} outcome=${outcome} /></span>
        <strong title=${outcomeOf(outcome).means}>${count(number)}</strong></a>`)}
    </section>
    ${data.calls === 0 ? html`<p class="muted">No agent has called anything in this time.</p>` : html`<div class="columns">
      <${Top} title="Grants" rows=${data.grants} query=${(/** @type {string} */ name) => ({ grant: name })} />
      <${Top} title="Servers" rows=${servers} query=${(/** @type {string} */ name) => ({ server: name })} />
      <${Top} title="Tools" rows=${data.tools} query=${(/** @type {string} */ name) =>
        ({ server: name.slice(0, name.indexOf('/')), tool: name.slice(name.indexOf('/') + 1) })} />
      <${Rules} rows=${data.rules} />
    </div>`}
    <p class="muted small">From the audit log of <${Untrusted} text=${data.frontends.join(', ')} />, as of <${Time} at=${at} seconds />.${
      data.others && ' Other gateways of the fleet have their own records.'}${
      data.missing > 0 && ` ${count(data.missing)} decisions could not be recorded.`}</p>`;
}

/** @param {{ title: string, rows: any[], query: (name: string) => any }} props */
function Top({ title, rows, query }) {
  const most = Math.max(1, ...rows.map(row => row.calls));
  return html`<div class="stack"><h3>${title}</h3><ul class="bars">${rows.slice(0, 6).map(row => html`<li key=${row.name}>
    <a href=${link('live', { tab: 'search', ...query(row.name) })}><${Untrusted} text=${row.name} max=${60} /></a>
    <span class="number">${count(row.calls)}${row.refused > 0 && html` <span class="refused">${count(row.refused)} refused</span>`}</span>
    <span class="bar" aria-hidden="true"><span style=${{ width: `${100 * (row.calls - row.refused) / most}%` }}></span>
      <span class="refused" style=${{ width: `${100 * row.refused / most}%` }}></span></span></li>`)}</ul>
    ${rows.length > 6 && html`<p class="muted small">and ${count(rows.length - 6)} more</p>`}</div>`;
}

/** @param {{ rows: any[] }} props */
const Rules = ({ rows }) => rows.length === 0 ? null : html`<div class="stack"><h3>Rules that refused</h3><ul class="bars">
  ${rows.slice(0, 6).map(row => html`<li><a href=${link('policies', row.policy, { rule: row.rule })}>
    <${Untrusted} text=${row.policy} max=${40} /> <code><${Untrusted} text=${row.rule} max=${80} /></code></a>
    <span class="number">${count(row.refused)}</span></li>`)}</ul></div>`;
