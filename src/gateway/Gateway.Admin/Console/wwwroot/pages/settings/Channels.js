import { html, useState } from '../../vendor/ui.js';
import { may, path, post, remove } from '../../api/client.js';
import { Badge, Button, Card, CodeBlock, CommandHint, Confirm, Dialog, EmptyState, ErrorBox, Field, Loaded, Table, Untrusted, toast } from '../../components/index.js';
import { invalidate, useResource } from '../../state/resource.js';

export function Channels() {
  const list = useResource('channels', { every: 30_000 });
  const [above, setAbove] = useState(/** @type {any} */ (null));
  const close = () => setAbove(null);
  const isAdmin = may('Administer');
  const test = async (/** @type {any} */ one) => {
    const { data } = await post(`${path('channels', one.name)}/test`, {});
    if (data.delivered) toast.ok(`${one.name} accepted the message.`);
    else toast.error(new Error(data.problem));
  };
  return html`<${Card} title="Channels" actions=${isAdmin && html`<${Button} kind="primary" onClick=${() => setAbove({ add: true })}>Add a channel<//>`}>
    <${Loaded} of=${list}>${(/** @type {any} */ page) => html`<${Table} label="Channels" rows=${page.items} keyOf=${(/** @type {any} */ one) => one.name}
      empty=${html`<${EmptyState} title="Nobody is told yet" command="gateway channel add ops --kind slack --url https://…">A channel tells people that a call waits: a signed webhook, Slack, Teams or mail.<//>`} columns=${[
        { title: 'Channel', cell: (/** @type {any} */ one) => html`<${Untrusted} text=${one.name} />` }, { title: 'Kind', cell: (/** @type {any} */ one) => one.kind },
        { title: 'Host', narrow: false, cell: (/** @type {any} */ one) => one.host ? html`<code><${Untrusted} text=${one.host} /></code>` : 'cannot be decrypted' },
        { title: 'Of', narrow: false, cell: (/** @type {any} */ one) => html`<${Untrusted} text=${[...(one.types ?? []), ...one.servers, ...one.tools, ...one.grants, ...(one.categories ?? []), ...(one.risks ?? [])].join(', ') || 'everything'} max=${200} />` },
        { title: 'State', cell: (/** @type {any} */ one) => one.dead > 0 ? html`<${Badge} tone="bad">${one.dead} not sent<//>` : one.pending > 0 ? html`<${Badge} tone="warn">${one.pending} wait<//>`
          : html`<${Badge} tone="ok">well<//>` },
        ...(isAdmin ? [{ title: 'Action', cell: (/** @type {any} */ one) => html`<div class="actions"><${Button} aria-label=${`Test ${one.name}`} onClick=${() => test(one)}>Test<//>
          ${one.dead > 0 && html`<${Button} aria-label=${`Send again to ${one.name}`} onClick=${async () => { await post(`${path('channels', one.name)}/resend`, {}); invalidate('channels'); }}>Send again<//>`}
          ${one.kind === 'webhook' && html`<${Button} aria-label=${`New secret for ${one.name}`} onClick=${async () => setAbove({ made: (await post(`${path('channels', one.name)}/rotate`, {})).data })}>New secret<//>`}
          <${Button} kind="danger" aria-label=${`Remove ${one.name}`} onClick=${() => setAbove({ cut: one })}>Remove<//></div>` }] : []),
      ]} />${page.items.filter((/** @type {any} */ one) => one.problem).map((/** @type {any} */ one) => html`<p class="notice warn"><strong>${one.name}:</strong> <${Untrusted} text=${one.problem} multiline /></p>`)}`}<//>
    <${CommandHint} command="gateway channel list" />
    ${above?.add && html`<${Add} onClose=${close} done=${(/** @type {any} */ made) => setAbove(made?.secret ? { made } : null)} />`}
    ${above?.made && html`<${Dialog} title="The secret of the webhook" onClose=${close} actions=${html`<${Button} kind="primary" onClick=${close}>I have kept it<//>`}>
      <p class="notice warn">It is shown only once; messages are signed with it.</p><${CodeBlock} text=${above.made.secret} what="the secret" /><//>`}
    ${above?.cut && html`<${Confirm} title="Remove this channel" name=${above.cut.name} act="Remove" onClose=${close} onDo=${async () => { await remove(path('channels', above.cut.name), { ifMatch: '*' }); invalidate('channels'); }} />`}<//>`;
}

/** @param {string} text */
const names = text => text.split(',').map(one => one.trim()).filter(one => one !== '');

/** @param {{ onClose: () => void, done: (made: any) => void }} props */
function Add({ onClose, done }) {
  const [one, setOne] = useState({ name: '', kind: 'webhook', url: '', types: '', servers: '', tools: '', grants: '', categories: '', risks: '', linkBase: '', token: '', signingSecret: '', conversation: '', people: '', includeArguments: false, allowPrivate: false });
  const [error, setError] = useState(/** @type {any} */ (null));
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) => setOne({ ...one, [name]: event.target.type === 'checkbox' ? event.target.checked : event.target.value });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const { token, signingSecret, conversation, people, ...rest } = one;
    const slack = one.kind !== 'slack-app' ? null
      : { token, signingSecret, conversation, people: Object.fromEntries(names(people).map(pair => { const [at, ...name] = pair.split('='); return [at, name.join('=')]; })) };
    try {
      const { data } = await post('channels', {
        ...rest, slack, types: names(one.types), servers: names(one.servers), tools: names(one.tools), grants: names(one.grants), categories: names(one.categories), risks: names(one.risks), linkBase: one.linkBase || null,
      });
      invalidate('channels');
      done(data);
    } catch (problem) { setError(problem); }
  };
  const hints = /** @type {Record<string, string>} */ ({
    email: 'smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS, or smtps:// with port 465. Encrypted, and never shown again.',
    'slack-app': 'https://slack.com/api',
  });
  return html`<${Dialog} title="Add a channel" onClose=${onClose}><form onSubmit=${submit}>
    <${Field} label="Name" value=${one.name} required autofocus maxlength="64" autocomplete="off" onInput=${set('name')} />
    <${Field} label="Kind" as="select" value=${one.kind} onChange=${set('kind')}><option value="webhook">Webhook</option><option value="slack">Slack</option><option value="slack-app">Slack app with buttons</option><option value="teams">Microsoft Teams</option><option value="email">E-mail</option><//>
    <${Field} label="Address" value=${one.url} required type="url" autocomplete="off"
      hint=${hints[one.kind] ?? 'Encrypted, and never shown again.'} onInput=${set('url')} />
    ${one.kind === 'slack-app' && html`
      <${Field} label="Bot token" value=${one.token} required type="password" autocomplete="off" placeholder="xoxb-…" hint="Encrypted, and never shown again." onInput=${set('token')} />
      <${Field} label="Signing secret" value=${one.signingSecret} required type="password" autocomplete="off" hint="Of the app's page at Slack; likewise." onInput=${set('signingSecret')} />
      <${Field} label="Slack channel" value=${one.conversation} required autocomplete="off" placeholder="C0123456789" onInput=${set('conversation')} />
      <${Field} label="Who presses buttons" value=${one.people} autocomplete="off" placeholder="T0123456789/U0123456789=ada"
        hint=${html`Slack's team and user, and the operator, with commas between them. Nobody else's buttons do anything. Have the app post its interactions to <code>${`${one.linkBase || location.origin}/channels/${one.name || 'NAME'}/slack`}</code>.`} onInput=${set('people')} />`}
    <${Field} label="Address of links" value=${one.linkBase} type="url" autocomplete="off" placeholder=${location.origin} hint="This gateway as those who read the messages reach it; empty for no links." onInput=${set('linkBase')} />
    <details><summary>Only of some</summary><p class="muted small">Names or patterns with <code>*</code>, with commas between them; empty for all.</p>
      <${Field} label="Types" value=${one.types} autocomplete="off" placeholder="approval.*, budget.reached" onInput=${set('types')} />
      <${Field} label="Servers" value=${one.servers} autocomplete="off" onInput=${set('servers')} />
      <${Field} label="Tools" value=${one.tools} autocomplete="off" onInput=${set('tools')} />
      <${Field} label="Grants" value=${one.grants} autocomplete="off" onInput=${set('grants')} />
      <${Field} label="Categories" value=${one.categories} autocomplete="off" placeholder="Destructive, Financial" hint="Read, Write, Execute, Destructive, Financial, Secret." onInput=${set('categories')} />
      <${Field} label="Risks" value=${one.risks} autocomplete="off" placeholder="High, Critical" hint="Low, Medium, High, Critical." onInput=${set('risks')} /></details>
    <label class="check"><input type="checkbox" checked=${one.includeArguments} onChange=${set('includeArguments')} />Messages carry the arguments of calls</label>
    <label class="check"><input type="checkbox" checked=${one.allowPrivate} onChange=${set('allowPrivate')} />The address may be in a private network</label>
    <${ErrorBox} error=${error} /><div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//><${Button} kind="primary" type="submit">Add<//></div></form><//>`;
}
