// What has changed at the gateway: one stream for all tabs of this browser, told on to the others.
import { effect, signal } from '../vendor/ui.js';
import { address, get, may, session } from '../api/client.js';
import { forget, invalidate } from './resource.js';
import { route } from './route.js';

/** Addresses of the API that show documents of a kind; another kind is at the address of its name. */
const shownAt = /** @type {Record<string, string[]>} */ ({
  servers: ['servers', 'catalogue', 'status'], policies: ['policies'], candidates: ['policies'],
    grants: ['grants', 'counters'],
  generations: ['counters'], 'caller-connections': ['connections'], pauses: ['pauses', 'servers', 'grants', 'status'],
  classifications: ['catalogue'], inventories: ['catalogue', 'grants'],
  'operator-keys': ['operators'], absences: ['approvals'], deliveries: ['channels'], 'oauth-tokens': ['grants'],
  'oauth-clients': ['grants'],
  config: ['servers', 'policies', 'grants', 'lists', 'status', 'config'],
});

const everything = ['servers', 'policies', 'grants', 'counters', 'lists', 'operators', 'sessions', 'channels',
  'catalogue',
  'status', 'history', 'approvals', 'config', 'pauses'];

/** Requests for approval that wait for somebody, for the title and the navigation. */
export const waiting = signal(0);
/** 'on' where this browser shows a notification of each. */
export const notifies = signal(localStorage.getItem('notify') ?? 'off');
effect(() => { localStorage.setItem('notify', notifies.value); });

/** @param {{ topic: string, kinds?: string[] }} event */
function heard({ topic, kinds = [] }) {
  if (topic === 'resync') invalidate(...everything);
  if (topic === 'control') invalidate('history', ...kinds.flatMap(kind => shownAt[kind] ?? [kind]));
  if (topic === 'health') invalidate('status', 'servers');
  if (topic === 'usage') invalidate('counters');
  if (topic === 'approvals') invalidate('approvals');
  if (topic === 'approvals' || topic === 'resync') countWaiting();
}

async function countWaiting() {
  if (!session.value || !may('ReadApprovals', '*')) { waiting.value = 0; return; }
  try {
    const before = waiting.value;
    waiting.value = (await get('approvals', { state: 'open', limit: 1 })).total ?? 0;
    // No name of an agent or a tool: what it says is shown by the system, outside of this page.
    if (waiting.value > before && document.hidden && notifies.value === 'on'
      && globalThis.Notification?.permission === 'granted') {
      new Notification('A call needs approval', { body: `${waiting.value} open`, tag: 'gateway-approvals' });
    }
  } catch { /* The page of approvals says what is wrong. */ }
}

const tabs = new BroadcastChannel('gateway-events');
tabs.onmessage = event => heard(event.data);

/** @type {AbortController | undefined} */
let leading;

/** @param {string} who */
function lead(who) {
  const end = leading = new AbortController();
  const hold = () => new Promise(done => {
    /** @type {EventSource | undefined} */
    let source;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const open = () => {
      source = new EventSource(address('events'));
      for (const topic of ['control', 'approvals', 'health', 'usage', 'resync']) {
        source.addEventListener(topic, event => {
          const data = { topic, ...JSON.parse(event.data) };
          heard(data);
          tabs.postMessage(data);
        });
      }
      // Refused for good, such as by too many streams: asked again after a while, and pages ask by themselves
      // meanwhile.
      source.onerror = () => { if (source?.readyState === 2) timer = setTimeout(open, 30_000); };
    };
    open();
    end.signal.addEventListener('abort', () => { source?.close(); clearTimeout(timer); done(undefined); });
  });
  if (navigator.locks) navigator.locks.request(`gateway-events-${who}`, { signal: end.signal }, hold).catch(() => {});
  else hold();
}

let name = '';
effect(() => {
  const now = session.value && may('ReadApprovals', '*') ? session.value.name : '';
  if (now === name) return;
  name = now;
  leading?.abort();
  if (now) { lead(now); countWaiting(); } else waiting.value = 0;
});

/** @type {string | undefined} */
let reader;
effect(() => {
  if (session.value?.name === reader) return;
  reader = session.value?.name;
  forget();
});

const title = document.querySelector('title');
const showCount = () => {
  const plain = document.title.replace(/^\(\d+\) /, '');
  const next = waiting.value > 0 ? `(${waiting.value}) ${plain}` : plain;
  if (document.title !== next) document.title = next;
};
effect(() => { route.value; waiting.value; setTimeout(showCount); });
if (title) new MutationObserver(showCount).observe(title, { childList: true });
