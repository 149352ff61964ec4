// One edit of a policy: its text, what it began with, and what the gateway says of it.
import { computed, effect, signal, untracked } from '../../vendor/ui.js';
import { ApiError, get, path, request } from '../../api/client.js';
import { find, parse } from '../../state/json-text.js';

/** @typedef {Api.ToolView} Tool */

const first = '{\n  "version": "1",\n  "default": "deny",\n  "tools": {}\n}\n';
const stepsMax = 200;
const reviewAfterMs = 350;

/** @param {string} name */
export function newEdit(name) {
  const key = `policy-edit:${name}`;
  const text = signal(first);
  const base = signal(/** @type {{ text: string, etag: string | null, isFile: boolean }} */ ({ text: '', etag: null,
    isFile: false }));
  const parsed = computed(() => parse(text.value));
  const root = computed(() => parsed.value.root);
  const isChanged = computed(() => text.value !== base.value.text);
  const review = signal(/** @type {Api.PolicyReviewView | null} */ (null));
  const reviewed = signal('');
  const server = signal('');
  const tools = signal(/** @type {Tool[]} */ ([]));
  const toolsError = signal(/** @type {unknown} */ (null));
  const failed = signal(/** @type {unknown} */ (null));
  const isReady = signal(false);
  const restored = signal(/** @type {number | null} */ (null));
  const past = signal(/** @type {string[]} */ ([]));
  const future = signal(/** @type {string[]} */ ([]));
  let typedAt = 0;

  /** @param {string} next @param {{ isTyping?: boolean }} [how] */
  function change(next, { isTyping = false } = {}) {
    if (next === text.value) return;
    // What is typed in one go is one step back.
    if (!isTyping || Date.now() - typedAt > 1000) past.value = [...past.value.slice(1 - stepsMax), text.value];
    typedAt = isTyping ? Date.now() : 0;
    future.value = [];
    text.value = next;
  }

  /**
   * @param {import('../../vendor/ui.js').Signal<string[]>} from
   * @param {import('../../vendor/ui.js').Signal<string[]>} to
   */
  function step(from, to) {
    const next = from.value.at(-1);
    if (next === undefined) return;
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, text.value];
    text.value = next;
    typedAt = 0;
  }

  /** Reads the policy in force. @param {{ keep?: boolean }} [how] keep: the edit stays */
  async function load({ keep = false } = {}) {
    failed.value = null;
    try {
      const known = await get('policies', { limit: 500 });
      if (!known.next && !known.items.some(one => one.name === name)) throw new ApiError(404, {});
      const { data, etag } = await request('GET', path('policies', name), { text: true });
      base.value = { text: data, etag, isFile: etag === null };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) { failed.value = error; return; }
      base.value = { text: '', etag: null, isFile: false };
    }

    if (!keep) {
      text.value = base.value.text || first;
      past.value = future.value = [];
    }
  }

  async function open() {
    await load();
    if (failed.value) return;
    const kept = readKept(key);
    if (kept && kept.text !== text.value) {
      past.value = [text.value];
      text.value = kept.text;
      // Saving says whose change came first where it began with another version.
      if (kept.etag !== base.value.etag) base.value = { text: kept.base, etag: kept.etag, isFile: base.value.isFile };
      restored.value = kept.at;
    }
    isReady.value = true;
  }

  async function readTools() {
    tools.value = [];
    toolsError.value = null;
    const asked = server.value;
    if (asked === '') return;
    try {
      const found = await get(path('servers', asked, 'tools'));
      if (asked === server.value) tools.value = found.tools;
    } catch (error) {
      if (asked === server.value) toolsError.value = error;
    }
  }

  let asking = new AbortController();
  async function ask() {
    asking.abort();
    asking = new AbortController();
    const said = text.value;
    try {
      const { data } = await request('POST', path('policies', name, 'review'),
        { body: said, query: { server: server.value }, signal: asking.signal });
      review.value = data;
      reviewed.value = said;
    } catch (error) {
      if (error instanceof ApiError) failed.value = error;
    }
  }

  /** Begins to follow the text; the result ends it. */
  function follow() {
    let timer = 0;
    const ends = [
      effect(() => {
        const now = [text.value, server.value, isReady.value];
        clearTimeout(timer);
        if (now[2]) timer = setTimeout(ask, untracked(() => review.value) ? reviewAfterMs : 0);
      }),
      effect(() => {
        if (!isReady.value) return;
        if (isChanged.value && base.value.text !== '' || base.value.text === '' && text.value !== first) {
          keep(key, { text: text.value, base: base.value.text, etag: base.value.etag, at: Date.now() });
        } else drop(key);
      }),
      effect(() => { if (server.value !== undefined) untracked(readTools); }),
    ];
    return () => { clearTimeout(timer); ends.forEach(end => end()); };
  }

  return {
    name, text, base, parsed, root, isChanged, review, server, tools, toolsError, failed, isReady, restored, past,
      future,
    change, load, open, follow, readTools, ask,
    /** Whether what the gateway said is of this very text. */
    isCurrent: computed(() => reviewed.value === text.value),
    errors: computed(() => (review.value?.problems ?? []).filter(one => one.severity === 'error')),
    /** The error of the value at a pointer, or in it. @param {string} pointer @param {boolean} isDeep */
    problemAt: (pointer, isDeep) => review.value?.problems.find(one => one.severity === 'error'
      && (one.pointer === pointer || isDeep && one.pointer.startsWith(`${pointer}/`)))?.message,
    undo: () => step(past, future),
    redo: () => step(future, past),
    forget: () => drop(key),
    /** @param {string} pointer */
    at: pointer => find(root.value, pointer),
    /** The part of the policy that decides about a tool. @param {string} tool */
    partOf: tool => review.value?.parts?.find(part => part.pointer !== '/all_tools' && part.tools.includes(tool)),
  };
}

/** @typedef {ReturnType<typeof newEdit>} Edit */

// In this tab only: a session that ends, or a page that is loaded again, must not lose what was written.
/** @param {string} key @returns {{ text: string, base: string, etag: string | null, at: number } | null} */
function readKept(key) {
  try { return JSON.parse(sessionStorage.getItem(key) ?? 'null'); } catch { return null; }
}

/** @param {string} key @param {unknown} value */
function keep(key, value) {
  try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* a full store keeps what it had */ }
}

/** @param {string} key */
const drop = key => sessionStorage.removeItem(key);
