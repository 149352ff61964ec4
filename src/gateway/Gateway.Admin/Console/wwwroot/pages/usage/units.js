// Units of the figures of usage.

/** @param {number | null | undefined} ms */
export const milliseconds = ms => ms == null ? '–' : ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s`
  : `${(ms / 60_000).toFixed(1)} min`;

/** An amount of a limit. @param {number} value */
export const amount = value => value.toLocaleString('en', { maximumFractionDigits: 2 });
