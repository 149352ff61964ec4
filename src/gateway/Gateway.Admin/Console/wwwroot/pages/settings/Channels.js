import { html, useState } from '../../vendor/ui.js';
import { may, patch, path, post, remove, request } from '../../api/client.js';
import {
  Badge, Button, Card, CodeBlock, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Untrusted, loaded, table,
  toast,
} from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';

/** @template T @typedef {import('../../api/client.js').Answer<T>} Answer */
/** @typedef {{ secret?: string | null }} Made */

export function Channels() {
  const list = useResource('channels', { every: 30_000 });
  const [above, setAbove] = useState(
    /**
     * @type {{ add?: boolean, read?: Answer<Api.ChannelView>, made?: Made, cut?: Api.ChannelView } | null}
     */ (null));
  const close = () => setAbove(null);
  const isAdmin = may('Administer');
  const added = (/** @type {Made} */ made) => setAbove(made.secret ? { made } : null);
  const test = async (/** @type {Api.ChannelView} */ one) => {
    const { data } = await post(path('channels', one.name, 'test'), {});
    if (data.delivered) toast.ok(`${one.name} accepted the test message.`);
    else toast.error(new Error(data.problem));
  };
  return html`<${Card} title="Channels" actions=${isAdmin && html`<${Button} kind="primary"
    onClick=${() => setAbove({ add: true })}>Add channel<//>`}>
    ${loaded(list, page => html`${table({ label: 'Channels', rows: page.items,
      keyOf: one => one.name,
      empty: html`<${EmptyState} title="No channels yet"
        command="gateway channel add ops --kind slack --url https://…">A channel notifies people, for example when a
          call needs approval. Add a signed webhook, Slack, Microsoft Teams or email.<//>`, columns: [
        { title: 'Channel', cell: one => html`<${Untrusted}
          text=${one.name} />` }, { title: 'Kind', cell: one => one.kind },
        { title: 'Host', narrow: false, cell: one => one.host ? html`<code>
          <${Untrusted} text=${one.host} /></code>` : 'cannot be decrypted' },
        { title: 'Filters', narrow: false, cell: one => html`<${Untrusted}
          text=${[...one.types, ...one.servers, ...one.tools, ...one.grants, ...one.categories,
            ...one.risks].join(', ') || 'all notifications'} max=${200} />` },
        { title: 'Status', cell: one => one.dead > 0 ? html`<${Badge} tone="bad">
          ${one.dead} failed<//>` : one.pending > 0 ? html`<${Badge} tone="warn">${one.pending} queued<//>`
          : html`<${Badge} tone="ok">OK<//>` },
        ...(isAdmin ? [{ title: 'Actions', cell: (/** @type {Api.ChannelView} */ one) => html`<div class="actions">
          <${Button} aria-label=${`Edit ${one.name}`}
            onClick=${async () => setAbove({ read: await request('GET', path('channels', one.name)) })}>Edit<//>
          <${Button} aria-label=${`Test ${one.name}`} onClick=${() => test(one)}>Test<//>
          ${one.dead > 0 && html`<${Button} aria-label=${`Resend to ${one.name}`}
            onClick=${async () => { await post(path('channels', one.name, 'resend'), {}); invalidate('channels'); }}>
              Resend<//>`}
          ${one.kind === 'webhook' && html`<${Button} aria-label=${`Rotate secret of ${one.name}`}
            onClick=${async () => setAbove({ made: (await post(path('channels', one.name, 'rotate'), {})).data })}>
              Rotate secret<//>`}
          <${Button} kind="danger" aria-label=${`Remove ${one.name}`} onClick=${() => setAbove({ cut: one })}>Remove<//>
            </div>` }] : []),
      ] })}${page.items.filter(one => one.problem).map(one => html`<p
        class="notice warn"><strong>${one.name}:</strong> <${Untrusted} text=${one.problem} multiline /></p>`)}`)}
    <${CommandHint} command="gateway channel list" />
    ${(above?.add || above?.read) && html`<${Change} read=${above.read} onClose=${close}
      done=${added} />`}
    ${above?.made && html`<${Dialog} title="Webhook secret" onClose=${close}
      actions=${html`<${Button} kind="primary" onClick=${close}>Done<//>`}>
      <p class="notice warn">Copy the secret now: it is shown only once. The gateway signs each message with it.</p>
        <${CodeBlock} text=${above.made.secret} what="the secret" /><//>`}
    ${above?.cut && html`<${Confirm} title="Remove channel" name=${above.cut.name} act="Remove channel" onClose=${close}
      onDo=${async () => { await remove(path('channels', above.cut?.name ?? ''), { ifMatch: '*' });
        invalidate('channels'); }} />`}<//>`;
}

/** @param {string} text */
const names = text => text.split(',').map(one => one.trim()).filter(one => one !== '');

const filters = /** @type {const} */ (['types', 'servers', 'tools', 'grants', 'categories', 'risks']);

/**
 * The filters of a channel as texts.
 * @param {Api.ChannelView | undefined} channel @returns {Record<typeof filters[number], string>}
 */
const textsOf = channel => /** @type {Record<typeof filters[number], string>} */ (
  Object.fromEntries(filters.map(name => [name, (channel?.[name] ?? []).join(', ')])));

/**
 * Adds a channel, or edits the one that was read when the dialog was opened. Its kind and its Slack app stay.
 * @param {{ read?: Answer<Api.ChannelView>, onClose: () => void,
 *   done: (made: Made) => void }} props
 */
function Change({ read, onClose, done }) {
  const old = read?.data;
  const [one, setOne] = useState({ name: old?.name ?? '', kind: old?.kind ?? 'webhook', url: '',
    ...textsOf(old), linkBase: old?.linkBase ?? '', token: '', signingSecret: '', conversation: '', people: '',
    includeArguments: old?.includesArguments ?? false, allowPrivate: old?.allowsPrivate ?? false });
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const set = (/** @type {string} */ name) => (/** @type {FieldEvent} */ event) =>
    setOne({ ...one, [name]: event.target.type === 'checkbox' ? event.target.checked : event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const { token, signingSecret, conversation, people, name, kind, url, ...rest } = one;
    const slack = one.kind !== 'slack-app' ? null
      : { token, signingSecret, conversation, people:
        Object.fromEntries(names(people).map(pair => { const [at, ...name] = pair.split('=');
          return [at, name.join('=')]; })) };
    try {
      const body = { ...rest, ...Object.fromEntries(filters.map(filter => [filter, names(one[filter])])),
        linkBase: one.linkBase || null };
      const { data } = old
        ? await patch(path('channels', name), { ...body, url: url || undefined }, { ifMatch: read?.etag ?? undefined })
        : await post('channels', { ...body, name, kind, url, slack });
      invalidate('channels');
      done(/** @type {Made} */ (data));
    } catch (problem) { setError(problem); }
  };
  const hints = /** @type {Record<string, string>} */ ({
    email: 'smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS, or smtps:// with port 465. Stored encrypted. Not '
      + 'shown again.',
    'slack-app': 'https://slack.com/api. Stored encrypted. Not shown again.',
  });
  return html`<${Dialog} title=${old ? `Edit ${old.name}` : 'Add channel'} onClose=${onClose}>
    <form onSubmit=${submit}>
    ${!old && html`<${Field} label="Name" value=${one.name} required autofocus maxlength="64" autocomplete="off"
      onInput=${set('name')} />
    <${Field} label="Kind" as="select" value=${one.kind} onChange=${set('kind')}>
      <option value="webhook">Webhook</option><option value="slack">Slack</option>
        <option value="slack-app">Slack app with buttons</option><option value="teams">Microsoft Teams</option>
          <option value="email">Email</option><//>`}
    <${Field} label=${old ? 'New URL' : 'URL'} value=${one.url} required=${!old} type="url" autocomplete="off"
      hint=${`${hints[one.kind] ?? 'Stored encrypted. Not shown again.'}${old ? ' Leave empty to keep the current one.'
        : ''}`} onInput=${set('url')} />
    ${!old && one.kind === 'slack-app' && html`
      <${Field} label="Bot token" value=${one.token} required type="password" autocomplete="off" placeholder="xoxb-…"
        hint="Stored encrypted. Not shown again." onInput=${set('token')} />
      <${Field} label="Signing secret" value=${one.signingSecret} required type="password" autocomplete="off"
        hint="From the app's Basic Information page in Slack. Stored encrypted. Not shown again."
        onInput=${set('signingSecret')} />
      <${Field} label="Slack channel" value=${one.conversation} required autocomplete="off" placeholder="C0123456789"
        onInput=${set('conversation')} />
      <${Field} label="Slack approvers" value=${one.people} autocomplete="off" placeholder="T0123456789/U0123456789=ada"
        hint=${html`TEAM/USER=OPERATOR pairs, separated by commas. Other Slack users cannot approve or deny. In the
          Slack app, set the request URL for interactivity to <code>
          ${`${one.linkBase || location.origin}/channels/${one.name || 'NAME'}/slack`}</code>.`}
          onInput=${set('people')} />`}
    <${Field} label="Console URL for links" value=${one.linkBase} type="url" autocomplete="off"
      placeholder=${location.origin}
      hint="The URL at which readers of the messages reach this gateway. Leave empty to send no links."
      onInput=${set('linkBase')} />
    <details open=${filters.some(name => (old?.[name] ?? []).length > 0)}><summary>Filters</summary>
      <p class="muted small">Names or patterns with <code>*</code>, separated by
      commas. An empty field matches all.</p>
      <${Field} label="Notification types" value=${one.types} autocomplete="off"
        placeholder="approval.*, budget.reached" onInput=${set('types')} />
      <${Field} label="Servers" value=${one.servers} autocomplete="off" onInput=${set('servers')} />
      <${Field} label="Tools" value=${one.tools} autocomplete="off" onInput=${set('tools')} />
      <${Field} label="Grants" value=${one.grants} autocomplete="off" onInput=${set('grants')} />
      <${Field} label="Categories" value=${one.categories} autocomplete="off" placeholder="Destructive, Financial"
        hint="Read, Write, Execute, Destructive, Financial, Secret." onInput=${set('categories')} />
      <${Field} label="Risks" value=${one.risks} autocomplete="off" placeholder="High, Critical"
        hint="Low, Medium, High, Critical." onInput=${set('risks')} /></details>
    <label class="check"><input type="checkbox" checked=${one.includeArguments} onChange=${set('includeArguments')} />
      Include call arguments in messages</label>
    <label class="check"><input type="checkbox" checked=${one.allowPrivate} onChange=${set('allowPrivate')} />Allow
      private network addresses</label>
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" type="submit">${old ? 'Save changes' : 'Add channel'}<//></div></form><//>`;
}
