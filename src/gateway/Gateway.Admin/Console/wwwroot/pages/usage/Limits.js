// Limits of policies and budgets: what is used against the maximum, the fullest first.
import { html } from '../../vendor/ui.js';
import { Card, RelativeTime, Untrusted, count, loaded } from '../../components/index.js';
import { TimeChart } from '../../components/TimeChart.js';
import { useResource } from '../../state/resource.js';
import { setQuery } from '../../state/route.js';
import { periodOf } from './query.js';
import { amount, windowText } from './units.js';

/** @typedef {import('./query.js').Query} Query */

const shownMax = 12;

/** @param {Api.UsageLimit} limit */
const keyOf = limit => [limit.server, limit.grant, limit.name, limit.window].join(' ');

/** @param {{ query: Query, zoom: (from: string, to: string) => void }} props */
export function Limits({ query, zoom }) {
  const { server, grant } = query;
  const usage = useResource('usage', { query: { ...periodOf(query), server, grant, by: 'budget' }, every: 30_000 });
  return html`<${Card} title="Spend against limits">${loaded(usage, data => {
    const limits = data.limits ?? [];
    if (limits.length === 0) return html`<p class="muted">No limit or budget counted a call in this period.</p>`;
    const chosen = limits.find(one => keyOf(one) === query.limit) ?? limits[0];
    return html`<ul class="limits">${limits.slice(0, shownMax).map(limit => html`<${Limit}
      key=${keyOf(limit)} limit=${limit}
        isChosen=${limit === chosen} />`)}</ul>
      ${limits.length > shownMax && html`<p class="muted small">and ${count(limits.length - shownMax)} more with lower
        usage</p>`}
      <h3><${Untrusted} text=${chosen.name} max=${60} /> over time</h3>
      <${TimeChart} label=${`Used amount of ${chosen.name} against its maximum`} points=${data.points}
        stepSeconds=${data.stepSeconds} format=${amount} areFractions
        onZoom=${zoom} series=${[{ label: 'Used', color: '--chart-1', values: chosen.usedOverTime,
          total: amount(chosen.used) },
          { label: 'Maximum', color: '--chart-4', kind: 'line', dashed: true, values: chosen.maxOverTime,
            total: amount(chosen.max) }]} />`;
  }, 4)}<//>`;
}

/** @param {{ limit: Api.UsageLimit, isChosen: boolean }} props */
function Limit({ limit, isChosen }) {
  const share = limit.max > 0 ? limit.used / limit.max : 1;
  const tone = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : '';
  return html`<li><button type="button" class="limit" aria-pressed=${isChosen ? 'true' : 'false'}
    onClick=${() => setQuery({ limit: keyOf(limit) })}>
    <span class="row spread"><strong><${Untrusted} text=${limit.name} max=${60} /></strong>
      <span class="number">${amount(limit.used)} of ${amount(limit.max)}</span></span>
    <progress class=${tone} max="1" value=${Math.min(1, share)} aria-label=${`${Math.round(share * 100)} % used`}>
      </progress>
    <span class="row spread small muted"><span><${Untrusted}
      text=${limit.server === '(budgets)' ? 'budget'
        : `${limit.server} · ${limit.grant === '(all)' ? 'all grants' : limit.grant}`} max=${80} />
      <span> · </span><${Untrusted} text=${windowText(limit.window)} max=${40} /></span>
        <span>${limit.exhaustedAt && Date.parse(limit.exhaustedAt) > Date.now()
        ? html`<strong class="warn-text">full <${RelativeTime} at=${limit.exhaustedAt} /> at this rate
          </strong>` : Date.parse(limit.reset) > Date.now() ? html`resets <${RelativeTime}
            at=${limit.reset} />` : 'reset'}</span></span>
  </button></li>`;
}
