// The icons of vendor/icons.svg, in the colour and, roughly, the size of the text beside them.
import { html } from '../vendor/ui.js';

// Beside the style sheet in a release too, where the modules are bundled.
const file = new URL('vendor/icons.svg',
  /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=stylesheet]')).href).href;

/** It says nothing to a reader of the screen: a text or a label stands beside it. @param {{ name: string }} props */
export const Icon = ({ name }) => html`<svg class="icon" aria-hidden="true"><use href=${`${file}#${name}`} /></svg>`;
