import { html } from '../../vendor/ui.js';
import { Badge } from '../../components/index.js';

const tones = /** @type {Record<string, string>} */ ({ allow: 'ok', enforce: 'ok', approve: 'warn', deny: 'bad',
  shadow: 'warn' });

/**
 * One of a few values; as a word for an operator who may not change it.
 * @template {string} Value
 * @param {{ label: string, choices: [Value, string][], value: string, isFixed: boolean,
 *   onPick: (value: Value) => void }} props
 */
export const Segments = ({ label, choices, value, isFixed, onPick }) => isFixed
  ? html`<${Badge} tone=${tones[value]}>${choices.find(([one]) => one === value)?.[1] ?? 'No rule'}<//>`
  : html`<div class="segments" role="group" aria-label=${label}>${choices.map(([one, title]) => html`<button
    type="button" aria-pressed=${value === one ? 'true' : 'false'} onClick=${() => onPick(one)}>${title}</button>`)}
      </div>`;
