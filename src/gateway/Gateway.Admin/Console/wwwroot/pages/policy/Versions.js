// What the policy was, and back to it.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { path, post, request } from '../../api/client.js';
import {
  Badge, Button, Card, CommandHint, Dialog, EmptyState, Field, RelativeTime, Skeleton, Untrusted, loaded, table,
  toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { Differences } from './Save.js';

/** @param {{ edit: import('./edit.js').Edit, isFixed: boolean }} props */
export function Versions({ edit, isFixed }) {
  const where = path('policies', edit.name, 'versions');
  const versions = useResource(where, { query: { limit: 500 } });
  const [shown, setShown] = useState(/** @type {Api.PolicyVersionView | null} */ (null));
  return html`<${Card} title="Versions" foot="Versions never change. Restoring a version creates a new one.">
    ${loaded(versions, list => table({ label: 'Versions', rows: list.items,
      keyOf: one => one.version,
      empty: html`<${EmptyState} title="No versions yet">Publishing the policy creates its first version.<//>`,
      columns: [
        { title: 'Version', cell: one => html`${one.number} ${one.isInForce && html`<${Badge}
          tone="ok">published<//>`}` },
        { title: 'Time', cell: one => one.time ? html`<${RelativeTime}
          at=${one.time} />` : html`<span class="muted">before the change history starts</span>` },
        { title: 'By', narrow: false, cell: one => html`<${Untrusted}
          text=${one.by ?? ''} /> ${one.action === 'restore' && html`<${Badge}>restored<//>`}` },
        { title: 'Reason', cell: one => one.reason ? html`<${Untrusted} text=${one.reason}
          max=${200} />` : '' },
        { title: 'Actions', cell: one => one.isInForce ? null : html`<${Button}
          aria-label=${`Compare version ${one.number}`} onClick=${() => setShown(one)}>Compare<//>` },
      ] }))}<${CommandHint} command=${`gateway policy versions ${edit.name}`} />
    ${shown && html`<${Version} edit=${edit} version=${shown} all=${versions.data?.items ?? []} isFixed=${isFixed}
      onClose=${() => setShown(null)} />`}<//>`;
}

/**
 * @param {{ edit: import('./edit.js').Edit, version: Api.PolicyVersionView, all: Api.PolicyVersionView[],
 *   isFixed: boolean, onClose: () => void }} props
 */
function Version({ edit, version, all, isFixed, onClose }) {
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const [other, setOther] = useState(/** @type {{ version: string, text: string } | null} */ (null));
  const [reason, setReason] = useState('');
  const compare = async (/** @type {string} */ chosen) => {
    const answer = chosen === '' ? null : await request('GET', path('policies', edit.name, 'versions', chosen),
      { text: true });
    setOther(answer && { version: chosen, text: answer.data });
  };
  const where = path('policies', edit.name, 'versions', String(version.version));
  useEffect(() => { request('GET', where, { text: true }).then(answer => setText(answer.data),
    toast.error); }, []);
  const restore = async () => {
    await post(`${where}/restore`, undefined, { ifMatch: edit.base.value.etag ?? undefined, query: { reason } });
    invalidate('policies');
    edit.forget();
    await edit.load();
    toast.ok(`Version ${version.number} restored and published as a new version.`);
    onClose();
  };
  return html`<${Dialog} title=${`Version ${version.number}`} wide=${true} onClose=${onClose}
    actions=${html`<${Button} onClick=${onClose}>Close<//>
      <${Button} disabled=${text === null} onClick=${() => { edit.change(text ?? ''); onClose(); }}>Edit first<//>
      ${!isFixed && html`<${Button} kind="primary" onClick=${restore}>Restore version<//>`}`}>
    <${Field} label="Compare with" as="select" value=${other?.version ?? ''}
      hint=${`Shows the changes from that version to version ${version.number}.`}
      onChange=${(/** @type {FieldEvent} */ event) => compare(event.target.value).catch(toast.error)}>
      <option value="">Published version</option>
      ${all.filter(one => !one.isInForce && one.version !== version.version).map(one => html`<option
        value=${String(one.version)}
        selected=${String(one.version) === other?.version}>Version ${one.number}</option>`)}<//>
    ${text === null ? html`<${Skeleton} lines=${4} />` : html`<${Differences} edit=${edit} text=${text}
      against=${other?.version} base=${other?.text} />`}
    <${CommandHint} command=${`gateway policy diff ${all.find(one =>
      other ? String(one.version) === other.version
        : one.isInForce)?.number} ${version.number} --versions-of ${edit.name}`} />
    ${!isFixed && html`<${Field} label="Reason (optional)" hint="Recorded in the change history. Up to 500 characters."
      value=${reason} maxlength="500" onInput=${(/** @type {FieldEvent} */ event) => setReason(event.target.value)} />`}
  <//>`;
}
