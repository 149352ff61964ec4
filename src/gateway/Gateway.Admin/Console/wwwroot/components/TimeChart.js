// Series over time on a canvas. A canvas is not accessible: each page that has one also shows its data as a table.
import { html, useEffect, useRef, useState } from '../vendor/ui.js';
import { count, localTime } from './basics.js';

/**
 * @typedef {{ label: string, color: string, values: (number | null)[], kind?: 'bar' | 'line', dashed?: boolean, total?:
 *   string, href?: string }} Series
 * `color` is the name of a variable of app.css; `total` is shown while no point is hovered.
 */

const height = 220;

/**
 * The points of a line between two gaps: without a mark, nothing would show them. With null, all are marked.
 * @param {import('../vendor/chart.js').default} plot @param {number} series @param {boolean} areShown
 */
function alone(plot, series, areShown) {
  const values = plot.data[series];
  return areShown ? null : [...values.keys()].filter(at =>
    values[at] != null && values[at - 1] == null && values[at + 1] == null);
}
const clickPixels = 4;

/**
 * Bars that are stacked in their order, and lines. Dragging selects a part of the time, and a click one point.
 * @param {{ label: string, points: string[], stepSeconds: number, series: Series[], format?: (value: number) => string,
 *   areFractions?: boolean,
 *   onZoom?: (from: string, to: string) => void, onPick?: (point: number) => void }} props
 */
export function TimeChart({ label, points, stepSeconds, series, format = count, areFractions = false, onZoom,
  onPick }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const acts = useRef({ onZoom, onPick, format, areFractions });
  acts.current = { onZoom, onPick, format, areFractions };
  const [hovered, setHovered] = useState(/** @type {number | null} */ (null));
  const drawn = JSON.stringify([points, stepSeconds, series.map(({ href, total, ...one }) => one)]);
  useEffect(() => {
    const ending = new AbortController();
    draw(/** @type {HTMLElement} */ (place.current), { points, stepSeconds, series }, acts, setHovered, ending.signal);
    return () => ending.abort();
  }, [drawn]);
  const at = hovered !== null && hovered < points.length ? hovered : null;
  return html`<figure class="time-chart">
    <div class=${`time-chart-canvas${onPick ? ' picks' : ''}`} ref=${place} role="img" aria-label=${label}></div>
    <figcaption class="legend small"><span class="legend-time muted">
      ${at === null ? 'Total' : spanOf(points[at], stepSeconds)}</span>
      ${series.map(one => html`<span class="legend-item" key=${one.label}>
        <span class=${`swatch${one.dashed ? ' dashed' : ''}`}
          style=${{ '--swatch': `var(${one.color})` }}></span>
            ${one.href ? html`<a href=${one.href}>${one.label}</a>` : one.label}
        <strong class="number">${at === null ? one.total ?? '' : one.values[at] == null ? 'no data'
          : format(/** @type {number} */ (one.values[at]))}</strong></span>`)}</figcaption>
  </figure>`;
}

/** A point's time in words. @param {string} from @param {number} stepSeconds */
export const spanOf = (from, stepSeconds) => stepSeconds >= 86_400
  ? new Date(from).toLocaleDateString(undefined, { dateStyle: 'medium' }) : localTime(from);

/**
 * @param {HTMLElement} place @param {{ points: string[], stepSeconds: number, series: Series[] }} data
 * @param {{ current: { onZoom?: (from: string, to: string) => void, onPick?: (point: number) => void, format: (value:
 *   number) => string, areFractions: boolean } }} acts
 * @param {(point: number | null) => void} hover @param {AbortSignal} signal
 */
