// The pages. To add one:
//
// 1. `pages/<name>/page.js` exports by default a component that gets `{ segments, query }`: the page at
// `#/grants/ana?tab=use` is called `grants`, with segments ['ana'] and query { tab: 'use' }. It begins with
// <${PageHead} title=… />. 2. One line below. `needs` is a permission of /api/v1/session
// (docs/reference/permissions.md); `some: true` shows it also to whoever has it for one server only. `icon` is one of
// tools/vendor/build.mjs. `key` is pressed after `g`. `count` may give a number beside the title. Without `group` it
// has no place in the navigation (but its address works). A page    is loaded when it is first opened.
//
// It reads with `useResource(path('grants', name), { every: 5000 })` (state/resource.js), whose data has the type that
// openapi.json gives to the route, and shows it by `loaded(grant, data => html`…`)`. It changes with `post`, `put`,
// `remove` (api/client.js; `ifMatch` is the resource's etag) and then calls `invalidate('grants')`. Filters stand in
// the address: `setQuery({ q })` (state/route.js). Addresses are relative: `link('grants', name)`. Text from a server,
// a client or an agent goes through <${Untrusted} text=… />, without exception. What a page does, the command line
// does: <${CommandHint} command="gateway grant list" />. Pieces: components/index.js. Colours and distances are the
// variables of app.css; a page's own rules stand in app.css below its name, as no style may stand in a page.

/**
 * @typedef {{ segments: string[], query: Record<string, string> }} PageProps
 * @typedef {(props: PageProps) => Children} Component
 * @typedef {{ name: string, title: string, group?: string, icon?: string, key?: string, needs: string, some?: boolean,
 *   count?: () => number, load: () => Promise<{ default: Component }> }} Page
 */

import { waiting } from '../state/live.js';

/** @type {Page[]} */
export const pages = [
  { name: 'overview', title: 'Overview', group: 'Monitor', icon: 'layout-dashboard', key: 'o', needs: 'Read',
    load: () => import('./overview/page.js') },
  { name: 'inbox', title: 'Inbox', group: 'Monitor', icon: 'inbox', key: 'i', needs: 'Read',
    load: () => import('./inbox/page.js') },
  { name: 'live', title: 'Live', group: 'Monitor', icon: 'activity', key: 'l', needs: 'Read',
    load: () => import('./live/page.js') },
  { name: 'calls', title: 'Calls', group: 'Monitor', icon: 'scroll-text', key: 'c', needs: 'Read',
    load: () => import('./calls/page.js') },
  { name: 'usage', title: 'Usage', group: 'Monitor', icon: 'chart-line', key: 'u', needs: 'Read', some: true,
    load: () => import('./usage/page.js') },
  { name: 'approvals', title: 'Approvals', group: 'Monitor', icon: 'shield-check', key: 'a', needs: 'ReadApprovals',
    some: true,
    count: () => waiting.value, load: () => import('./approvals/page.js') },
  { name: 'history', title: 'Changes', group: 'Monitor', icon: 'history', key: 'h', needs: 'Read',
    load: () => import('./history/page.js') },
  { name: 'servers', title: 'Servers', group: 'Manage', icon: 'server', key: 's', needs: 'Read', some: true,
    load: () => import('./servers/page.js') },
  { name: 'catalogue', title: 'Catalogue', group: 'Manage', icon: 'library', key: 't', needs: 'Read', some: true,
    load: () => import('./catalogue/page.js') },
  { name: 'grants', title: 'Grants', group: 'Manage', icon: 'key-round', key: 'r', needs: 'Read',
    load: () => import('./grants/page.js') },
  { name: 'policies', title: 'Policies', group: 'Manage', icon: 'scale', key: 'p', needs: 'Read',
    load: () => import('./policies/page.js') },
  { name: 'budgets', title: 'Budgets', group: 'Manage', icon: 'wallet', key: 'b', needs: 'Read',
    load: () => import('./budgets/page.js') },
  { name: 'settings', title: 'Settings', group: 'Manage', icon: 'settings', key: 'e', needs: 'Read',
    load: () => import('./settings/page.js') },
  { name: 'start', title: 'Set up server', needs: 'Edit', load: () => import('./start/page.js') },
  { name: 'account', title: 'Your account', needs: 'Self', load: () => import('./account/page.js') },
];
