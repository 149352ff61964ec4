// What this browser likes; nothing of the gateway is kept in it.
import { effect, signal } from '../vendor/ui.js';

/** @param {string} name @param {string} otherwise */
function kept(name, otherwise) {
  const value = signal(localStorage.getItem(name) ?? otherwise);
  effect(() => { localStorage.setItem(name, value.value); });
  return value;
}

/** 'system', 'light' or 'dark'. */
export const theme = kept('theme', 'system');
/** 'on' or 'off': single keys as shortcuts. */
export const shortcuts = kept('shortcuts', 'on');

effect(() => { document.documentElement.dataset.theme = theme.value; });

/** The viewer's clock, for whatever shows an age. */
export const now = signal(Date.now());
setInterval(() => { if (!document.hidden) now.value = Date.now(); }, 5000);
