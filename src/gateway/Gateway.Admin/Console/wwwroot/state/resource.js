// What was read from the API, shared by everything that shows it: one copy for an address, read again when it is told.
import { signal, useEffect } from '../vendor/ui.js';
import { address, exact, request, session } from '../api/client.js';

/**
 * @template T
 * @typedef {{ data?: T, etag?: string | null, error?: unknown, at?: number,
 *   loading: boolean }} Loaded
 */
/** @typedef {{ state: import('../vendor/ui.js').Signal<Loaded<unknown>>, users: number, read: () => Promise<void>,
 *   refresh: () => Promise<void>, reset: () => void }} Entry */

/** @type {Map<string, Entry>} */
const entries = new Map();

/** @param {string} where @param {import('../api/client.js').Query} [query] @param {boolean} [isExact] */
const keyOf = (where, query, isExact) => address(where, query).href + (isExact ? '#exact' : '');

/**
 * @param {string} where @param {import('../api/client.js').Query} [query] @param {boolean} [isExact] @returns {Entry}
 */
function entry(where, query, isExact) {
  const key = keyOf(where, query, isExact);
  let found = entries.get(key);
  if (found) return found;
  const state = signal(/** @type {Loaded<unknown>} */ ({ loading: true }));
  /** @type {Promise<void> | undefined} */
  let reading;
  let isStale = false;
  const read = () => reading ??= (async () => {
    state.value = { ...state.value, loading: true };
    do {
      isStale = false;
      try {
        const { data, etag } = await request('GET', where, { query, text: isExact });
        state.value = { data: isExact ? exact(String(data)) : data, etag, at: Date.now(), loading: isStale };
      } catch (error) {
        // What was read before stays, with its age.
        state.value = { ...state.value, error, loading: isStale };
      }
    } while (isStale);
    reading = undefined;
  })();
  // What is being read may be from before the change: it is read once more.
  const refresh = () => { isStale = true; return read(); };
  const reset = () => { isStale = true; state.value = { loading: true }; };
  found = { state, users: 0, read, refresh, reset };
  entries.set(key, found);
  return found;
}

/**
 * Reads an address of the API and keeps it: `useResource('grants')`, `useResource(path('grants', name), { every: 5000
 * })`. `where` may be null while there is nothing to ask. Gives data, etag, error, at, loading, and reload().
 * @template {string | null} Path
 * @param {KnownPath<'GET', Path>} where
 * @param {{ query?: import('../api/client.js').Query, every?: number, isExact?: boolean }} [options]
 *   `isExact`: numbers keep their digits.
 * @returns {Loaded<ApiAnswer<'GET', Path>> & { reload: () => Promise<void> }}
 */
export function useResource(where, { query, every, isExact } = {}) {
  const key = where === null ? '' : keyOf(where, query, isExact);
  useEffect(() => {
    if (where === null) return;
    const one = entry(where, query, isExact);
    one.users++;
    one.read();
    const timer = every && setInterval(() => { if (!document.hidden && session.value) one.read(); }, every);
    return () => { one.users--; clearInterval(timer); };
  }, [key, every]);
  if (where === null) return { loading: false, reload: async () => {} };
  const one = entry(where, query, isExact);
  return { .../** @type {Loaded<ApiAnswer<'GET', Path>>} */ (one.state.value), reload: one.refresh };
}

/** Reads again whatever lies at or below one of these addresses and is shown; forgets the rest of it.
 * @param {string[]} prefixes Such as 'grants'. */
export function invalidate(...prefixes) {
  const roots = prefixes.map(prefix => address(prefix).pathname);
  for (const [key, one] of entries) {
    const { pathname } = new URL(key);
    if (!roots.some(root => pathname === root || pathname.startsWith(`${root}/`))) continue;
    // What nobody uses may be shown already and not count as used yet: it must stay the copy that the page looks at.
    if (one.users > 0) one.refresh(); else one.reset();
  }
}

/** Forgets everything, when somebody else signs in. */
export function forget() { entries.clear(); }
