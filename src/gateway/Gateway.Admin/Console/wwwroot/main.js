import { html, render } from './vendor/ui.js';
import { App } from './shell/App.js';
import './state/live.js';

render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
