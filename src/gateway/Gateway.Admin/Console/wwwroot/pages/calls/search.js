// What the page of calls reads: pages of records, their counts, and notice of new decisions. A request that is no
// longer needed ends.
import { useEffect, useRef, useState } from '../../vendor/ui.js';
import { address, exact, request } from '../../api/client.js';

/** @typedef {import('../../api/client.js').Query} Query */
/** @typedef {import('./records.js').AuditRecord} AuditRecord */

const pageSize = 50;

/** Members of records that a filter compares exactly. @type {(keyof AuditRecord)[]} */
export const exactFilters = ['tool', 'server', 'grant', 'caller', 'callerIssuer', 'callerClient', 'callerActor',
  'policy', 'method', 'rule', 'outcome', 'by'];

/**
 * Pages of matching records. A search that takes long returns parts; they are requested until a page is full.
 * @param {Query} query @param {number} round Another value searches again.
 */
export function usePages(query, round) {
  const empty = { items: /** @type {AuditRecord[]} */ ([]), known: /** @type {import('./records.js').Arguments} */ ({}),
    next: /** @type {string | undefined} */ (undefined), reached: '', frontend: '', valuesReached: '',
    others: false, shared: '',
    loading: true, error: /** @type {unknown} */ (null) };
  const [state, setState] = useState(empty);
  const latest = useRef(empty);
  const ending = useRef(new AbortController());
  const show = (/** @type {Partial<typeof empty>} */ change) => { latest.current = { ...latest.current, ...change };
    setState(latest.current); };

  /** @param {boolean} isFirst */
  const read = async isFirst => {
    const { signal } = ending.current;
    const wanted = (isFirst ? 0 : latest.current.items.length) + pageSize;
    let cursor = isFirst ? undefined : latest.current.next;
    if (isFirst) latest.current = { ...latest.current, items: [], known: {} };
    show({ loading: true, error: null });
    try {
      do {
        const limit = wanted - latest.current.items.length;
        const { data } = await request('GET', 'audit/search',
          { query: { ...query, limit, cursor }, text: true, signal });
        const page = exact(data);
        cursor = page.next;
        show({ items: [...latest.current.items, ...page.items], known: { ...latest.current.known, ...page.arguments },
          next: cursor,
          reached: page.reached ?? '', frontend: page.frontend, others: page.others,
          shared: page.shared ?? '',
          valuesReached: page.valuesReached ?? '' });
      } while (cursor && latest.current.items.length < wanted);
      show({ loading: false });
    } catch (error) {
      if (!signal.aborted) show({ loading: false, error });
    }
  };

  useEffect(() => {
    ending.current = new AbortController();
    read(true);
    return () => ending.current.abort();
  }, [JSON.stringify(query), round]);
  return { ...state, more: () => read(false), retry: () => read(true) };
}

/** Counts of the matching records. @param {Query} query @param {number} round */
export function useFacets(query, round) {
  const [state, setState] = useState(/** @type {Resource<Api.RecordFacets>} */ ({}));
  useEffect(() => {
    const ending = new AbortController();
    request('GET', 'audit/facets', { query, signal: ending.signal }).then(
      ({ data }) => setState({ data }),
      error => { if (!ending.signal.aborted) setState(before => ({ ...before, error })); });
    return () => ending.abort();
  }, [JSON.stringify(query), round]);
  return state;
}

/** The maximum number of new decisions that are counted; beyond it, the page shows "or more". */
export const freshMax = 200;
const reopenMs = 10_000;

/**
 * The number of decisions since the search that match the exact filters.
 * The stream starts after the search and loses its connection at times. After each connection, a search reads the
 * decisions since the newest record of the list, so that none is missed. Each decision counts once, by the id of its
 * call.
 * @param {Query} query @param {number} round @param {boolean} isOn
 * @param {{ items: AuditRecord[], loading: boolean, error: unknown }} found The list.
 */
export function useFresh(query, round, isOn, found) {
  const [seen, setSeen] = useState(/** @type {Map<string, string>} */ (new Map()));
  const [connections, setConnections] = useState(0);
  const search = JSON.stringify(query);
  const add = (/** @type {AuditRecord[]} */ items) => setSeen(before => new Map([...before,
    ...items.filter(one => one.callId).map(one => /** @type {const} */ ([String(one.callId), one.time]))]
    .slice(-freshMax - pageSize)));

  useEffect(() => {
    setSeen(new Map());
    setConnections(0);
    if (!isOn) return;
    let source = /** @type {EventSource | undefined} */ (undefined);
    let timer = 0;
    let own = '';
    const open = () => {
      source = new EventSource(address('decisions/stream'));
      // The first event follows when the gateway has noted the end of its log: from there on, the stream is complete.
      source.onmessage = event => {
        const { items, frontend, frontends, sampled } = JSON.parse(event.data);
        if (frontends) own = frontend; // The gateway of the stream sends these events.
        // The stream has the decisions of all gateways, and the list may have only those of one.
        if (own && frontend !== own && query.of !== 'shared') return;
        if (frontends || sampled || items.length === 0) setConnections(before => before + 1);
        add(items.filter((/** @type {AuditRecord} */ one) =>
          exactFilters.every(name => !query[name] || one[name] === query[name])));
      };
      // A browser reconnects after a network error, but not after an error response, for example of a proxy.
      source.onerror = () => {
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenMs);
      };
    };
    open();
    return () => { clearTimeout(timer); source?.close(); };
  }, [search, round, isOn]);

  const newest = found.items[0]?.time;
  useEffect(() => {
    if (!isOn || connections === 0 || found.loading || found.error) return;
    const ending = new AbortController();
    request('GET', 'audit/search', { query: { ...query, kind: 'decision', limit: freshMax,
      from: newest ?? query.from }, text: true, signal: ending.signal }).then(
      ({ data }) => add(exact(data).items),
      () => { /* The next connection reads again. */ });
    return () => ending.abort();
  }, [connections, found.loading, newest, search]);

  const listed = new Set(found.items.map(one => one.callId));
  return found.loading ? 0
    : [...seen].filter(([id, time]) => !listed.has(id) && (!newest || time >= newest)).length;
}
