import { html, useRef, useState } from '../vendor/ui.js';
import { localTime } from './basics.js';

const height = 120;

/**
 * Bars over time, stacked: what was allowed and what was refused. Where nobody has figures there is a gap, not a zero.
 * What it shows stands beside it as text too, so it is a picture to whoever reads with a screen reader.
 * With `onNarrow`, dragging over it selects a part of the time; each point begins `stepSeconds`.
 * @param {{ label: string, points: string[], allowed: (number | null)[], refused: (number | null)[], words?: [string,
 *   string],
 *   stepSeconds?: number, onNarrow?: (from: string, to: string) => void }} props
 */
export function Chart({ label, points, allowed, refused, words = ['allowed', 'refused'], stepSeconds = 0, onNarrow }) {
  const [dragged, setDragged] = useState(/** @type {[number, number] | null} */ (null));
  const picture = useRef(/** @type {SVGElement | null} */ (null));
  const at = (/** @type {PointerEvent} */ event) => {
    const { left, width: wide } = /** @type {SVGElement} */ (picture.current).getBoundingClientRect();
    return Math.max(0, Math.min(points.length - 1, Math.floor(points.length * (event.clientX - left) / wide)));
  };
  const drag = onNarrow && {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      event.preventDefault();
      picture.current?.setPointerCapture(event.pointerId);
      setDragged([at(event), at(event)]);
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => { if (dragged) setDragged([dragged[0], at(event)]); },
    onPointerUp: () => {
      if (!dragged) return;
      const [first, last] = [Math.min(...dragged), Math.max(...dragged)];
      setDragged(null);
      onNarrow(points[first], new Date(Date.parse(points[last]) + stepSeconds * 1000).toISOString());
    },
  };
  const most = Math.max(1, ...points.map((_, at) => (allowed[at] ?? 0) + (refused[at] ?? 0)));
  const width = 100 / points.length;
  /** @param {number} at */
  const bar = at => {
    if (allowed[at] === null) return html`<rect key=${at} class="gap" x=${at * width} y=${height - 3} width=${width}
      height="3" />`;
    const [good, bad] = [height * /** @type {number} */ (allowed[at]) / most, height * (refused[at] ?? 0) / most];
    const title = `${localTime(points[at])}: ${
      (allowed[at] ?? 0).toLocaleString('en')} ${words[0]}, ${(refused[at] ?? 0).toLocaleString('en')} ${words[1]}`;
    return html`<g key=${at}><title>${title}</title>
      <rect class="hit" x=${at * width} y="0" width=${width} height=${height} />
      <rect class="allowed" x=${at * width + width * 0.12} y=${height - good} width=${width * 0.76} height=${good} />
      <rect class="refused" x=${at * width + width * 0.12} y=${height - good - bad} width=${width * 0.76}
        height=${bad} /></g>`;
  };
  return html`<figure class=${onNarrow ? 'chart selectable' : 'chart'}>
    <svg ref=${picture} role="img" aria-label=${label}
      viewBox=${`0 0 100 ${height}`} preserveAspectRatio="none" ...${drag ?? {}}>
      ${points.map((_, at) => bar(at))}
      ${dragged && html`<rect class="selected" x=${Math.min(...dragged) * width} y="0"
        width=${(Math.abs(dragged[1] - dragged[0]) + 1) * width}
        height=${height} />`}</svg>
    <figcaption class="muted small"><span>${clock(points[0])}</span>
      <span>max. ${most.toLocaleString('en')} per bar</span>
      <span>${clock(points.at(-1))}</span></figcaption></figure>`;
}

/** @param {string | undefined} at */
const clock = at => at ? new Date(at).toLocaleString(undefined,
  { weekday: 'short', hour: '2-digit', minute: '2-digit' }) : '';
