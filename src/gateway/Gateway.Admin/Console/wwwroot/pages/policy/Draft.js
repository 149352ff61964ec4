// An edit that is kept by the gateway without being in force: for tomorrow, or for somebody else.
import { html, useState } from '../../vendor/ui.js';
import { ApiError, path, put, remove, request } from '../../api/client.js';
import { Button, Dialog, ErrorBox, RelativeTime, Untrusted, toast } from '../../components/index.js';

/** @param {{ edit: import('./edit.js').Edit }} props */
export function Draft({ edit }) {
  const where = path('policies', edit.name, 'draft');
  const kept = edit.review.value?.draft;
  const [draft, setDraft] = useState(/** @type {Api.PolicyDraftView & { etag: string | null } | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const open = async (/** @type {unknown} */ because) => {
    const { data, etag } = await request('GET', where);
    setError(because);
    setDraft({ ...data, etag });
  };
  const keep = async (/** @type {string | undefined} */ ifMatch) => {
    try {
      await put(where, { text: edit.text.value, base: edit.base.value.etag }, { ifMatch });
      toast.ok('Draft saved. It is not published.');
      setDraft(null);
      await edit.ask();
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status !== 412) throw failure;
      await open(failure);
    }
  };
  const forget = async () => {
    await remove(where, { ifMatch: draft?.etag ?? undefined });
    setDraft(null);
    await edit.ask();
  };
  return html`${kept && html`<${Button} kind="quiet" onClick=${() => open(null)}>Open draft<//>`}
    <${Button} disabled=${!edit.isChanged.value} onClick=${() => keep(undefined)}>Save draft<//>
    ${draft && html`<${Dialog} title="Saved draft" onClose=${() => setDraft(null)} actions=${html`
        <${Button} onClick=${forget}>Discard draft<//>
        ${error && html`<${Button} kind="danger" onClick=${() => keep(draft.etag ?? undefined)}>Overwrite
          with my edit<//>`}
        <${Button} kind="primary" onClick=${() => { edit.change(draft.text); setDraft(null); }}>Continue with draft
          <//>`}>
      <${ErrorBox} error=${error} />
      <p><strong><${Untrusted} text=${draft.by} /></strong> saved this draft <${RelativeTime} at=${draft.at} />.
        ${draft.base !== edit.base.value.etag && ' The policy has changed since the draft was started.'}</p>
    <//>`}`;
}
