// Who sees what: the welcome and sign-in pages, or the frame with the page of the address in it.
import { html, signal, useEffect, useErrorBoundary, useState } from '../vendor/ui.js';
import { session, whoAmI } from '../api/client.js';
import { ErrorBox, PageHead, Skeleton } from '../components/index.js';
import { Toasts } from '../components/Toast.js';
import { pages } from '../pages/index.js';
import { route } from '../state/route.js';
import { Frame, home, visible } from './Frame.js';
import { Invitation } from './Invitation.js';
import { SignIn } from './SignIn.js';
import { Welcome } from './Welcome.js';

const failed = signal(/** @type {unknown} */ (null));
const begin = () => whoAmI().then(() => { failed.value = null; }, error => { failed.value = error; });

export function App() {
  useEffect(() => { begin(); }, []);
  return html`${body()}<${Toasts} />`;
}

function body() {
  if (route.value.page === 'welcome' && session.value !== undefined) return html`<${Welcome}
    code=${route.value.query.code} />`;
  if (route.value.page === 'invitation' && session.value !== undefined) return html`<${Invitation}
    code=${route.value.query.code} />`;
  if (failed.value) return html`<main class="alone"><${ErrorBox} error=${failed.value} retry=${begin} /></main>`;
  if (session.value === undefined) return html`<main class="alone"><${Skeleton} /></main>`;
  if (session.value === null) return html`<${SignIn} />`;
  return html`<${Frame}><${Page} /><//>`;
}

function Page() {
  const { page, segments, query } = route.value;
  const wanted = page || home();
  const found = pages.find(one => one.name === wanted);
  if (!found || !visible(found)) return html`<${Nothing} isThere=${found !== undefined} />`;
  return html`<${Load} key=${found.name} page=${found} segments=${segments} query=${query} />`;
}

/** @typedef {import('../pages/index.js').Component} Component */
/** @param {{ page: import('../pages/index.js').Page, segments: string[], query: Record<string, string> }} props */
function Load({ page, segments, query }) {
  const [loaded, setLoaded] = useState(/** @type {Component | null} */ (null));
  const [error, reset] = useErrorBoundary();
  const [missing, setMissing] = useState(/** @type {unknown} */ (null));
  const load = () => page.load().then(one => { setMissing(null); setLoaded(() => one.default); }, setMissing);
  useEffect(() => { load(); }, [page]);
  useEffect(() => {
    document.title = `${page.title} · Policy Gateway`;
    document.querySelector('main')?.scrollTo(0, 0);
  }, [page, segments.join('/')]);
  if (error) return html`<${ErrorBox} error=${{ title: 'Page error', message: error.message }} retry=${reset} />`;
  if (missing) {
    return html`<${ErrorBox} retry=${() => location.reload()}
      error=${{ title: 'Page not loaded', message:
        'The gateway may have been updated. Try again to reload the console.' }} />`;
  }
  return loaded ? html`<${loaded} segments=${segments} query=${query} />` : html`<${Skeleton} lines=${6} />`;
}

/** @param {{ isThere: boolean }} props */
const Nothing = ({ isThere }) => html`<${PageHead} title=${isThere ? 'You don\'t have access' : 'Page not found'}
  lead=${isThere ? `Your roles: ${session.value?.roles.join(', ') || 'none'}. Ask an administrator for access.`
    : 'The console has no page at this address.'}
  actions=${html`<a class="button primary" href="#/">Go to home page</a>`} />`;
