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
  return html`<${PageHead} title="Policies" lead="A policy says which tools of a server an agent may call, and how often. A grant applies one policy to each server." />
    <${Card}><${Loaded} of=${policies}>${(/** @type {any} */ list) => html`<${Table} label="Policies" rows=${list.items}
      keyOf=${(/** @type {any} */ one) => one.name} href=${(/** @type {any} */ one) => link('policies', one.name)}
      empty=${html`<${EmptyState} title="No policies yet" command="gateway policy set support support.json">
        Without a policy, every call of a grant is denied. Enter a name below to create the first one.<//>`}
      columns=${[
        { title: 'Name', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />
          ${one.candidate && html` <${Badge} tone="info">candidate<//>`}` },
        { title: 'Used by', cell: (/** @type {any} */ one) => one.grants.length === 0
          ? html`<span class="muted">no grants</span>` : html`<${Untrusted} text=${one.grants.join(', ')} max=${120} />` },
        { title: 'Source', cell: (/** @type {any} */ one) => one.origin === 'file'
          ? html`<${Badge}>configuration file<//>` : 'operator' },
        { title: 'SHA-256', narrow: false, cell: (/** @type {any} */ one) => html`<code>${one.sha256.slice(0, 12)}</code>` },
      ]} />`}<//><${CommandHint} command="gateway policy list" /><//>
    ${may('Edit') && html`<${Card} title="New policy"><form onSubmit=${create} class="row policy-new">
      <${Field} label="Name" value=${name} maxlength="64" autocomplete="off" spellcheck=${false}
        hint="1 to 64 letters, digits, periods, hyphens and underscores. Starts with a letter or digit."
        error=${name && !isName ? 'Not a valid policy name.' : null}
        onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
      <${Button} kind="primary" type="submit" disabled=${!isName}>Create policy<//></form><//>`}`;
}
