// The fields of a grant, for the dialogs that create one and edit one.
import { html, useState } from '../../vendor/ui.js';
import { Field, Untrusted, loaded, localTime } from '../../components/index.js';
import { SpecFields } from '../../components/SpecFields.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';
import { edited, errorAt, memberOf, patchOf, textsOf } from '../../state/spec.js';
import { Match } from './Match.js';
import { VirtualTools, newTools } from './VirtualTools.js';
import { fieldsOf, membersOf } from './claims.js';
import { members } from './spec.js';
import { unsendable } from './virtual.js';

const toolsAt = '/virtual_tools';
const isTools = (/** @type {import('../../state/spec.js').Member} */ { name }) => `/${name}` === toolsAt;
const otherMembers = members.filter(one => !isTools(one));

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The state of the fields; `old` is the grant that is edited. @param {Api.GrantView} [old] */
export function useGrantFields(old) {
  const [before] = useState(() => ({ one: old, match: membersOf(fieldsOf(old)),
    servers: Object.fromEntries(Object.entries(old?.servers ?? {})
      .map(([server, policy]) => [server, typeof policy === 'string' ? policy : ''])) }));
  const [servers, setServers] = useState(before.servers);
  const [expires, setExpires] = useState(old ? old.expires ?? '' : '90d');
  const [match, setMatch] = useState(() => fieldsOf(old));
  const [texts, setTexts] = useState(() => textsOf(members, old));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [tools] = useState(() => newTools(old));
  /**
   * The edited members, or null if a field is wrong; its error is then shown.
   * @template T
   * @param {(of: typeof members, texts: Record<string, string>, one: Api.GrantView | undefined) =>
   *   { values: T, errors: Record<string, string>, isWrong: boolean }} reader
   * @param {unknown} [patched] @returns {T | null}
   */
  const take = (reader, patched) => {
    const { values, errors, isWrong } = reader(members, { ...texts, [toolsAt]: tools.text.value }, before.one);
    const kept = unsendable(tools.text.value, patched);
    const own = Object.fromEntries(Object.entries(kept).map(([at, message]) => [toolsAt + at, message]));
    setWrong({ ...errors, ...own });
    return isWrong || Object.keys(own).length > 0 ? null : values;
  };
  return {
    before, servers, setServers, expires, setExpires, match, setMatch, texts, setTexts, error, setError,
    /** @type {import('../policy/Form.js').Doc} */
    tools: { ...tools, problemAt: (at, isDeep) => problemAt(wrong, error, at, isDeep) },
    errorAt: (/** @type {string} */ at) => wrong[at] ?? errorAt(error, at),
    /** The body of a POST, or null if a field is wrong. */
    whole: () => {
      const values = take(edited);
      const selected = Object.entries(membersOf(match)).filter(([, value]) => value !== null);
      return values && { ...values, ...Object.fromEntries(selected), expires: expires || undefined,
        servers: Object.fromEntries(Object.entries(servers).map(([server, policy]) => [server, policy || null])) };
    },
    /** A merge patch of the edited members, or null if a field is wrong. @returns {Record<string, unknown> | null} */
    patch: () => {
      const values = take(patchOf, before.one?.virtual_tools ?? {});
      if (!values) return null;
      const names = [...new Set([...Object.keys(before.servers), ...Object.keys(servers)])].filter(name =>
        servers[name] !== before.servers[name]);
      const selected = Object.entries(membersOf(match))
        .filter(([name, value]) => !same(value, memberOf(before.match, name)));
      return { ...values, ...Object.fromEntries(selected),
        ...(expires === (before.one?.expires ?? '') ? {} : { expires: expires || null }),
        // In a merge patch, null removes the server; a denial has a form of its own.
        ...(names.length === 0 ? {} : { servers: Object.fromEntries(names.map(name =>
          [name, name in servers ? servers[name] || { deny: true } : null])) }) };
    },
  };
}

/** The API names the member by either of its names.
 * @param {Record<string, string>} wrong @param {unknown} error @param {string} at @param {boolean} isDeep
 * @returns {string | undefined} */
