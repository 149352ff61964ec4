// Units of the figures of usage.

/** @param {number | null | undefined} ms */
export const milliseconds = ms => ms == null ? '–'
  : ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s`
  : `${(ms / 60_000).toFixed(1)} min`;

/** A window of a limit in words. @param {string} window */
export const windowText = window => ({ '60s': 'per minute', '3600s': 'per hour', '86400s': 'per day',
  '604800s': 'per week' })[window]
  ?? (/^\d+s$/.test(window) ? `per ${window.slice(0, -1)} seconds` : `per ${window}`);

/** An exact amount, as the API writes it, with its thousands apart. @param {string | number} text */
export const exactAmount = text => String(text).replace(/^\d+/, whole => whole.replace(/\B(?=(?:\d{3})+$)/g, ','));

/** An amount of a limit. @param {number} value */
export const amount = value => value.toLocaleString('en', { maximumFractionDigits: 2 });
