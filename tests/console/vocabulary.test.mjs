import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { find, parse } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/json-text.js";
import {
  keywords, keywordsFor, typesAt,
} from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/policy/vocabulary.js";
import { keywordLabels } from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/policy/words.js";

const source = readFileSync(
  new URL("../../src/core/Gateway.Policy/Schemas/Compiling/SchemaVocabulary.cs", import.meta.url), "utf8");
const shownIn = (text, isRoot = false) => {
  const at = pointer => find(parse(text).root, pointer);
  return keywordsFor(at(""), typesAt(at, "", isRoot ? "" : "/none"), isRoot).shown;
};

test("every keyword that the gateway knows has a field, and no other one has", () => {
  const lists = [...source.matchAll(/string\[\] (Single|Lists|Maps|Assertions|Annotations|Core) =\s*\[([^\]]*)\]/g)];
  assert.equal(lists.length, 6);
  const known = lists.flatMap(([, , names]) => [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
  assert.ok(known.length > 50);
  assert.deepEqual([...keywords].sort(), [...new Set(known)].sort());
});

test("a schema shows the keywords of its type, and those that it has", () => {
  const text = shownIn('{ "type": "string", "minimum": 3 }');
  assert.ok(["minLength", "pattern", "minimum", "enum", "anyOf"].every(name => name in text));
  assert.ok(!("maximum" in text) && !("items" in text));
  assert.ok("items" in shownIn('{ "type": ["array", "null"] }'));
  assert.deepEqual(shownIn('{ "type": ["array", "null"] }').type.items.enum.at(-1), "null");
  assert.ok("maxLength" in shownIn("{}") && "maximum" in shownIn("{}"));
  assert.ok("properties" in shownIn("{}", true) && !("maxLength" in shownIn("{}", true)));
  for (const text of ["true", "[]", "7", '{ "type": 7 }']) assert.doesNotThrow(() => shownIn(text), text);
});

test("a schema that is combined with another one applies to values of the same types", () => {
  const { root } = parse(`{ "a": { "oneOf": [{}, { "type": "string" }],
    "properties": { "x": { "type": "array", "not": {} } } } }`);
  const types = pointer => typesAt(at => find(root, at), pointer, "/a");
  assert.deepEqual(types("/a/oneOf/0"), ["object"]);
  assert.deepEqual(types("/a/oneOf/1"), ["string"]);
  assert.deepEqual(types("/a/properties/x/not"), ["array"]);
  assert.deepEqual(types("/a/properties/y"), ["string", "number"]);
});

test("an allowed value keeps its type: a text of digits is not a number", () => {
  const items = text => shownIn(text).enum.items;
  assert.deepEqual(items('{ "enum": ["1", "2"] }'), { type: "string" });
  assert.deepEqual(items('{ "enum": [1, 2] }'), { type: "number" });
  assert.deepEqual(items('{ "type": "string" }'), { type: "string" });
  assert.ok(items('{ "enum": [1, "1", null] }').anyOf);
  assert.ok(items("{}").anyOf);
});

test("a keyword that may be a schema or yes or no has the form of what it is", () => {
  const rest = text => shownIn(text, true).additionalProperties;
  assert.equal(rest("{}").type, "boolean");
  assert.equal(rest('{ "additionalProperties": false }').type, "boolean");
  assert.equal(rest('{ "additionalProperties": {} }').$ref, "#/$defs/rule");
});

test("the words of keywords are those of keywords", () =>
  assert.deepEqual(Object.keys(keywordLabels).filter(name => !keywords.includes(name)), []));
