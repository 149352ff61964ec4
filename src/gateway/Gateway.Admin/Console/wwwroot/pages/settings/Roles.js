// The roles of an operator as checkboxes, each for all servers or for some.
import { html } from '../../vendor/ui.js';
import { Untrusted } from '../../components/index.js';
import { programRoleTexts, roleTexts } from '../../components/roles.js';
import { useResource } from '../../state/resource.js';

const texts = /** @type {Record<string, string>} */ ({ ...roleTexts, ...programRoleTexts });

/**
 * @param {{ roles: string[], onChange: (roles: string[]) => void, error?: string }} props Roles such as `viewer` and
 *   `approver:crm`.
 */
export function Roles({ roles, onChange, error }) {
  const servers = (useResource('servers', { query: { limit: 500 } }).data?.items ?? []).map(one =>
    one.name);
  /** @param {string} role @param {string[]} next */
  const set = (role, next) => onChange([...roles.filter(one => nameOf(one) !== role), ...next]);
  // A role of a later release has no text here, and can still be removed.
  const names = [...new Set([...Object.keys(texts), ...roles.map(nameOf)])];
  return html`<fieldset class="stack"><legend>Roles</legend>${names.map(role => {
    const held = roles.filter(one => nameOf(one) === role);
    return html`<div key=${role}><label class="check"><input type="checkbox" checked=${held.length > 0}
        onChange=${(/** @type {FieldEvent} */ event) => set(role, event.target.checked ? [role] : [])} />${role}</label>
      <p class="hint under-check">${texts[role] ?? ''}</p>
      ${held.length > 0 && role !== 'admin' && html`<${Limit} role=${role} held=${held} servers=${servers}
        onChange=${(/** @type {string[]} */ next) => set(role, next)} />`}</div>`;
  })}${error && html`<p class="field-error">${error}</p>`}</fieldset>`;
}

/** @param {string} role */
const nameOf = role => role.split(':')[0];

/**
 * The servers to which a role is limited.
 * @param {{ role: string, held: string[], servers: string[], onChange: (roles: string[]) => void }} props
 */
function Limit({ role, held, servers, onChange }) {
  // A role without a server includes the role for each of them.
  const chosen = held.includes(role) ? [] : held.map(one => one.slice(role.length + 1));
  const all = [...new Set([...servers, ...chosen])];
  if (all.length === 0) return null;
  return html`<details class="under-check" open=${chosen.length > 0}>
    <summary>${role} for ${chosen.length === 0 ? 'all servers' : `${chosen.length} of ${all.length} servers`}</summary>
    <ul class="list checks">${all.map(server => html`<li key=${server}><label class="check">
      <input type="checkbox" checked=${chosen.includes(server)}
      aria-label=${`${role} for ${server}`} onChange=${(/** @type {FieldEvent} */ event) => {
        const next = event.target.checked ? [...chosen, server] : chosen.filter(one => one !== server);
        onChange(next.length === 0 ? [role] : next.map(one => `${role}:${one}`));
      }} /><${Untrusted} text=${server} /></label></li>`)}</ul></details>`;
}
