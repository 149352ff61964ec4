import { html } from '../vendor/ui.js';
import { EmptyState } from '../components/index.js';

/** The first run. */
export function Welcome() {
  return html`<main class="alone"><${EmptyState} title="This link is no longer good"
    action=${html`<a class="button primary" href="#/">Sign in</a>`} command="gateway operator create NAME --role admin --password">
    It was used, or it has expired.<//></main>`;
}
