// The guide: a server, its rules, a grant, then the first call and the first refusal, as they come.
import { html, useEffect, useRef, useState } from '../../vendor/ui.js';
import { get, path, post, put } from '../../api/client.js';
import {
  Badge, Button, Card, CodeBlock, CommandHint, Confirm, ErrorBox, Field, PageHead, Untrusted, count, loaded, table,
  toast,
} from '../../components/index.js';
import { Explained } from '../../components/decisions.js';
import { invalidate, useResource } from '../../state/resource.js';
import { go, link } from '../../state/route.js';

/** @typedef {import('../../components/decisions.js').Decision} Decision */

const steps = ['server', 'rules', 'grant', 'wait'];
const titles = ['Register server', 'Choose rules', 'Create grant', 'See first call'];

// A token is shown once: it lives as long as this page does, and is not in the address.
/** @type {Map<string, string>} */
const tokens = new Map();

/** @param {import('../index.js').PageProps} props */
export default function Start({ segments: [step = 'server'], query }) {
  const at = Math.max(0, steps.indexOf(step));
  const body = { server: Server, rules: Rules, grant: Grant, wait: Wait }[steps[at]] ?? Server;
  return html`<${PageHead} title="Set up server" lead="Three steps to your agent's first call." />
    <ol class="steps">${titles.map((title, index) => html`<li class=${index < at ? 'done' : ''}
      aria-current=${index === at ? 'step' : undefined}><span class="step-number" aria-hidden="true">
        ${index < at ? '✓' : index + 1}</span>
      ${title}<span class="visually-hidden">${index < at ? ' (done)' : ''}</span></li>`)}</ol>
    <${body} key=${step} query=${query} />`;
}

/** @param {{ query: Record<string, string> }} props */
function Server({ query }) {
  const servers = useResource('servers');
  const [name, setName] = useState(query.server ?? '');
  const [url, setUrl] = useState('');
  const [header, setHeader] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {string} server */
  const connect = async server => {
    setError(null);
    await get(path('servers', server, 'tools'));
    go(link(['start', 'rules'], { server }));
  };
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const before = servers.data?.items.find(one => one.name === name);
      await put(path('servers', name), { url, headers: header ? { Authorization: header } : undefined },
        { ifMatch: before ? '*' : undefined });
      invalidate('servers');
      await connect(name);
    } catch (failure) { setError(failure); } finally { setBusy(false); }
  };
  return html`<div class="columns"><${Card} title="New server"><form onSubmit=${submit}>
      <${Field} label="Server name" required value=${name}
        hint="1 to 64 letters, digits, periods, underscores and hyphens. Example: crm"
        onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
      <${Field} label="MCP endpoint URL" type="url" required placeholder="https://mcp.example.com/mcp" value=${url}
        onInput=${(/** @type {FieldEvent} */ event) => setUrl(event.target.value)} />
      <${Field} label="Authorization header (optional)" type="password" autocomplete="off" placeholder="Bearer …"
        value=${header}
        hint="Sent with every request. Stored encrypted. Not shown again."
        onInput=${(/** @type {FieldEvent} */ event) => setHeader(event.target.value)} />
      <${ErrorBox} error=${error} />
      <${Button} kind="primary" type="submit" busy=${busy}>Register and connect<//>
    </form><${CommandHint} command=${`gateway server add ${name || 'NAME'} ${url || 'URL'}`} /><//>
    <${Card} title="Registered servers">${loaded(servers, list => list.items.length === 0
      ? html`<p class="muted">No servers yet.</p>`
      : html`<ul class="list">${list.items.map(one => html`<li class="row between"><span>
        <${Untrusted} text=${one.name} />
          <span class="muted small"><${Untrusted} text=${one.url} max=${60} /></span></span>
          <${Button} aria-label=${`Connect ${one.name}`} onClick=${() => connect(one.name)}>Connect<//></li>`)}
        </ul>`)}<//></div>`;
}