function problemAt(wrong, error, at, isDeep) {
  const all = [...Object.entries(wrong),
    ...(/** @type {{ errors?: { pointer?: string, message: string }[] } | null} */ (error)?.errors
      ?? []).map(({ pointer = '', message }) =>
    [pointer.replace(/^\/virtualTools(?=\/|$)/, toolsAt), message])];
  return all.find(([pointer]) => pointer === toolsAt + at || isDeep && pointer.startsWith(`${toolsAt}${at}/`))?.[1];
}

/** @param {{ fields: ReturnType<typeof useGrantFields> }} props */
export const GrantFields = ({ fields }) => html`
  <${Servers} fields=${fields} />
  <${Expires} fields=${fields} />
  <${Match} match=${fields.match} onChange=${fields.setMatch} errorAt=${fields.errorAt} />
  <${SpecFields} members=${otherMembers} texts=${fields.texts} onChange=${fields.setTexts} errorAt=${fields.errorAt} />
  <${VirtualTools} doc=${fields.tools} servers=${Object.keys(fields.servers)} />`;

/** @param {{ fields: ReturnType<typeof useGrantFields> }} props */
function Servers({ fields: { before, servers, setServers, errorAt: wrongAt } }) {
  const known = useResource('servers', { query: { limit: 500 } });
  const policies = useResource('policies', { query: { limit: 500 } });
  const names = (policies.data?.items ?? []).map(one => one.name);
  /** @param {string} server @param {string | undefined} policy */
  const set = (server, policy) => {
    const { [server]: _, ...others } = servers;
    setServers(policy === undefined ? others : { ...servers, [server]: policy });
  };
  return loaded(known, list => {
    // Its own servers come first, as they would be far down in a long list.
    const all = [...new Set([...Object.keys(before.servers), ...list.items.map(one => one.name)])];
    return all.length === 0 ? html`<p class="notice warn">No servers yet. <a href=${link('servers')}>Register a server
      first.</a></p>`
      : html`<fieldset class="stack"><legend>Servers and policies</legend>${all.map(server => html`
        <div class="row choose" key=${server}><label class="check"><input type="checkbox" checked=${server in servers}
            onChange=${(/** @type {FieldEvent} */ event) =>
              set(server, event.target.checked ? before.servers[server] ?? '' : undefined)} />
              <${Untrusted} text=${server} /></label>
          ${server in servers && html`<select aria-label=${`Policy for ${server}`}
            onChange=${(/** @type {FieldEvent} */ event) => set(server, event.target.value)}>
            <option value="" selected=${servers[server] === ''}>No policy (every call is denied)</option>
            ${[...new Set([...names, servers[server]])].filter(Boolean).map(policy => html`<option value=${policy}
              selected=${policy === servers[server]}>${policy}</option>`)}
          </select>`}</div>`)}
        ${wrongAt('/servers') && html`<p class="field-error">${wrongAt('/servers')}</p>`}</fieldset>`;
  });
}

const lengths = [['7d', 'In 7 days'], ['30d', 'In 30 days'], ['90d', 'In 90 days'], ['365d', 'In 1 year'],
  ['', 'Never']];

/** @param {{ fields: ReturnType<typeof useGrantFields> }} props */
function Expires({ fields: { before, expires, setExpires, errorAt: wrongAt } }) {
  const [isFree, setFree] = useState(false);
  const now = before.one?.expires ?? '';
  return html`<${Field} label="Expires" as="select" error=${isFree ? null : wrongAt('/expires')}
    onChange=${(/** @type {FieldEvent} */ event) => {
      setFree(event.target.value === 'other');
      setExpires(event.target.value === 'other' ? now : event.target.value);
    }}>
    ${now && html`<option value=${now} selected=${!isFree && expires === now}>${localTime(now)}</option>`}
    ${lengths.map(([length, text]) => html`<option value=${length} selected=${!isFree && expires === length}>
      ${text}</option>`)}
    <option value="other" selected=${isFree}>Other…</option><//>
    ${isFree && html`<${Field} label="Duration or time" value=${expires} required autofocus error=${wrongAt('/expires')}
      autocomplete="off" spellcheck=${false}
      hint="A duration from now such as 12h or 45d, or a time such as 2027-06-30T00:00:00Z."
      onInput=${(/** @type {FieldEvent} */ event) => setExpires(event.target.value)} />`}`;
}
