// Conditions that need a person, as /api/v1/status lists them: the bar above every page, and the list of the overview.
import { html } from '../vendor/ui.js';
import { may } from '../api/client.js';
import { useResource } from '../state/resource.js';
import { link } from '../state/route.js';
import { Badge, Button, RelativeTime, Time } from './basics.js';
import { resume } from './PauseDialog.js';
import { Untrusted } from './Untrusted.js';

const tones = /** @type {Record<string, [string, string]>} */ ({
  critical: ['bad', 'Critical'], warning: ['warn', 'Warning'], info: ['info', 'Info'],
});

/** @param {Api.AttentionView} one */
export function pageOf(one) {
  const [page, ...segments] = one.page.split('/');
  return link(page, ...segments);
}

/** @param {{ of: Api.AttentionView }} props */
export function Severity({ of }) {
  const [tone, text] = tones[of.severity] ?? ['', of.severity];
  return html`<${Badge} tone=${tone}>${text}<//>`;
}

/** The start and the end of a condition, as far as they are known. @param {{ of: Api.AttentionView }} props */
export const Span = ({ of }) => html`${of.since && html` <span class="muted small">
  <${RelativeTime} at=${of.since} /></span>`}${
  of.until && html` <span class="muted small">until <${Time} at=${of.until} /></span>`}`;

/**
 * True for a condition that is out of the list for now. A snooze does not hide that calls fail.
 * @param {Api.AttentionView} one
 */
export const isHidden = one => one.severity !== 'critical' && !!one.note?.snoozedUntil;

/** The most severe condition, on every page; nothing while there is none above info. */
export function StatusBar() {
  const status = useResource(may('Read') ? 'status' : null, { every: 10_000 });
  const { attention = [], pauses } = status.data ?? {};
  const found = attention.filter(one => one.severity !== 'info' && !isHidden(one));
  const isUnknown = may('Read') && !status.data && !status.error;
  if (found.length === 0) return html`<div class=${isUnknown ? 'status unknown' : 'status'} role="status"></div>`;
  const [first] = found;
  return html`<div class="status" role="status"><div class=${`status-bar ${tones[first.severity]?.[0] ?? ''}`}>
    <${Severity} of=${first} />
    <p><a href=${pageOf(first)}><${Untrusted} text=${first.text} max=${200} /></a>
      <${Span} of=${first} />
      ${first.detail && html` <span class="small"><${Untrusted} text=${first.detail} max=${200} /></span>`}</p>
    ${found.length > 1 && html`<a href=${link('inbox')}>${found.length - 1} more</a>`}
    ${pauses?.gateway && may('Edit') && html`<${Button}
      onClick=${() => resume('resume', 'Calls resumed.', pauses.gateway)}>Resume calls<//>`}
  </div></div>`;
}