/** @param {{ query: Record<string, string> }} props */
function Rules({ query: { server } }) {
  const [profile, setProfile] = useState('balanced');
  const wanted = useResource(path('catalogue', server, 'policy'), { query: { profile } });
  const tools = useResource(path('catalogue', server));
  const policies = useResource('policies', { query: { limit: 1000 } });
  const [name, setName] = useState(server);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [isReplacing, setReplacing] = useState(false);
  /** @param {import('../../api/client.js').Options} [options] */
  const save = async options => {
    if (!wanted.data) return;
    await put(path('policies', name), wanted.data.policy, options);
    invalidate('policies');
    go(link(['start', 'grant'], { server, policy: name }));
  };
  const use = async () => {
    setError(null);
    if (policies.data?.items.some(one => one.name === name)) setReplacing(true);
    else try { await save(); } catch (failure) { setError(failure); }
  };
  return html`<${Card} title="Recommended rules"
    foot="Tools without a rule are denied. You can change each rule later.">
    ${loaded(wanted, data => {
      const rules = Object.entries(/** @type {Record<string, Rule>} */ (data.policy.tools ?? {}));
      return html`<p class="row"><${Badge} tone="ok">Connected<//>
          ${count(rules.length)} of ${count(tools.data?.tools.length ?? rules.length)} tools have a rule.</p>
        ${table({ label: 'Recommended rules', rows: rules, keyOf: rule => rule[0], columns: [
          { title: 'Tool', cell: rule => html`<${Untrusted} text=${rule[0]} max=${80} />` },
          { title: 'Rule', cell: rule => html`<${Said} rule=${rule[1]} />` },
          { title: 'Reason', narrow: false, cell: rule => html`<span class="small">
            <${Untrusted} text=${rule[1].reason} /></span>` },
        ] })}`;
    }, 6)}
    <div class="filters"><${Field} label="Profile" as="select" value=${profile}
      onChange=${(/** @type {FieldEvent} */ event) => setProfile(event.target.value)}>
        ${['balanced', 'cautious', 'observe'].map(one => html`<option value=${one} selected=${one === profile}>
          ${one}</option>`)}<//>
      <${Field} label="Policy name" required value=${name}
      onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
      <${Button} kind="primary" disabled=${!wanted.data} onClick=${use}>Use these rules<//></div>
    <${ErrorBox} error=${error} />
    ${isReplacing && html`<${Confirm} title="Replace policy" name=${name} act="Replace policy"
      onClose=${() => setReplacing(false)}
      onDo=${() => save({ ifMatch: '*' })}><p>A policy with this name exists. Grants with this policy get the
        recommended rules at their next call; the current text stays in the policy's versions. To keep the current
        policy active, close this and choose a different name.</p><//>`}
    <${CommandHint} command=${`gateway policy recommend --server ${server} --profile ${profile} > ${name}.json`
      + ` && gateway policy set ${name} ${name}.json`} /><//>`;
}

/** An entry of a recommended policy, as far as it is shown.
 * @typedef {{ action?: string, reason?: string, approve_if?: { value: number }[],
 *   limits?: { max: number, window: string, increment_from?: string, scope?: string }[] }} Rule */
/** One entry of a recommended policy in words. @param {{ rule: Rule }} props */
function Said({ rule }) {
  const action = rule.action === 'approve' ? { tone: 'info', text: 'Require approval' }
    : rule.action === 'deny' ? { tone: 'bad', text: 'Deny' }
      : rule.approve_if ? { tone: 'info', text: `Require approval above ${count(rule.approve_if[0].value)}` }
        : { tone: 'ok', text: 'Allow' };
  return html`<div class="stack tight"><span><${Badge} tone=${action.tone}>${action.text}<//></span>
    ${(rule.limits ?? []).map(limit => html`<span class="small muted">${count(limit.max)} ${
      limit.increment_from ? html`of <code><${Untrusted} text=${limit.increment_from} />
        </code> ` : ''}per ${limit.window} per ${limit.scope ?? 'grant'}</span>`)}</div>`;
}

