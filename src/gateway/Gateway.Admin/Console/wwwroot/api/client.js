// The admin API from a page: relative to where the page lies, so that any path prefix works.
import { signal } from '../vendor/ui.js';

const base = new URL('../api/v1/', document.baseURI);

/** @typedef {{ path?: string, pointer?: string, line?: number, column?: number, message?: string }} Place */
/**
 * @typedef {{ body?: unknown, ifMatch?: string, ifNoneMatch?: string, query?: Query, signal?: AbortSignal, text?:
 *   boolean }} Options
 */
/** @typedef {Record<string, string | number | boolean | string[] | null | undefined>} Query */
/** @template T @typedef {{ data: T, etag: string | null, location: string | null }} Answer */

/** A refusal of the API: what happened, why, and what to do next (RFC 9457). */
export class ApiError extends Error {
  /** @param {number} status @param {Partial<Api.Problem>} problem @param {string | null} [retryAfter] */
  constructor(status, problem, retryAfter = null) {
    super(problem.detail || problem.title || `The gateway responded with HTTP ${status}.`);
    this.status = status;
    /** @type {string} */
    this.title = problem.title || 'Failed';
    /** @type {Place[]} */
    this.errors = problem.errors || [];
    this.problem = problem;
    this.retryAfter = retryAfter === null ? null : Number(retryAfter);
  }
}

/** Who is signed in: undefined until it is known, null where nobody is. */
export const session = signal(/** @type {Api.WhoView | null | undefined} */ (undefined));

/** Whether a session ended before this page was left, for the page of sign-in. */
export const hasEnded = signal(false);

/** Path segments that come from names.
 * @template {string[]} Segments @param {Segments} segments @returns {ApiPath<PathForm<Segments>>} */
export const path = (...segments) =>
  /** @type {ApiPath<PathForm<Segments>>} */ (segments.map(encodeURIComponent).join('/'));

/** @param {string} where @param {Query} [query] */
export function address(where, query) {
  const url = new URL(where, base);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/**
 * One request. `where` is below /api/v1, without a slash in front: `request('GET', path('grants', name))`.
 * A 401 shows the sign-in page; every refusal is thrown as ApiError.
 * @template {string} Method @template {string} Path @template {Options} [Of={}]
 * @param {Method} method @param {KnownPath<Method, Path>} where @param {Of} [options]
 * @returns {Promise<Answer<Of extends { text: true } ? string : ApiAnswer<Method, Path>>>}
 */
export async function request(method, where, options = /** @type {Of} */ ({})) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = method === 'PATCH' ? 'application/merge-patch+json'
    : 'application/json';
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (options.ifNoneMatch) headers['If-None-Match'] = options.ifNoneMatch;
  if (method !== 'GET' && session.value?.csrf) headers['X-CSRF-Token'] = session.value.csrf;
  let response;
  try {
    response = await fetch(address(where, options.query), {
      method, headers, signal: options.signal, cache: 'no-store', credentials: 'same-origin',
      body: options.body === undefined ? undefined
        : typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, { title: 'Gateway unreachable',
      detail: 'The gateway did not respond. Check that it is running.' });
  }
  const text = await response.text();
  if (!response.ok) {
    if (response.status === 401 && session.value) {
      session.value = null;
      hasEnded.value = true;
    }
    throw new ApiError(response.status, parse(text) ?? { title: response.statusText },
      response.headers.get('Retry-After'));
  }
  return {
    data: options.text ? text : text === '' ? undefined : JSON.parse(text),
    etag: response.headers.get('ETag'), location: response.headers.get('Location'),
  };
}

/** @template {string} Path @param {KnownPath<'GET', Path>} where @param {Query} [query] @param {AbortSignal} [signal]
 * @returns {Promise<ApiAnswer<'GET', Path>>} */
export const get = async (where, query, signal) => (await request('GET', where, { query, signal })).data;

/** Changes: `options.ifMatch` is the ETag that GET answered.
 * @template {string} Path @param {KnownPath<'POST', Path>} where @param {unknown} [body] @param {Options} [options]
 * @returns {Promise<Answer<ApiAnswer<'POST', Path>>>} */
export const post = (where, body, options) => request('POST', where, { ...options, body });
/** @template {string} Path @param {KnownPath<'PUT', Path>} where @param {unknown} body @param {Options} [options]
 * @returns {Promise<Answer<ApiAnswer<'PUT', Path>>>} */
export const put = (where, body, options) => request('PUT', where, { ...options, body });
/** A JSON merge patch (RFC 7396): null removes a member, and what is not named stays.
 * @template {string} Path @param {KnownPath<'PATCH', Path>} where @param {Record<string, unknown>} body
 * @param {Options} [options]
 * @returns {Promise<Answer<ApiAnswer<'PATCH', Path>>>} */
export const patch = (where, body, options) => request('PATCH', where, { ...options, body });
/** @template {string} Path @param {KnownPath<'DELETE', Path>} where @param {Options} [options]
 * @returns {Promise<Answer<ApiAnswer<'DELETE', Path>>>} */
export const remove = (where, options) => request('DELETE', where, options);

/** Asks who is signed in, at the start and after signing in. */
export async function whoAmI() {
  try {
    session.value = (await request('GET', 'session')).data;
    hasEnded.value = false;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    session.value = null;
  }
  return session.value;
}

/**
 * Whether the signed-in person may do it: `may('Edit')`, `may('Edit', 'crm')` for one server, `may('Edit', '*')` for
 * some server at least. The server decides; this only hides what it would refuse.
 * @param {string} permission @param {string} [server]
 */
export function may(permission, server) {
  return (session.value?.permissions ?? []).some(one => one === permission
    || (server === '*' ? one.startsWith(`${permission}:`) : server !== undefined && one === `${permission}:${server}`));
}

/** JSON of browsers that keep a number's source; the type check knows none of it yet.
 * @typedef {{ rawJSON?: (text: string) => unknown, parse: (text: string,
 *   reviver: (name: string, value: unknown, context?: { source?: string }) => unknown) => unknown }} ExactJson */
/** Parses JSON in which each number keeps its digits. @param {string} text */
export function exact(text) {
  const { rawJSON, parse: read } = /** @type {ExactJson} */ (JSON);
  return rawJSON ? read(text, (_, value, context) => typeof value === 'number' && context?.source
    && String(value) !== context.source ? rawJSON(context.source) : value) : JSON.parse(text);
}

/** @param {string} text */
function parse(text) {
  try { return JSON.parse(text); } catch { return null; }
}
