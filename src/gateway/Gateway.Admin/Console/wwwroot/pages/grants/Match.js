// The tokens of an issuer that select a grant: its issuer, conditions on claims, and the order among such grants.
import { html } from '../../vendor/ui.js';
import { Button, Field, Untrusted } from '../../components/index.js';
import { operators } from '../../state/operators.js';
import { useResource } from '../../state/resource.js';
import { exactly, searching, takesSeveral, textOf } from './claims.js';

/** @typedef {import('./claims.js').Match} Values */

/**
 * Shown if the configuration file has issuers.
 * @param {{ match: Values, onChange: (match: Values) => void, errorAt: (pointer: string) => string | undefined }} props
 */
export function Match({ match, onChange, errorAt }) {
  const issuers = useResource('pauses').data?.issuers ?? [];
  if (issuers.length === 0 && match.issuer === '') return null;
  const add = () => onChange({ ...match, claims: [...match.claims, { path: '', op: 'has', text: '' }] });
  return html`<fieldset class="stack"><legend>Tokens of an issuer</legend>
    <${Field} label="Issuer" as="select" error=${errorAt('/match/issuer')}
      hint="Callers with a token from this issuer can use the grant. They do not need the grant's own token."
      onChange=${(/** @type {FieldEvent} */ event) => onChange({ ...match, issuer: event.target.value })}>
      <option value="" selected=${match.issuer === ''}>None</option>
      ${[...new Set([...issuers, match.issuer])].filter(Boolean).map(name => html`<option value=${name}
        selected=${name === match.issuer}>${name}</option>`)}<//>
    ${match.issuer !== '' && html`
      ${match.claims.map((claim, at) => html`<${Claim} key=${at} claim=${claim} at=${at} errorAt=${errorAt}
        onChange=${(/** @type {import('./claims.js').Claim} */ next) => onChange({ ...match,
          claims: match.claims.map((one, i) => i === at ? next : one) })}
        onRemove=${() => onChange({ ...match, claims: match.claims.filter((_, i) => i !== at) })} />`)}
      <div class="row"><${Button} onClick=${add} disabled=${match.claims.length >= 16}>Add condition<//>
        ${match.claims.length === 0 && html`<span class="muted small">Without a condition, every token of the issuer
          selects the grant.</span>`}</div>
      <${Field} label="Order" type="number" min="1" max="1000000" step="1" value=${match.order}
        error=${errorAt('/order')}
        hint=${'Of the grants that match a token, the one with the smallest number applies. Required if several '
          + 'grants have this issuer.'}
        onInput=${(/** @type {FieldEvent} */ event) => onChange({ ...match, order: event.target.value })} />`}
          </fieldset>`;
}

/** @param {{ claim: import('./claims.js').Claim, at: number, onChange: (claim: import('./claims.js').Claim) => void,
 *   onRemove: () => void, errorAt: (pointer: string) => string | undefined }} props */
function Claim({ claim, at, onChange, onRemove, errorAt }) {
  const { path, op, text } = claim;
  const place = `/match/claims/${at}`;
  const set = (/** @type {string} */ name) => (/** @type {FieldEvent} */ event) =>
    onChange({ ...claim, [name]: event.target.value,
    ...(name === 'path' ? {} : { given: undefined }),
    ...(name === 'op' && event.target.value === 'exists' ? { text: 'true' } : {}) });
  const value = { label: 'Value', value: text, error: errorAt(`${place}/value`), onInput: set('text'),
    spellcheck: false };
  return html`<div class="rule-line" role="group" aria-label=${`Condition ${at + 1}`}><div class="columns tight">
    <${Field} label="Claim" value=${path} required maxlength="512" spellcheck=${false} autocomplete="off"
      error=${errorAt(`${place}/path`)} onInput=${set('path')}
      placeholder="groups" hint="A name, or a path such as /realm_access/roles." />
    <${Field} label="Operator" as="select" error=${errorAt(`${place}/op`)} onChange=${set('op')}>
      ${[...exactly, ...searching].map(one => html`<option value=${one} selected=${one === op}>${operators[one].words}
        </option>`)}<//>
    ${op === 'exists' ? html`<${Field} label="Value" as="select" error=${value.error} onChange=${set('text')}>
        <option value="true" selected=${text !== 'false'}>Yes</option>
          <option value="false" selected=${text === 'false'}>No</option><//>`
      : takesSeveral(op) ? html`<${Field} ...${value} as="textarea" class="code" rows="3" hint="One value per line." />`
      : html`<${Field} ...${value} required autocomplete="off"
        hint=${searching.includes(op) ? null : 'Quote a text of digits: "12".'} />`}
    </div><div class="actions"><${Button} kind="quiet" aria-label=${`Remove condition ${at + 1}`} onClick=${onRemove}>
      Remove<//></div></div>`;
}

/** The same in words. @param {{ match: import('./claims.js').GrantMatch, order?: number }} props */
export const MatchFact = ({ match, order }) => html`<dt>Tokens of an issuer</dt>
  <dd><${Untrusted} text=${match.issuer} />
  ${order !== undefined && html` <span class="muted">order ${order}</span>`}
  ${(match.claims ?? []).map(({ path, op, value }) => html`<div class="small">
    <code><${Untrusted} text=${path} max=${120} />
      </code> ${operators[op]?.words ?? op}${op === 'exists' ? value === false && ': no'
      : html` <${Untrusted} text=${textOf(value).replaceAll('\n', ', ')} max=${200} />`}</div>`)}</dd>`;
