import { html, useEffect, useState } from '../../vendor/ui.js';
import { may, path, remove } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Confirm, Dialog, EmptyState, Field, PageHead, Pager, Search, Skeleton, Untrusted,
  count, loaded, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';

/** @typedef {typeof import('../policy/page.js').default} Builder */

/** The grants of a policy whose names the list shows. */
const shownMax = 3;

/**
 * `#/policies` lists them; `#/policies/NAME` is one, as rules and as text.
 * @param {import('../index.js').PageProps} props
 */
export default function Policies({ segments, query }) {
  return segments.length === 0 ? html`<${List} query=${query} />` : html`<${Builder} key=${segments[0]}
    name=${segments[0]} query=${query} />`;
}

/** The builder, which is loaded when it is first opened. @param {Parameters<Builder>[0]} props */
function Builder(props) {
  const [loaded, setLoaded] = useState(/** @type {Builder | null} */ (null));
  useEffect(() => { import('../policy/page.js').then(one => setLoaded(() => one.default)); }, []);
  return loaded ? html`<${loaded} ...${props} />` : html`<${Skeleton} lines=${8} />`;
}

/** @param {{ query: Record<string, string> }} props */
function List({ query: { q, cursor } }) {
  const policies = useResource('policies', { query: { q, cursor } });
  const [name, setName] = useState('');
  const [gone, setGone] = useState(/** @type {Api.PolicyView | null} */ (null));
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
  /** @param {Event} event */
  const create = event => {
    event.preventDefault();
    if (isName) go(link('policies', name));
  };
  return html`<${PageHead} title="Policies"
    lead=${'A policy says which tools of a server an agent may call, and how often. A grant applies one policy to '
      + 'each server.'} />
    <div class="filters"><${Search} label="Search" value=${q} /></div>
    <${Card}>${loaded(policies, list => html`${table({ label: 'Policies', rows: list.items,
      keyOf: one => one.name, href: one => link('policies', one.name),
      empty: q ? html`<${EmptyState} title="No matching policies"
        action=${html`<a class="button" href=${link('policies')}>Show all policies</a>`} />`
        : html`<${EmptyState} title="No policies yet" command="gateway policy set support support.json">
        Without a policy, every call of a grant is denied. Enter a name below to create the first one.<//>`,
      columns: [
        { title: 'Name', cell: one => html`<${Untrusted} text=${one.name} />
          ${one.candidate && html` <${Badge} tone="info">candidate<//>`}${one.origin === 'file' && html` <${Badge}>
            configuration file<//>`}` },
        { title: 'Used by', cell: one => one.grants.length === 0
          ? html`<span class="muted">no grants</span>` : html`<${Untrusted}
            text=${one.grants.slice(0, shownMax).join(', ')} />
            ${one.grants.length > shownMax && html` <a class="whole" href=${link('grants', { policy: one.name })}>and
              ${' '}${count(one.grants.length - shownMax)} more</a>`}` },
        { title: 'SHA-256', narrow: false, cell: one => html`<code class="whole">${one.sha256.slice(0, 12)}
          </code>` },
        ...(may('Edit') ? [{ title: 'Actions', cell: (/** @type {Api.PolicyView} */ one) => one.origin === 'file' ? ''
          : html`<${Button} aria-label=${`Remove ${one.name}`} onClick=${() => setGone(one)}>Remove<//>` }] : []),
      ] })}<${Pager} list=${list} noun="policies" /><${CommandHint} command="gateway policy list" />`)}<//>
    ${/* Later than the list, which would push it down. */ may('Edit') && (policies.data || policies.error) && html`
    <${Card} title="New policy"><form onSubmit=${create} class="row policy-new">
      <${Field} label="Name" value=${name} maxlength="64" autocomplete="off" spellcheck=${false}
        hint="1 to 64 letters, digits, periods, hyphens and underscores. Starts with a letter or digit."
        error=${name && !isName ? 'Not a valid policy name.' : null}
        onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
      <${Button} kind="primary" type="submit" disabled=${!isName}>Create policy<//></form><//>`}
    ${gone && html`<${Remove} policy=${gone} onClose=${() => setGone(null)} />`}`;
}

/**
 * Removes a policy that nothing uses; otherwise names the grants and servers.
 * @param {{ policy: Api.PolicyView, onClose: () => void }} props
 */
function Remove({ policy: { name, grants, version, candidate }, onClose }) {
  const servers = useResource('servers', { query: { limit: 500 } });
  const signIns = (servers.data?.items ?? []).filter(one => one.oauthPolicy === name)
    .map(one => one.name);
  if (grants.length > 0) {
    return html`<${InUse} name=${name} users=${grants} kind="grants" onClose=${onClose}
      show=${html`<a class="button" href=${link('grants', { policy: name })}>Show grants</a>`}>
        because ${grants.length === 1 ? 'this grant uses' : `these ${grants.length} grants use`} it.
      Choose another policy for ${grants.length === 1 ? 'the grant' : 'each grant'}, or revoke it. Its token stays when
        you edit it.<//>`;
  }
  if (signIns.length > 0) {
    return html`<${InUse} name=${name} users=${signIns} kind="servers" onClose=${onClose}>because sign-ins
      at ${signIns.length === 1 ? 'this server' : `these ${signIns.length} servers`} get it.
      Choose another policy of sign-ins for ${signIns.length === 1 ? 'the server' : 'each server'} first.<//>`;
  }
  return html`<${Confirm} title="Remove policy" name=${name} act="Remove policy" onClose=${onClose} onDo=${async () => {
    await remove(path('policies', name), { ifMatch: version === undefined ? '*' : `"${version}"` });
    toast.ok(`${name} removed.`);
    invalidate('policies', 'status');
  }}><p>No grant uses this policy. ${candidate && 'Its candidate is removed too. '}Its versions are
    kept: to restore a version, create a policy with the same name.</p><//>`;
}

/** @param {{ name: string, users: string[], kind: string, show?: Children, onClose: () => void,
 *   children: Children }} props */
const InUse = ({ name, users, kind, show, onClose, children }) => html`<${Dialog} title="Policy in use"
  onClose=${onClose}
    actions=${html`${show}<${Button} kind="primary" onClick=${onClose}>Close<//>`}>
  <p><${Untrusted} text=${name} /> cannot be removed, ${children}</p>
  <ul class="bullets used-by">${users.map(user => html`<li key=${user}><a href=${link(kind, user)}>
    <${Untrusted} text=${user} /></a></li>`)}</ul><//>`;
