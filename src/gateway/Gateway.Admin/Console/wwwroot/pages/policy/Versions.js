// What the policy was, and back to it.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { path, post, request } from '../../api/client.js';
import { Badge, Button, Card, CommandHint, Dialog, EmptyState, Field, Loaded, RelativeTime, Skeleton, Table, Untrusted, toast } from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { Differences } from './Save.js';

/** @param {{ edit: import('./edit.js').Edit, isFixed: boolean }} props */
export function Versions({ edit, isFixed }) {
  const where = path('policies', edit.name, 'versions');
  const versions = useResource(where);
  const [shown, setShown] = useState(/** @type {any} */ (null));
  return html`<${Card} title="Versions" foot="Versions never change. Restoring a version creates a new one.">
    <${Loaded} of=${versions}>${(/** @type {any} */ list) => html`<${Table} label="Versions" rows=${list.items} keyOf=${(/** @type {any} */ one) => one.version}
      empty=${html`<${EmptyState} title="No versions yet">Publishing the policy creates its first version.<//>`} columns=${[
        { title: 'Version', cell: (/** @type {any} */ one) => html`${one.version} ${one.isInForce && html`<${Badge} tone="ok">published<//>`}` },
        { title: 'Time', cell: (/** @type {any} */ one) => one.time ? html`<${RelativeTime} at=${one.time} />` : html`<span class="muted">before the change history starts</span>` },
        { title: 'By', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.by ?? ''} /> ${one.action === 'restore' && html`<${Badge}>restored<//>`}` },
        { title: 'Reason', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.reason ?? ''} max=${200} />` },
        { title: 'Actions', cell: (/** @type {any} */ one) => one.isInForce ? null : html`<${Button} aria-label=${`Compare version ${one.version}`} onClick=${() => setShown(one)}>Compare<//>` },
      ]} />`}<//><${CommandHint} command=${`gateway policy versions ${edit.name}`} />
    ${shown && html`<${Version} edit=${edit} version=${shown} isFixed=${isFixed} onClose=${() => setShown(null)} />`}<//>`;
}

/** @param {{ edit: import('./edit.js').Edit, version: any, isFixed: boolean, onClose: () => void }} props */
function Version({ edit, version, isFixed, onClose }) {
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const [reason, setReason] = useState('');
  const where = path('policies', edit.name, 'versions', String(version.version));
  useEffect(() => { request('GET', where, { text: true }).then(answer => setText(/** @type {string} */ (answer.data)), toast.error); }, []);
  const restore = async () => {
    await post(`${where}/restore`, undefined, { ifMatch: edit.base.value.etag ?? undefined, query: { reason } });
    invalidate('policies');
    edit.forget();
    await edit.load();
    toast.ok(`Version ${version.version} restored and published as a new version.`);
    onClose();
  };
  return html`<${Dialog} title=${`Restore version ${version.version}`} wide=${true} onClose=${onClose} actions=${html`<${Button} onClick=${onClose}>Close<//>
      <${Button} disabled=${text === null} onClick=${() => { edit.change(text ?? ''); onClose(); }}>Edit first<//>
      ${!isFixed && html`<${Button} kind="primary" onClick=${restore}>Restore version<//>`}`}>
    ${text === null ? html`<${Skeleton} lines=${4} />` : html`<${Differences} edit=${edit} text=${text} />`}
    ${!isFixed && html`<${Field} label="Reason (optional)" hint="Recorded in the change history. Up to 500 characters." value=${reason} maxlength="500" onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />`}
  <//>`;
}
