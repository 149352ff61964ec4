// The virtual tools of a grant as text: edits of the JSON of `virtual_tools`, and what the console cannot send.
import { Num, apply, find, join, parse, partsOf, remove, rename, set, valueOf } from '../../state/json-text.js';

/** @typedef {import('../../state/json-text.js').Node} Node */
/** @typedef {{ server: string, name: string, pointer: string, tool: string }} Entry */
/** @typedef {'agent' | 'default' | 'fix'} Source The origin of an argument's value. */

const nameForm = /^[A-Za-z0-9_.-]{1,128}$/;
/** JSON.parse keeps numbers up to this many digits. */
const digitsMax = 15;

/** The reason why a text cannot be shown as forms, or null. @param {string} text */
export function shapeProblem(text) {
  const { root, error } = parse(text);
  if (error) return `The virtual tools are not valid JSON: ${error.message}.`;
  const servers = (root?.members ?? []).map(one => one.value);
  const tools = servers.flatMap(server => server.members.map(one => one.value));
  return [root, ...servers, ...tools].every(one => one?.kind === 'object') ? null
    : 'Each virtual tool is an object, in an object of its server, in the object of all.';
}

/** All virtual tools, in their order. @param {Node | null} root @returns {Entry[]} */
export const entriesOf = root => (root?.members ?? []).flatMap(({ name: server, value }) =>
  value.members.map(({ name, value: tool }) => {
    const replaced = find(tool, '/tool');
    const pointer = join(join('', server), name);
    return { server, name, pointer, tool: replaced?.kind === 'string' ? replaced.value : '' };
  }));

/**
 * A name for a new virtual tool: the one of the replaced tool if it is free and valid.
 * @param {Node | null} root @param {string} server @param {string} tool
 */
export function freeName(root, server, tool) {
  const base = tool.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 120) || 'tool';
  const isTaken = (/** @type {string} */ name) => find(root, join(join('', server), name)) !== null;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!isTaken(name)) return name;
  }
}

/** The reason why a virtual tool cannot have a name, or null.
 * @param {Node | null} root @param {string} pointer @param {string} name */
export function nameProblem(root, pointer, name) {
  if (!nameForm.test(name)) return 'Use 1 to 128 letters, digits, dots, underscores and hyphens.';
  const next = join(join('', partsOf(pointer)[0]), name);
  return next !== pointer && find(root, next) !== null ? `This server already has a virtual tool ${name}.` : null;
}

/** The text with another name for a virtual tool. @param {string} text @param {string} pointer @param {string} name */
export const renamed = (text, pointer, name) => apply(text, rename(text, pointer, name));

/** The text without a virtual tool, and without its server if it was the last one.
 * @param {string} text @param {string} pointer */
export const removed = (text, pointer) => takenOut(text, pointer, 1);

/** Removes a member, and objects around it that are then empty, down to a depth.
 * @param {string} text @param {string} pointer @param {number} depth @returns {string} */
function takenOut(text, pointer, depth) {
  if (find(parse(text).root, pointer) === null) return text;
  const rest = apply(text, remove(text, pointer));
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  const node = find(parse(rest).root, parent);
  const isEmpty = node?.kind === 'object' && node.members.length === 0;
  return isEmpty && partsOf(parent).length >= depth ? takenOut(rest, parent, depth) : rest;
}

/** The origin of an argument's value. @param {Node | null} tool @param {string} argument @returns {Source} */
export const sourceOf = (tool, argument) => find(tool, join('/fix', argument)) !== null ? 'fix'
  : find(tool, join('/default', argument)) !== null ? 'default' : 'agent';

/**
 * The text with another origin for an argument's value. A value that is there is kept.
 * @param {string} text @param {string} pointer of the virtual tool @param {string} argument
 * @param {Source} source @param {unknown} first
 */
export function sourced(text, pointer, argument, source, first) {
  const now = sourceOf(find(parse(text).root, pointer), argument);
  if (now === source) return text;
  const place = (/** @type {Source} */ one) => join(join(pointer, one), argument);
  const before = now === 'agent' ? null : find(parse(text).root, place(now));
  const value = before === null ? first : valueOf(before);
  const rest = now === 'agent' ? text : takenOut(text, place(now), 3);
  return source === 'agent' ? rest : apply(rest, set(rest, place(source), value));
}

