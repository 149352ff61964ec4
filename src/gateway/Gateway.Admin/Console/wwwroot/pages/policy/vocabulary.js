// The keywords of JSON Schema as the schemas of their fields.
import { find } from '../../state/json-text.js';

/** @typedef {import('../../state/json-text.js').Node} Node */

/** Any JSON value: for members whose schema does not define them. */
export const anything = { anyOf: ['string', 'number', 'boolean', 'array', 'object', 'null'].map(type => ({ type })) };

export const flag = { type: 'boolean' };
const [text, number, size] = [{ type: 'string' }, { type: 'number' }, { type: 'integer', minimum: 0 }];
const rule = { $ref: '#/$defs/rule' };
const rules = { type: 'array', minItems: 1, items: rule };
const named = { type: 'object', additionalProperties: rule };
const names = { type: 'array', items: text };
const range = {
  minimum: number, maximum: number, exclusiveMinimum: number, exclusiveMaximum: number, multipleOf: number,
};

/** By the type of values. @type {Record<string, Record<string, JsonSchema>>} */
const byType = {
  string: { minLength: size, maxLength: size, pattern: text },
  number: range,
  integer: range,
  array: {
    minItems: size, maxItems: size, uniqueItems: flag, items: rule, prefixItems: rules, contains: rule,
    minContains: size, maxContains: size, unevaluatedItems: rule,
  },
  object: {
    additionalProperties: { ...flag, default: true }, minProperties: size, maxProperties: size, required: names,
    properties: named, patternProperties: named, propertyNames: rule, dependentSchemas: named,
    dependentRequired: { type: 'object', additionalProperties: names }, unevaluatedProperties: rule,
  },
};

/** For every type: combinations, and what only describes a value. @type {Record<string, JsonSchema>} */
const others = {
  const: anything, allOf: rules, anyOf: rules, oneOf: rules, not: rule, if: rule, then: rule, else: rule,
  title: text, description: text, format: text, default: anything, examples: { type: 'array', items: anything },
  deprecated: flag, readOnly: flag, writeOnly: flag, contentEncoding: text, contentMediaType: text, contentSchema: rule,
  $ref: text, $defs: named, definitions: named, $schema: text, $id: text, $anchor: text, $comment: text,
};
const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** Keywords of a type that are shown with those for every type, because few schemas have them. */
const rare = [
  'prefixItems', 'contains', 'minContains', 'maxContains', 'unevaluatedItems', 'minProperties', 'maxProperties',
  'patternProperties', 'propertyNames', 'dependentSchemas', 'dependentRequired', 'unevaluatedProperties',
];

/** Keywords whose value is a schema, or true or false; by its kind, one field or a group. */
const orFlag = ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'];

/** All keywords that have a field. */
export const keywords = [
  ...new Set(['type', 'enum', ...Object.values(byType).flatMap(Object.keys), ...Object.keys(others)]),
];

/**
 * The types of the values to which a schema applies: its own, or those of the schema that it is combined with.
 * @param {(pointer: string) => Node | null} at @param {string} pointer
 * @param {string} root the schema of all arguments, which are always an object
 * @returns {string[]}
 */
export function typesAt(at, pointer, root) {
  if (pointer === root) return ['object'];
  const type = find(at(pointer), '/type');
  if (type?.kind === 'string') return [type.value];
  if (type?.kind === 'array') return type.items.map(one => one.value);
  const outer = /^(.*)\/(?:(?:allOf|anyOf|oneOf)\/\d+|not|if|then|else)$/.exec(pointer)?.[1];
  return outer?.startsWith(root) ? typesAt(at, outer, root) : ['string', 'number'];
}

/**
 * The keywords to show for a schema: those that suit its types, and those that it has.
 * @param {Node | null} here @param {string[]} chosen its types @param {boolean} isRoot
 * @returns {{ shown: Record<string, JsonSchema>, more: string[] }}
 */
export function keywordsFor(here, chosen, isRoot) {
  const type = find(here, '/type');
  const has = new Set(here?.members.map(one => one.name));
  const fitting = Object.assign({}, ...chosen.map(one => byType[one] ?? {}));
  const present = Object.entries(Object.assign({}, ...Object.values(byType))).filter(([name]) => has.has(name));
  const isPlain = isRoot && !has.has('enum');
  /** @type {Record<string, JsonSchema>} */
  const shown = {
    type: isRoot && type?.value === 'object' ? { const: 'object' } : typeOf(type),
    ...fitting, ...Object.fromEntries(present),
    ...(isPlain ? {} : { enum: allowed(find(here, '/enum'), chosen) }), ...others,
  };
  for (const name of orFlag) {
    const value = find(here, `/${name}`);
    if (shown[name] && value) shown[name] = value.kind === 'object' ? rule : { ...flag, default: true };
  }

  return { shown, more: [...rare, ...Object.keys(others)] };
}

/** @param {Node | null} type */
const typeOf = type => type?.kind === 'array' ? { type: 'array', items: { enum: types } } : { enum: types };

/** The values of "enum": texts or numbers as lines, other ones each with a type.
 * @param {Node | null} here @param {string[]} chosen */
function allowed(here, chosen) {
  const kinds = new Set((here?.items ?? []).map(one => one.kind));
  const only = kinds.size === 1 ? [...kinds][0] : kinds.size === 0 && chosen.length === 1 ? chosen[0] : '';
  return { type: 'array', items: only === 'string' ? text : only === 'number' || only === 'integer' ? number
    : anything };
}
