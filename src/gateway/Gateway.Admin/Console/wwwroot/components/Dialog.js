import { html, useEffect, useId, useRef } from '../vendor/ui.js';
import { WithCommands } from './basics.js';

/**
 * A question or a form above the page; Escape and the cross call `onClose`. Show it by rendering it.
 * @param {{ title: Children, onClose: () => void, actions?: Children, wide?: boolean,
 *   children?: Children }} props
 */
export function Dialog({ title, onClose, actions, wide, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.current?.showModal();
    return () => before?.focus();
  }, []);
  return html`<dialog ref=${dialog} class=${wide ? 'dialog wide' : 'dialog'} aria-labelledby=${id}
      onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); onClose(); }}>
    <div class="card-head"><h2 id=${id}>${title}</h2>
      <button type="button" class="button quiet" aria-label="Close" onClick=${onClose}>×</button></div>
    <div class="dialog-body"><${WithCommands}>${children}<//></div>
    ${actions && html`<div class="actions dialog-actions">${actions}</div>`}
  </dialog>`;
}
