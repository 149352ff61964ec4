// The tokens that select a grant, as texts of fields and as the member of the API.

/**
 * @typedef {{ path: string, op: string, text: string, given?: unknown }} Claim `given` is the value whose text is not
 *   edited.
 */
/**
 * @typedef {{ issuer: string, order: string, claims: Claim[] }} Match An empty issuer: no token of an issuer selects
 *   the grant.
 */

/** The operators on claims, as MatchReader reads them. */
export const exactly = ['has', 'eq', 'neq', 'in', 'not_in', 'exists'];
/** The operators that need the claim among the free text of its issuer. */
export const searching = ['contains', 'starts_with', 'ends_with', 'matches'];

/** @param {string} op */
export const takesSeveral = op => op === 'in' || op === 'not_in';

/** @param {unknown} value */
const line = value => typeof value === 'string' && scalar(value) === value ? value : JSON.stringify(value);

/** @param {unknown} value */
export const textOf = value => Array.isArray(value) ? value.map(line).join('\n') : line(value);

/** A number, true, false or a quoted text as JSON; anything else is a text as it is. @param {string} text */
function scalar(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' ? text : value ?? text;
  } catch { return text; }
}

/** @param {string} op @param {string} text @returns {unknown} */
const valueOf = (op, text) => op === 'exists' ? text !== 'false'
  : takesSeveral(op) ? text.split('\n').map(one => one.trim()).filter(Boolean).map(scalar)
  : searching.includes(op) ? text : scalar(text.trim());

/** The member of a grant, which openapi.json leaves open.
 * @typedef {{ issuer: string, claims?: Api.ClaimView[] }} GrantMatch */
/** @param {Api.GrantView} [grant] */
export const matchOf = grant => /** @type {GrantMatch | undefined} */ (grant?.match);

/** @param {Api.GrantView} [grant] @returns {Match} */
export const fieldsOf = grant => ({
  issuer: matchOf(grant)?.issuer ?? '', order: grant?.order === undefined ? '' : String(grant.order),
  claims: (matchOf(grant)?.claims ?? []).map(({ path, op, value }) =>
    ({ path, op, text: searching.includes(op) ? String(value) : textOf(value), given: value })),
});

/** The members of the API; null without an issuer. @param {Match} match */
export const membersOf = ({ issuer, order, claims }) => issuer === '' ? { match: null, order: null } : {
  match: { issuer, claims: claims.map(({ path, op, text, given }) =>
    ({ path: path.trim(), op, value: given ?? valueOf(op, text) })) },
  order: order.trim() === '' ? null : Number(order),
};