/** @param {{ query: Record<string, string> }} props */
function Grant({ query: { server, policy } }) {
  const [name, setName] = useState('');
  const [expires, setExpires] = useState('90d');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Event} event */
  const submit = async event => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const { data } = await post('grants', { name, servers: { [server]: policy }, expires: expires || undefined });
      tokens.set(name, data.token);
      invalidate('grants');
      go(link(['start', 'wait'], { grant: name, server }));
    } catch (failure) { setError(failure); } finally { setBusy(false); }
  };
  return html`<${Card} title="New grant"><form onSubmit=${submit} class="narrow">
    <${Field} label="Grant name" required value=${name}
      hint="Use one grant per agent, so that each has its own limits and records. Example: support-bot"
      onInput=${(/** @type {FieldEvent} */ event) => setName(event.target.value)} />
    <${Field} label="Expires" as="select" value=${expires}
      onChange=${(/** @type {FieldEvent} */ event) => setExpires(event.target.value)}>
      <option value="30d">In 30 days</option><option value="90d">In 90 days</option>
        <option value="365d">In 1 year</option><option value="">Never</option><//>
    <${ErrorBox} error=${error} />
    <${Button} kind="primary" type="submit" busy=${busy}>Create grant<//>
  </form><${CommandHint} command=${`gateway grant create ${name || 'NAME'} --server ${server}=${policy}`} /><//>`;
}

/** @param {{ query: Record<string, string> }} props */
function Wait({ query: { grant, server } }) {
  const token = tokens.get(grant);
  const clients = useResource(path('grants', grant, 'clients'));
  const [client, setClient] = useState('claude-code');
  return html`<${Card} title="Connect the agent">
      ${token ? html`<p class="notice warn">Copy the grant's token now: it is shown only once. The gateway stores only
        its hash.</p>
        <${CodeBlock} text=${token} what="the token" />` : html`<p class="muted">The token was shown once, when the
          grant was created.
        To get a new one: <code>gateway grant rotate ${grant}</code></p>`}
      ${loaded(clients, list => {
        const all = (list.items.find(one => one.server === server) ?? list.items[0])?.clients
          ?? [];
        const one = all.find(each => each.client === client) ?? all[0];
        return html`<${Field} label="Client" as="select" value=${one?.client}
          onChange=${(/** @type {FieldEvent} */ event) => setClient(event.target.value)}>
            ${all.map(each => html`<option value=${each.client}>${each.title}</option>`)}<//>
          ${one && html`<p class="muted small">Paste into ${one.where}</p>
            <${CodeBlock} text=${token ? one.text.replaceAll('<token>', token) : one.text}
              what=${`the configuration for ${one.title}`} />
            ${one.note && html`<p class="muted small">${one.note.replaceAll('<token>', token ?? '<token>')}</p>`}`}`;
      })}
      <${CommandHint} command=${`gateway grant show-config ${grant} --token <token>`} /><//>
    <${First} grant=${grant} />`;
}

/** @param {{ grant: string }} props */
function First({ grant }) {
  const found = useResource('audit', { query: { kind: 'decision', grant, limit: 200 }, every: 1500 });
  const decisions = /** @type {Decision[]} */ (found.data?.items ?? []).filter(one => one.tool);
  const allowed = decisions.find(one => one.outcome === 'allowed');
  const refused = decisions.find(one => one.outcome !== 'allowed');
  const told = useRef(false);
  useEffect(() => {
    if (!allowed || told.current) return;
    told.current = true;
    toast.ok('First call received.');
  }, [allowed]);
  return html`<div class="columns" aria-live="polite">
    <${Card} title="First call" class=${allowed ? 'arrived' : ''}>${allowed ? html`<${Explained} decision=${allowed} />`
      : html`<p class="row"><span class="waiting" aria-hidden="true"></span>Waiting for ${grant} to call a tool.</p>
        <p class="muted small">Ask the agent something that needs one of the tools. This page updates automatically.
          </p>`}<//>
    <${Card} title="First refusal" class=${refused ? 'arrived' : ''}>
      ${refused ? html`<${Explained} decision=${refused} />`
      : html`<p class="row"><span class="waiting" aria-hidden="true"></span>None yet.</p>
        <p class="muted small">Have the agent try something that the rules deny. The response gives the agent
          the reason.</p>`}
          <//></div>
    ${found.error && html`<${ErrorBox} error=${found.error} retry=${found.reload} />`}
    ${allowed && html`<div class="actions"><a class="button primary" href="#/overview">Go to overview</a>
      <a class="button" href=${link('live', { grant })}>Watch live</a></div>`}
    <${CommandHint} command=${`gateway audit tail --grant ${grant}`} />`;
}