async function draw(place, { points, stepSeconds, series }, acts, hover, signal) {
  const { default: UPlot } = await import('../vendor/chart.js');
  if (signal.aborted || points.length === 0) return;
  const times = points.map(at => Date.parse(at) / 1000);
  const end = times[times.length - 1] + stepSeconds;
  /** @param {import('../vendor/chart.js').default} plot */
  const pointAt = plot => {
    const { left = -1 } = plot.cursor;
    const time = left >= 0 ? plot.posToVal(left, 'x') : NaN;
    const point = Math.floor((time - times[0]) / stepSeconds);
    return point >= 0 && point < times.length ? point : null;
  };
  const bars = series.filter(one => one.kind !== 'line');
  /** @type {(number | null)[]} */
  let below = times.map(() => 0);
  const stacked = new Map(bars.map(one => {
    below = one.values.map((value, at) => value === null ? null : value + (below[at] ?? 0));
    return [one, below];
  }));
  // The highest sums are drawn first, and lines over them.
  const order = [...bars.toReversed(), ...series.filter(one => one.kind === 'line')];
  let isDark = matchMedia('(prefers-color-scheme: dark)');
  /** @type {import('../vendor/chart.js').default} */
  let plot;
  let downAt = 0;
  const make = () => {
    plot?.destroy();
    const [muted, grid] = [colorOf(place, '--muted'), colorOf(place, '--border')];
    const axis = { stroke: muted, font: '12px system-ui, sans-serif', grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1 } };
    plot = new UPlot({
      width: place.clientWidth, height, legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: clickPixels } },
      scales: { x: { range: () => [times[0], end] }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
      padding: [8, 24, 0, 0],
      axes: [
        { ...axis, space: 72, size: 32, values: (_, ticks) => ticks.map(tick => tickOf(tick, end - times[0])) },
        { ...axis, size: 64, incrs: acts.current.areFractions ? undefined : wholeSteps,
          values: (_, ticks) => ticks.map(tick => acts.current.format(tick)) },
      ],
      series: [{}, ...order.map(one => {
        const color = colorOf(place, one.color);
        return one.kind === 'line'
          ? { stroke: color, width: 1.75, dash: one.dashed ? [5, 4] : undefined, points: { size: 5, filter: alone } }
          : { stroke: color, fill: color, width: 0, points: { show: false },
            paths: UPlot.paths.bars?.({ size: [0.82, 48], align: 1 }) };
      })],
      hooks: {
        setCursor: [one => hover(pointAt(one))],
        setSelect: [one => {
          if (one.select.width <= clickPixels) return;
          const [left, right] = [one.posToVal(one.select.left, 'x'),
            one.posToVal(one.select.left + one.select.width, 'x')];
          const first = Math.max(0, Math.floor((left - times[0]) / stepSeconds));
          const last = Math.min(times.length, Math.ceil((right - times[0]) / stepSeconds));
          one.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (last > first) acts.current.onZoom?.(iso(times[0] + first * stepSeconds),
            iso(times[0] + last * stepSeconds));
        }],
      },
    }, [times, ...order.map(one => stacked.get(one) ?? one.values)], place);
    plot.over.addEventListener('mousedown', (/** @type {MouseEvent} */ event) => { downAt = event.clientX; });
    plot.over.addEventListener('click', (/** @type {MouseEvent} */ event) => {
      const point = pointAt(plot);
      if (point !== null && Math.abs(event.clientX - downAt) <= clickPixels) acts.current.onPick?.(point);
    });
  };
  make();
  const sizes = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
  sizes.observe(place);
  isDark.addEventListener('change', make, { signal });
  signal.addEventListener('abort', () => { sizes.disconnect(); plot.destroy(); hover(null); });
}

/** Steps of an axis of counts. */
const wholeSteps = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map(digit => digit * 10 ** power)).flat();

/** A time of the axis, in the zone of the viewer. @param {number} seconds @param {number} span */
const tickOf = (seconds, span) => new Date(seconds * 1000).toLocaleString(undefined, span <= 90_000
  ? { hour: '2-digit', minute: '2-digit' } : span <= 4 * 86_400
    ? { weekday: 'short', hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' });

/** @param {number} seconds */
const iso = seconds => new Date(seconds * 1000).toISOString();

/** A variable's colour as a canvas takes it. @param {HTMLElement} place @param {string} name */
function colorOf(place, name) {
  place.style.color = `var(${name})`;
  const { color } = getComputedStyle(place);
  place.style.color = '';
  return color;
}