/** The names of the arguments: those of the tool's schema, then others that are fixed or have a default.
 * @param {Node | null} tool @param {JsonSchema} schema */
export const argumentsOf = (tool, schema) => [...new Set([...Object.keys(schema?.properties ?? {}),
  ...['/fix', '/default'].flatMap(at => find(tool, at)?.members.map(one => one.name) ?? [])])];

/**
 * The schema of a tool for an agent that cannot set the fixed arguments and may omit those with a default. Annotations
 * that are null are left out, because a merge patch cannot contain null.
 * @param {JsonSchema} schema @param {Node | null} tool @returns {JsonSchema}
 */
export function narrowed(schema, tool) {
  const { properties, required, ...rest } = /** @type {JsonSchema} */ (withoutNullDefaults(schema));
  const isOpen = (/** @type {string} */ name) => sourceOf(tool, name) === 'agent';
  const names = (required ?? []).filter(isOpen);
  const shown = Object.entries(properties ?? {}).filter(([name]) => sourceOf(tool, name) !== 'fix');
  return {
    ...rest,
    ...(properties && { properties: Object.fromEntries(shown) }),
    ...(names.length > 0 && { required: names }),
  };
}

/** @param {unknown} value @returns {unknown} */
function withoutNullDefaults(value) {
  if (Array.isArray(value)) return value.map(withoutNullDefaults);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name, inner]) => name !== 'default' || inner !== null);
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNullDefaults(inner)]));
}

/**
 * The values that the console cannot send, by JSON Pointer: a number of which JSON.parse would change a digit, and a
 * null in a merge patch, where it removes the member: an agent could then set an argument that was meant to be fixed.
 * @param {string} text @param {unknown} [old] the value before the edit; undefined if nothing is patched
 * @returns {Record<string, string>}
 */
export function unsendable(text, old) {
  const { root } = parse(text);
  if (root === null) return { '': shapeProblem(text) ?? '' };
  /** @type {Record<string, string>} */
  const found = {};
  /** @param {Node} node @param {string} at @param {unknown} before @param {boolean} isMerged */
  const visit = (node, at, before, isMerged) => {
    if (node.kind === 'number' && before !== Number(node.value) && !isExact(node.value))
      found[at] = `The console cannot send the number ${node.value} exactly. Use gateway grant set.`;
    if (isMerged && node.kind === 'literal' && node.value === 'null' && before !== null)
      found[at] = 'The console cannot save null here. Use gateway grant set.';
    for (const one of node.members) visit(one.value, join(at, one.name), own(before, one.name), isMerged);
    // A patch replaces a list as a whole, so nulls in it are kept.
    node.items.forEach((one, n) => visit(one, join(at, n), own(before, n), false));
  };
  visit(root, '', old, old !== undefined);
  return found;
}

/** @param {unknown} value @param {string | number} name */
const own = (value, name) =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? /** @type {Record<string | number, unknown>} */ (value)[name] : undefined;

/** @param {string} written */
function isExact(written) {
  const digits = written.replace(/[eE].*$/, '').replace(/\D/g, '').replace(/^0+/, '');
  return digits === '' || digits.length <= digitsMax && Number.isFinite(Number(written)) && Number(written) !== 0;
}

/** The reason why a value does not have the type of the tool's schema.
 * @param {JsonSchema} schema of the argument @param {Node | null} value */
export function typeProblem(schema, value) {
  const types = [schema?.type].flat();
  const isNumber = types.length === 1 && ['number', 'integer'].includes(String(types[0]));
  return isNumber && value?.kind === 'string' ? 'The tool expects a number here.' : undefined;
}

/** The first value of an argument. @param {JsonSchema} schema of the argument */
export function firstValue(schema) {
  const given = Array.isArray(schema?.enum) ? schema.enum[0] : undefined;
  if (given !== undefined) return given;
  switch ([schema?.type].flat()[0]) {
    case 'number': case 'integer': return new Num('0');
    case 'boolean': return true;
    case 'array': return [];
    case 'object': return {};
    default: return '';
  }
}
