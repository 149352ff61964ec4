import { html, useEffect, useState } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import { Badge, Button, Card, CommandHint, EmptyState, Field, Loaded, PageHead, Skeleton, Table, Untrusted } from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';

/** `#/policies` lists them; `#/policies/NAME` is one, as rules and as text. @param {import('../index.js').PageProps} props */
export default function Policies({ segments, query }) {
  return segments.length === 0 ? html`<${List} />` : html`<${Builder} key=${segments[0]} name=${segments[0]} query=${query} />`;
}

/** The builder, which is loaded when it is first opened. @param {any} props */
function Builder(props) {
  const [loaded, setLoaded] = useState(/** @type {any} */ (null));
  useEffect(() => { import('../policy/page.js').then(one => setLoaded(() => one.default)); }, []);
  return loaded ? html`<${loaded} ...${props} />` : html`<${Skeleton} lines=${8} />`;
}

function List() {
  const policies = useResource('policies', { query: { limit: 200 } });
  const [name, setName] = useState('');
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
  /** @param {Event} event */
  const create = event => {
    event.preventDefault();
    if (isName) go(link('policies', name));
  };
  return html`<${PageHead} title="Policies" lead="What agents may do with the tools of a server. A grant names one for each server." />
    <${Card}><${Loaded} of=${policies}>${(/** @type {any} */ list) => html`<${Table} label="Policies" rows=${list.items}
      keyOf=${(/** @type {any} */ one) => one.name} href=${(/** @type {any} */ one) => link('policies', one.name)}
      empty=${html`<${EmptyState} title="There is no policy yet" command="gateway policy set support support.json">
        Without one, a grant's calls are all denied. Give the first a name below.<//>`}
      columns=${[
        { title: 'Name', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />
          ${one.candidate && html` <${Badge} tone="info">candidate<//>`}` },
        { title: 'Used by', cell: (/** @type {any} */ one) => one.grants.length === 0
          ? html`<span class="muted">no grant</span>` : html`<${Untrusted} text=${one.grants.join(', ')} max=${120} />` },
        { title: 'From', cell: (/** @type {any} */ one) => one.origin === 'file'
          ? html`<${Badge}>configuration file<//>` : 'here' },
        { title: 'SHA-256', narrow: false, cell: (/** @type {any} */ one) => html`<code>${one.sha256.slice(0, 12)}</code>` },
      ]} />`}<//><${CommandHint} command="gateway policy list" /><//>
    ${may('Edit') && html`<${Card} title="New policy"><form onSubmit=${create} class="row policy-new">
      <${Field} label="Name" value=${name} maxlength="64" autocomplete="off" spellcheck=${false}
        hint="Letters, digits, dot, dash and underscore; it begins with a letter or a digit."
        error=${name && !isName ? 'This is not a valid name for a policy.' : null}
        onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
      <${Button} kind="primary" type="submit" disabled=${!isName}>Write it<//></form><//>`}`;
}
