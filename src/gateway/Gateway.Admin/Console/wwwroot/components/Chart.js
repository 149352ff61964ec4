import { html } from '../vendor/ui.js';

const height = 120;

/**
 * Bars over time, stacked: what was allowed and what was refused. Where nobody has figures there is a gap, not a zero.
 * What it shows stands beside it as text too, so it is a picture to whoever reads with a screen reader.
 * @param {{ label: string, points: string[], allowed: (number | null)[], refused: (number | null)[] }} props
 */
export function Chart({ label, points, allowed, refused }) {
  const most = Math.max(1, ...points.map((_, at) => (allowed[at] ?? 0) + (refused[at] ?? 0)));
  const width = 100 / points.length;
  /** @param {number} at */
  const bar = at => {
    if (allowed[at] === null) return html`<rect key=${at} class="gap" x=${at * width} y=${height - 3} width=${width} height="3" />`;
    const [good, bad] = [height * /** @type {number} */ (allowed[at]) / most, height * (refused[at] ?? 0) / most];
    const title = `${new Date(points[at]).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' })}: ${
      (allowed[at] ?? 0).toLocaleString('en')} allowed, ${(refused[at] ?? 0).toLocaleString('en')} refused`;
    return html`<g key=${at}><title>${title}</title>
      <rect class="hit" x=${at * width} y="0" width=${width} height=${height} />
      <rect class="allowed" x=${at * width + width * 0.12} y=${height - good} width=${width * 0.76} height=${good} />
      <rect class="refused" x=${at * width + width * 0.12} y=${height - good - bad} width=${width * 0.76} height=${bad} /></g>`;
  };
  return html`<figure class="chart"><svg role="img" aria-label=${label} viewBox=${`0 0 100 ${height}`} preserveAspectRatio="none">
      ${points.map((_, at) => bar(at))}</svg>
    <figcaption class="muted small"><span>${clock(points[0])}</span><span>at most ${most.toLocaleString('en')} in one bar</span>
      <span>${clock(points.at(-1))}</span></figcaption></figure>`;
}

/** @param {string | undefined} at */
const clock = at => at ? new Date(at).toLocaleString(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' }) : '';
