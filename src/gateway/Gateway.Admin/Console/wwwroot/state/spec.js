// The members of an object's contract, as texts of fields and as values of the API. `spec.js` of a page has the
// members.

/**
 * @typedef {object} Member
 * @property {string} name The name in JSON.
 * @property {string} title The label.
 * @property {string} kind 'text', 'choice', 'flag', 'whole', 'list', 'map', 'wholemap', 'object' or 'json'.
 * @property {string} text The description.
 * @property {string} [placeholder] The form of a value, such as SECONDS or KEY=VALUE.
 * @property {string[]} [choices] The accepted values, the default first.
 * @property {string} [absent] The word for an absent choice without a default.
 * @property {number} [lengthMax] The longest text in characters; absent if another rule bounds it.
 * @property {number} [min] The smallest number.
 * @property {number} [max] The largest number.
 * @property {number} [default] The number that an absent member means.
 * @property {boolean} [isSecret] True if no response contains the value.
 * @property {Member[]} [members] The members of an object.
 */

/**
 * The members that have a field, each with its JSON Pointer.
 * @param {Member[]} members @returns {{ member: Member, at: string }[]}
 */
const leavesOf = (members, within = '') => members.flatMap(member => {
  const at = `${within}/${member.name}`;
  return member.kind === 'object' ? leavesOf(member.members ?? [], at) : [{ member, at }];
});

/** The character between name and value on a line. @param {Member} member */
const separator = ({ placeholder }) => placeholder === 'HEADER' ? ':' : '=';

/** The form of a line of a list or map. @param {Member} member */
export const formOf = ({ placeholder = 'KEY=VALUE' }) => placeholder === 'HEADER' ? 'Name: value' : placeholder;

/** A member of a value, or undefined if it has none. @param {unknown} value @param {string} name @returns {unknown} */
export const memberOf = (value, name) => value !== null && typeof value === 'object'
  ? /** @type {Record<string, unknown>} */ (value)[name] : undefined;

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The value as text for its field. @param {Member} member @param {unknown} value */
export function textOf(member, value) {
  switch (member.kind) {
    case 'text': return String(value ?? '');
    case 'choice': return String(value ?? (member.absent ? '' : member.choices?.[0] ?? ''));
    case 'flag': return value ? 'yes' : '';
    case 'whole': return value === undefined || value === null ? '' : String(value);
    case 'list': return Array.isArray(value) ? value.join('\n') : '';
    case 'map': case 'wholemap': return Object.entries(value ?? {})
      .map(([key, one]) => key + (separator(member) === ':' ? ': ' : '=') + one).join('\n');
    case 'json': return JSON.stringify(value ?? {}, null, 2);
    default: throw new Error(`${member.name} has the kind ${member.kind}, which has no field.`);
  }
}

/**
 * The value for the API; an empty field gives the one with which a PUT clears the member.
 * @param {Member} member @param {string} text @returns {unknown}
 */
function valueOf(member, text) {
  const lines = text.split('\n').map(line => line.trim()).filter(Boolean);
  switch (member.kind) {
    case 'flag': return text !== '';
    case 'whole': return text.trim() === '' ? null : Number(text);
    case 'list': return lines;
    case 'json': return JSON.parse(text.trim() || '{}');
    case 'map': case 'wholemap': return Object.fromEntries(lines.map(line => {
      const at = member.kind === 'map' ? line.indexOf(separator(member)) : line.lastIndexOf('=');
      if (at < 1) throw new Error(`"${line}" is incomplete. Write ${formOf(member)}.`);
      const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      if (member.kind === 'map') return [key, value];
      if (!/^\d+$/.test(value)) throw new Error(`"${value}" is not a whole number. Write ${formOf(member)}.`);
      return [key, Number(value)];
    }));
    default: return text;
  }
}

/** Whether a value means the same as an absent member. @param {Member} member @param {unknown} value */
export const isDefault = (member, value) => value === undefined || value === null || value === '' || value === false
  || (member.kind === 'choice' && !member.absent && value === member.choices?.[0])
  || (typeof value === 'object' && Object.keys(value).length === 0);

/**
 * The texts of all fields, by JSON Pointer.
 * @param {Member[]} members @param {unknown} [one] @returns {Record<string, string>}
 */
export const textsOf = (members, one) => Object.fromEntries(leavesOf(members).map(({ member, at }) =>
  [at, textOf(member, at.split('/').slice(1).reduce(memberOf, one))]));

/**
 * The values of the fields, and the errors by JSON Pointer. An object contains only what is not the default.
 * @param {Member[]} members @param {Record<string, string>} texts
 */
function read(members, texts, within = '') {
  /** @type {Record<string, unknown>} */
  const values = {};
  /** @type {Record<string, string>} */
  const errors = {};
  for (const member of members) {
    const at = `${within}/${member.name}`;
    if (member.kind === 'object') {
      const inner = read(member.members ?? [], texts, at);
      Object.assign(errors, inner.errors);
      values[member.name] =
        Object.fromEntries((member.members ?? []).filter(one => !isDefault(one, inner.values[one.name]))
        .map(one => [one.name, inner.values[one.name]]));
      continue;
    }

    try { values[member.name] = valueOf(member, texts[at] ?? ''); } catch (problem) { errors[at] =
      /** @type {Error} */ (problem).message; }
  }
  return { values, errors };
}

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * The members that were edited, with all values from before.
 * @param {Member[]} members @param {Record<string, string>} texts @param {unknown} [one]
 */
function changes(members, texts, one) {
  const before = read(members, textsOf(members, one)).values;
  const { values, errors } = read(members, texts);
  return {
    before, values: Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, before[name]))),
    errors, isWrong: Object.keys(errors).length > 0,
  };
}

/**
 * The members that were edited, as a PUT takes them, or the errors.
 * @param {Member[]} members @param {Record<string, string>} texts @param {unknown} [one]
 */
export function edited(members, texts, one) {
  const { values, errors, isWrong } = changes(members, texts, one);
  return { values, errors, isWrong };
}

/** The same as a JSON merge patch.
 * @param {Member[]} members @param {Record<string, string>} texts @param {unknown} one */
export function patchOf(members, texts, one) {
  const { before, values, errors, isWrong } = changes(members, texts, one);
  const patch = Object.fromEntries(members.filter(member => member.name in values).map(member => [member.name,
    isDefault(member, values[member.name]) ? null : difference(before[member.name], values[member.name])]));
  return { values: patch, errors, isWrong };
}

/** @param {unknown} was @param {unknown} is @returns {unknown} */
function difference(was, is) {
  if (!isObject(was) || !isObject(is)) return is;
  return Object.fromEntries([...new Set([...Object.keys(was), ...Object.keys(is)])].filter(name =>
    !same(was[name], is[name]))
    .map(name => [name, name in is ? difference(was[name], is[name]) : null]));
}

/**
 * The API's message about a member, or about a value in it.
 * @typedef {import('../api/client.js').Place} Place
 * @param {unknown} error @param {string} at
 */
export const errorAt = (error, at) => /** @type {{ errors?: Place[] } | null} */ (error)?.errors?.find(one =>
  one.pointer === at || one.pointer?.startsWith(`${at}/`))?.message;
