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

/**
 * The number of decisions since the search that match the exact filters.
 * @param {Query} query @param {number} round @param {boolean} isOn
 */
export function useFresh(query, round, isOn) {
  const [fresh, setFresh] = useState(0);
  useEffect(() => {
    setFresh(0);
    if (!isOn) return;
    const source = new EventSource(address('decisions/stream'));
    source.onmessage = event => {
      const { items } = JSON.parse(event.data);
      const matching = items.filter((/** @type {AuditRecord} */ one) =>
        exactFilters.every(name => !query[name] || one[name] === query[name]));
      if (matching.length > 0) setFresh(before => before + matching.length);
    };
    return () => source.close();
  }, [JSON.stringify(query), round, isOn]);
  return fresh;
}
