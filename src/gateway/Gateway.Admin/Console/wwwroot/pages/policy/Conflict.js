// Somebody else came first: what they changed, what is mine, and one text with both.
import { html, useEffect, useState } from '../../vendor/ui.js';
import { ApiError, path, request } from '../../api/client.js';
import { Button, Dialog, ErrorBox, RelativeTime, Skeleton, Untrusted, toast } from '../../components/index.js';
import { compare, merge } from '../../state/policy-merge.js';

/** @param {{ edit: import('./edit.js').Edit, changed: Partial<Api.ChangedView>, onClose: () => void }} props */
export function Conflict({ edit, changed, onClose }) {
  const [theirs, setTheirs] = useState(/** @type {{ text: string, etag: string | null } | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [taken, setTaken] = useState(/** @type {Record<string, boolean>} */ ({}));
  useEffect(() => {
    request('GET', path('policies', edit.name), { text: true })
      .then(({ data, etag }) => setTheirs({ text: data, etag }),
      failure => failure instanceof ApiError && failure.status === 404 ? setTheirs({ text: '', etag: null })
        : setError(failure));
  }, []);
  const who = changed.by ? html`<strong><${Untrusted} text=${changed.by} />
    </strong> changed it <${RelativeTime} at=${changed.at} />
    ${changed.reason && html`: “<${Untrusted} text=${changed.reason} max=${500} />”`}.`
    : 'Someone changed the policy after you started editing.';
  const found = theirs && compare(edit.base.value.text || '{}', edit.text.value, theirs.text || '{}');
  const isChosen = found?.conflicts.every(one => taken[one.mine.pointer] !== undefined);
  const use = () => {
    if (!theirs || !found) return;
    const mine = [...found.merged, ...found.conflicts.map(one => one.mine).filter(one => taken[one.pointer])];
    const text = theirs.text === '' ? edit.text.value : merge(theirs.text, edit.text.value, mine);
    edit.base.value = { text: theirs.text, etag: theirs.etag, isFile: false };
    edit.change(text);
    toast.ok('Changes merged. Review the policy, then publish it.');
    onClose();
  };
  return html`<${Dialog} title="Policy changed by someone else" wide=${true} onClose=${onClose}
    actions=${html`<${Button} onClick=${onClose}>Back<//>
      <${Button} kind="primary" disabled=${!isChosen} onClick=${use}>Merge and review<//>`}>
    <p role="alert">${who} Your changes are not lost.</p>
    <${ErrorBox} error=${error} />
    ${!found && !error && html`<${Skeleton} lines=${4} />`}
    ${found && html`
      <h3>Their changes</h3><${Changes} list=${found.theirs} none="Formatting only." />
      <h3>Your changes without conflicts</h3><${Changes} list=${found.merged} none="None." />
      ${found.conflicts.length > 0 && html`<h3>Conflicts</h3>
        <ul class="list">${found.conflicts.map(({ mine, theirs: other }) => html`<li>
        <fieldset class="choice"><legend><code><${Untrusted} text=${mine.pointer || 'entire policy'} max=${200} />
          </code></legend>
          ${[[true, 'yours', mine.after], [false, 'theirs',
            other.map(one => one.after ?? 'removed').join(', ')]].map(([value, title, text]) => html`<label
            class="check">
            <input type="radio" name=${mine.pointer} checked=${taken[mine.pointer] === value}
              onChange=${() => setTaken({ ...taken, [mine.pointer]: /** @type {boolean} */ (value) })} />
            <span>${title}: <code><${Untrusted} text=${text ?? 'removed'} max=${300} /></code></span></label>`)}
              </fieldset></li>`)}</ul>`}`}
  <//>`;
}

/** @param {{ list: import('../../state/policy-merge.js').Change[], none: string }} props */
export const Changes = ({ list, none }) => list.length === 0 ? html`<p class="muted">
  ${none}</p>` : html`<ul class="list">${list.slice(0, 100).map(one => html`<li>
  <code><${Untrusted} text=${one.pointer || 'entire policy'} max=${200} /></code>${' '}
    <span class="muted">from</span>${' '}<code><${Untrusted} text=${one.before ?? 'nothing'} max=${200} /></code>${' '}
  <span class="muted">to</span>${' '}<code><${Untrusted} text=${one.after ?? 'nothing'} max=${200} /></code></li>`)}
    </ul>`;
