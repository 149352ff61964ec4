// The evaluation of recorded calls: totals by transition, tool and agent, with samples.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { get, path, post } from '../../api/client.js';
import { Badge, EmptyState, ErrorBox, Time, Untrusted, count, table } from '../../components/index.js';

const shownMax = 50;
/** @type {['byTransition' | 'byTool' | 'byGrant' | '', string, string][]} */
const groupings = [['byTransition', 'By outcome', 'Outcome'], ['byTool', 'By tool', 'Tool'],
  ['byGrant', 'By agent', 'Agent'], ['', 'Calls', '']];

/** Has the gateway evaluate recorded calls, and asks until it is done. */
export function useJob() {
  const [job, setJob] = useState(/** @type {Api.BacktestView | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const start = async (/** @type {unknown} */ body) => {
    setError(null);
    setJob(null);
    try { setJob((await post('backtests', body)).data); } catch (failure) { setError(failure); }
  };
  useEffect(() => {
    if (job?.state !== 'running') return;
    const timer = setTimeout(() => get(path('backtests', job.id)).then(setJob, setError), 400);
    return () => clearTimeout(timer);
  }, [job]);
  return { job, error, start, isRunning: job?.state === 'running' };
}

/** The result. @param {{ of: ReturnType<typeof useJob>, none?: string }} props */
export function Evaluation({ of: { job, error, isRunning }, none = '' }) {
  const [grouping, setGrouping] = useState(groupings[0][0]);
  const result = job?.result;
  const groups = grouping === '' ? [] : result?.[grouping] ?? [];
  return html`<${ErrorBox} error=${error} />
    ${isRunning && job && html`<p role="status">
      ${Math.round(job.progress * 100)} %, ${count(job.records)} records read …</p>`}
    ${job?.problem && html`<p class="notice warn">${job.problem}</p>`}
    ${result && html`<div class="row" role="status"><${Badge} tone="ok">${count(result.same)} unchanged<//>
      <${Badge} tone=${result.changed > 0 ? 'warn' : ''}>${count(result.changed)} changed<//>
      <${Badge}>${count(result.unknown)} undetermined<//>
        ${result.judged === 0 && none && html` <span class="muted">${none}</span>`}</div>
      <${Gaps} job=${job} result=${result} />
      ${result.judged > 0 && html`<div class="segments" role="group" aria-label="Results">
        ${groupings.map(([value, title]) => html`<button type="button"
        aria-pressed=${grouping === value ? 'true' : 'false'} onClick=${() => setGrouping(value)}>${title}</button>`)}
          </div>
        ${grouping === '' ? html`<${Calls} changes=${result.changes} total=${result.changed} />`
          : html`<${Groups} rows=${groups} title=${groupings.find(([value]) => value === grouping)?.[2]} />`}`}`}`;
}

/** The calls that the result does not contain. @param {{ job: Api.BacktestView, result: Api.ReplayReport }} props */
function Gaps({ job, result: { causes, enforced, logStarts, unreadable } }) {
  return html`${Object.entries(causes).map(([cause, many]) => html`<p class="small muted">
    ${count(many)}: <${Untrusted} text=${cause} max=${300} /></p>`)}
    ${enforced > 0 && html`<p class="small muted">${count(enforced)} more calls were decided by the candidate itself.
      </p>`}
    ${logStarts && html`<p class="notice warn">The audit log starts at <${Time} at=${logStarts} />. Older records are
      deleted.</p>`}
    ${unreadable > 0 && html`<p class="notice warn">${count(unreadable)} lines or files of the audit log cannot be read.
      </p>`}
    ${job.others && html`<p class="small muted">From gateway ${job.frontend} only; other gateways of the fleet keep
      their own logs.</p>`}`;
}

/** @param {{ rows: Api.ReplayGroup[], title: string | undefined }} props */
function Groups({ rows, title }) {
  return html`${table({ label: 'Results', rows: rows.slice(0, shownMax), keyOf: one => one.name,
      empty: html`<${EmptyState} title="No decisions change.">The policy decides all evaluated calls as before.<//>`,
      columns: [
        { title, cell: one => html`<strong>
          <${Untrusted} text=${one.name} max=${120} /></strong>` },
        { title: 'Changed', cell: one => html`${count(one.changed)}
          ${title !== 'Outcome' && Object.entries(one.transitions).map(([to, many]) => html` <span class="small muted">
            ${count(many)} ${to}</span>`)}` },
        ...title === 'Outcome' ? [] : [
          { title: 'Unchanged', cell: (/** @type {Api.ReplayGroup} */ one) => count(one.same) },
          { title: 'Undetermined', cell: (/** @type {Api.ReplayGroup} */ one) => count(one.unknown) },
        ],
        { title: 'Samples', cell: one => one.samples.length > 0 && html`<details>
          <summary>${one.samples.length} of ${count(one.changed)}</summary>
          <${List} changes=${one.samples} /></details>` },
      ] })}
    ${rows.length > shownMax && html`<p class="small muted">${count(rows.length - shownMax)} more. The command line
      shows all.</p>`}`;
}

/** @param {{ changes: Api.ReplayChange[], total: number }} props */
function Calls({ changes, total }) {
  const shown = changes.slice(0, shownMax);
  return html`${total === 0 && html`<p>No decisions change.</p>`}<${List} changes=${shown} />
    ${total > shown.length && html`<p class="small muted">The first ${count(shown.length)} of ${count(total)} changed
      calls.</p>`}`;
}

/** @param {{ changes: Api.ReplayChange[] }} props */
function List({ changes }) {
  return html`<ul class="list">${changes.map(one => html`<li class="row small">
    <${Time} at=${one.time} seconds=${true} />
    <strong><${Untrusted} text=${one.tool ?? one.method} max=${100} /></strong> <${Untrusted} text=${one.grant ?? ''}
      max=${64} />
    <span><${Untrusted} text=${told(one.before)} max=${200} /> → <${Untrusted} text=${told(one.after)} max=${200} />
      </span></li>`)}</ul>`;
}

/** @param {Api.ReplayedDecision} one */
const told = one => `${one.outcome} by ${one.rule}`;
