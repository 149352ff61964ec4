import { html, useState } from '../../vendor/ui.js';
import { may, path, put, remove } from '../../api/client.js';
import {
  Button, Card, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Untrusted, count, loaded, table, toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';

const valuesMax = 100_000;

/** @param {{ name?: string }} props */
export function Lists({ name }) {
  const lists = useResource('lists');
  const [isNew, setNew] = useState(false);
  const create = may('Edit') && html`<${Button} kind="primary" onClick=${() => setNew(true)}>Create list<//>`;
  if (name) return html`<${One} name=${name} all=${lists.data?.items} />`;
  return html`<${Card} title="Named lists" actions=${create}>${loaded(lists, page => html`
    ${table({ label: 'Named lists', rows: page.items, keyOf: one => one.name,
      href: one => link('settings', 'lists', one.name),
      empty: html`<${EmptyState} title="No lists yet" command="gateway list set vips vips.txt">A named list holds
        values that policies compare arguments with, such as allowed recipients. Create a list and enter one
        value per line.
        <//>`, columns: [
        { title: 'List', cell: one => html`<${Untrusted} text=${one.name} />` },
        { title: 'Values', number: true, cell: one =>
          one.count === undefined ? 'cannot be read' : count(one.count) },
        { title: 'Policies', cell: one => one.policies.length === 0 ? html`<span class="muted">none
          </span>` : html`<${Untrusted} text=${one.policies.join(', ')} max=${200} />` },
        { title: 'Source', narrow: false, cell: one =>
          one.origin === 'file' ? 'configuration file' : 'operator' },
      ] })}`)}<${CommandHint} command="gateway list show" />
    ${isNew && html`<${Make} onClose=${() => setNew(false)} />`}<//>`;
}

/** @param {{ onClose: () => void }} props */
function Make({ onClose }) {
  const [name, setName] = useState('');
  return html`<${Dialog} title="Create list" onClose=${onClose}>
    <${Field} label="Name" value=${name} autofocus maxlength="64" autocomplete="off"
      hint="Up to 64 characters. Policies refer to the list by this name."
      onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
    <${Edit} name=${name} values=${[]} done=${() => { onClose(); go(link('settings', 'lists', name)); }} /><//>`;
}

/** @param {{ name: string, all?: Api.ListView[] }} props */
function One({ name, all }) {
  const list = useResource(path('lists', name));
  const [isRemoving, setRemoving] = useState(false);
  const isApi = all?.find(one => one.name === name)?.origin === 'api';
  return html`<${Card} title=${html`<a href=${link('settings', 'lists')}>Named lists
    </a> / <${Untrusted} text=${name} />`}
      actions=${isApi && may('Edit') && html`<${Button} kind="danger" onClick=${() => setRemoving(true)}>Remove list
        <//>`}>
    ${loaded(list, data => isApi && may('Edit')
      ? html`<${Edit} name=${name} values=${data.values} etag=${list.etag} />`
      : html`<pre class="arguments" tabindex="0" role="region" aria-label="Values">
        <${Untrusted} text=${data.values.join('\n')} multiline max=${200_000} /></pre>`)}
    <${CommandHint} command=${`gateway list show ${name}`} />
    ${isRemoving && html`<${Confirm} title="Remove list" name=${name} act="Remove list"
      onClose=${() => setRemoving(false)} onDo=${async () => {
      await remove(path('lists', name), { ifMatch: list.etag ?? '*' });
      go(link('settings', 'lists'));
      invalidate('lists');
    }}><p>The list and its values are deleted. A list that a policy uses cannot be removed.</p><//>`}<//>`;
}

/**
 * One value a line, typed or from a file.
 * @param {{ name: string, values: string[], etag?: string | null, done?: () => void }} props
 */
function Edit({ name, values, etag, done }) {
  const read = { etag: etag ?? null, text: values.join('\n') };
  // Text that was edited stays when the list is read again, with its version: saving it over another change is refused.
  const [base, setBase] = useState(read);
  const [text, setText] = useState(read.text);
  if (read.etag !== base.etag && (text === base.text || text === read.text)) { setBase(read); setText(read.text); }
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const next = [...new Set(text.split(/\r?\n/).map(line => line.trim()).filter(Boolean))];
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const saved = await put(path('lists', name), { values: next }, base.etag ? { ifMatch: base.etag } : {});
      toast.ok(`${name} has ${count(next.length)} values.`);
      setError(null);
      setBase({ etag: saved.etag, text: next.join('\n') });
      setText(next.join('\n'));
      invalidate('lists');
      done?.();
    } catch (problem) { setError(problem); }
    setBusy(false);
  };
  return html`<form onSubmit=${submit}><${Field} label="Values, one per line" as="textarea" rows="12"
    spellcheck=${false} value=${text} class="mono"
      hint=${`${count(next.length)} values, at most ${count(valuesMax)}. Empty lines and duplicates are ignored.`}
      error=${next.length > valuesMax ? `At most ${count(valuesMax)} values.` : undefined}
      onInput=${(/** @type {FieldEvent} */ event) => setText(event.target.value)} />
    <${Field} label="Text file to load" type="file" accept=".txt,.csv,text/plain"
      onChange=${async (/** @type {FieldEvent} */ event) => {
      const file = event.target.files?.[0];
      if (file) setText(await file.text());
    }} />
    <${ErrorBox} error=${error} /><${Button} kind="primary" type="submit" busy=${busy}
      disabled=${!name || next.length > valuesMax}>Save list<//></form>`;
}
