// Where the reader is: #/page/segment/…?name=value. The address is the only copy, so that links and Back work.
import { computed, signal } from '../vendor/ui.js';

/** @typedef {{ page: string, segments: string[], query: Record<string, string> }} Route */

const hash = signal(location.hash);
addEventListener('hashchange', () => { hash.value = location.hash; });

export const route = computed(() => read(hash.value));

/** @param {string} text @returns {Route} */
export function read(text) {
  const [where, query = ''] = text.replace(/^#\/?/, '').split('?', 2);
  const [page = '', ...segments] = where.split('/').map(unescape);
  return { page, segments, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** An address for `href`: link('servers', 'crm') or link(['servers', 'crm'], { tab: 'tools' }).
 * @param {string | string[]} page @param {(string | Record<string, unknown> | null | undefined)[]} rest */
export function link(page, ...rest) {
  const last = rest.at(-1);
  const query = typeof last === 'object' && last !== null ? last : {};
  const segments = [page, ...rest.filter(one => typeof one === 'string')].flat();
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '' && value != null)
    .map(([name, value]) => [name, String(value)])).toString();
  return `#/${segments.map(encodeURIComponent).join('/')}${text && `?${text}`}`;
}

/** @param {string} href An address that `link` made. */
export function go(href) { location.hash = href; }

/** Changes filters in the address without a step in the history. @param {Record<string, unknown>} changes */
export function setQuery(changes) {
  const { page, segments, query } = route.value;
  history.replaceState(null, '', link([page, ...segments], { ...query, ...changes }));
  hash.value = location.hash;
}

/** @param {string} text */
function unescape(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}
