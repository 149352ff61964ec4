// Writes the schemas and routes of the admin API as TypeScript, for the check of the console's types.
// openapi-typescript does the same, but it needs the compiler API that TypeScript 7 does not have.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const source = 'src/gateway/Gateway.Admin/Answers/openapi.json';
const { components, paths } = JSON.parse(readFileSync(new URL(source, root), 'utf8'));

const typesOf = schema => [schema.type ?? []].flat();
const isNullable = schema => typesOf(schema).includes('null') || schema.oneOf?.some(isNullable) === true;

/** The API omits members that are null, so a nullable member is optional, and all others are present. */
const membersOf = properties => Object.entries(properties).map(([name, one]) => {
  const type = typeOf(one);
  return `${JSON.stringify(name)}${type === 'unknown' || isNullable(one) ? '?' : ''}: ${type}`;
}).join('; ');

/** The type without null. */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.enum) return schema.enum.filter(one => one !== null).map(one => JSON.stringify(one)).join(' | ');
  const parts = schema.oneOf?.filter(one => one.type !== 'null').map(typeOf)
    ?? typesOf(schema).filter(type => type !== 'null').map(type => simple(type, schema));
  return parts.join(' | ') || 'unknown';
}

function simple(type, { items = {}, properties, additionalProperties }) {
  if (type === 'integer') return 'number';
  if (type === 'array') return `Array<${valueOf(items)}>`;
  if (type !== 'object') return type;
  return properties ? `{ ${membersOf(properties)} }` : `Record<string, ${valueOf(additionalProperties || {})}>`;
}

/** The type of an item or of an entry, which may be null. */
const valueOf = schema => typeOf(schema) + (isNullable(schema) ? ' | null' : '');

function answerOf({ responses = {} }) {
  const [, done] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const schema = done?.content?.['application/json']?.schema;
  return schema ? typeOf(schema) : done?.content ? 'unknown' : 'undefined';
}

const schemas = Object.entries(components.schemas).map(([name, schema]) => `  type ${name} = ${typeOf(schema)};`);
const routes = Object.entries(paths).flatMap(([path, verbs]) => Object.entries(verbs)
  .filter(([, route]) => route.responses)
  .map(([verb, route]) => `    '${verb.toUpperCase()} ${path.replace('/api/v1/', '').replaceAll(/\{\w+\}/g, '{}')}': `
    + `${answerOf(route)};`));

const folder = new URL('artifacts/types/', root);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('api.d.ts', folder), [`// Generated from ${source} by tools/vendor/types.mjs.`,
  'declare namespace Api {', ...schemas, '  interface Routes {', ...routes, '  }', '}', ''].join('\n'));
