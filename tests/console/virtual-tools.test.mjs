import assert from "node:assert/strict";
import { test } from "node:test";
import { find, parse } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/json-text.js";
import {
  argumentsOf, entriesOf, firstValue, freeName, nameProblem, narrowed, removed, renamed, shapeProblem, sourceOf,
    sourced,
  typeProblem, unsendable,
} from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/grants/virtual.js";

const root = text => parse(text).root;
const written = `{
  "crm": {
    "refund":   { "tool": "create_refund", "fix": { "currency": "EUR", "amount": 2.50 },
                  "default": { "notify": true } },
    "look.up": {"tool":"get_customer"}
  },
  "erp": { "send": { "tool": "send" } }
}`;

test("all virtual tools are listed with their servers and the tools that they replace", () =>
  assert.deepEqual(entriesOf(root(written)).map(one => `${one.pointer} ${one.tool}`),
    ["/crm/refund create_refund", "/crm/look.up get_customer", "/erp/send send"]));

test("a document of another shape is no form and no exception", () => {
  for (const text of ["[]", "7", '{ "crm": [] }', '{ "crm": { "a": 7 } }', "{ "]) {
    assert.notEqual(shapeProblem(text), null, text);
    assert.doesNotThrow(() => entriesOf(root(text)), text);
  }

  for (const text of [written, "{}"]) assert.equal(shapeProblem(text), null, text);
  assert.deepEqual(entriesOf(root('{ "crm": { "a": { "tool": 7 } } }'))[0].tool, "");
});

test("a new name is the replaced tool's if it is free and valid", () => {
  assert.equal(freeName(root(written), "crm", "refund"), "refund_2");
  assert.equal(freeName(root(written), "erp", "refund"), "refund");
  assert.equal(freeName(root(written), "erp", "a b/c"), "a_b_c");
  assert.equal(nameProblem(root(written), "/crm/refund", "refund"), null);
  assert.match(nameProblem(root(written), "/crm/refund", "look.up"), /already has/);
  assert.match(nameProblem(root(written), "/crm/refund", "a b"), /letters/);
  assert.match(nameProblem(root(written), "/crm/refund", ""), /letters/);
});

test("a rename changes its own bytes and no others", () => {
  const next = renamed(written, "/crm/refund", "pay_back");
  assert.equal(next, written.replace('"refund":', '"pay_back":'));
  assert.equal(renamed(next, "/crm/pay_back", "refund"), written);
});

test("a server without virtual tools is removed with its last one", () => {
  assert.equal(find(root(removed(written, "/erp/send")), "/erp"), null);
  assert.notEqual(find(root(removed(written, "/crm/refund")), "/crm/look.up"), null);
  assert.equal(removed('{ "crm": { "a": { "tool": "x" } } }', "/crm/a"), "{}");
  assert.equal(removed(written, "/crm/none"), written);
});

test("the origin of an argument's value is changed and its value stays, digit for digit", () => {
  assert.equal(sourceOf(find(root(written), "/crm/refund"), "amount"), "fix");
  const preset = sourced(written, "/crm/refund", "amount", "default", "");
  assert.equal(sourceOf(find(root(preset), "/crm/refund"), "amount"), "default");
  assert.equal(find(root(preset), "/crm/refund/default/amount").value, "2.50");
  const open = sourced(preset, "/crm/refund", "amount", "agent", "");
  assert.equal(sourceOf(find(root(open), "/crm/refund"), "amount"), "agent");
  assert.equal(sourced(open, "/crm/refund", "amount", "agent", ""), open);
});

test("an argument that is fixed and given back leaves the text byte for byte as it was", () => {
  const fixed = sourced(written, "/crm/look.up", "id", "fix", firstValue({ type: "number" }));
  assert.equal(find(root(fixed), "/crm/look.up/fix/id").value, "0");
  assert.equal(sourced(fixed, "/crm/look.up", "id", "agent", ""), written);
  const bare = '{ "crm": { "a": {} } }';
  assert.equal(sourced(sourced(bare, "/crm/a", "x", "fix", ""), "/crm/a", "x", "agent", ""), bare);
});

test("the arguments are those of the schema and others that have a value", () => {
  const tool = find(root(written), "/crm/refund");
  assert.deepEqual(argumentsOf(tool, { properties: { order: {}, amount: {} } }),
    ["order", "amount", "currency", "notify"]);
  assert.deepEqual(argumentsOf(null, undefined), []);
});

test("the schema for the agent has no fixed arguments and requires none with a default", () => {
  const schema = {
    type: "object", required: ["amount", "notify", "order"],
    properties: {
      amount: { type: "number" }, notify: { type: "boolean" }, order: { anyOf: [{ type: "string", default: null }] },
    },
  };
  assert.deepEqual(narrowed(schema, find(root(written), "/crm/refund")), {
    type: "object", required: ["order"],
    properties: { notify: { type: "boolean" }, order: { anyOf: [{ type: "string" }] } },
  });
  assert.deepEqual(narrowed({ required: ["amount"] }, find(root(written), "/crm/refund")), {});
});

test("a number that would lose a digit and a null that a patch would drop are not sent", () => {
  const fixed = value => `{ "crm": { "a": { "tool": "x", "fix": { "y": ${value} } } } }`;
  const at = "/crm/a/fix/y";
  assert.deepEqual(unsendable(written, {}), {});
  for (const number of ["12345678901234567", "1.2345678901234567", "1e999", "1e-999"])
    assert.match(unsendable(fixed(number))[at], /exactly/, number);
  for (const number of ["123456789012345", "-0.5", "0.00", "1e3", "0.000000000000000000001"])
    assert.deepEqual(unsendable(fixed(number)), {}, number);
  assert.match(unsendable(fixed("null"), {})[at], /null/);
  assert.deepEqual(unsendable(fixed("null")), {}, "a new grant is not patched");
  assert.deepEqual(unsendable(fixed("null"), JSON.parse(fixed("null"))), {}, "an unchanged null is not sent");
  assert.deepEqual(unsendable(fixed('[null, { "z": null }]'), {}), {}, "a patch replaces lists");
  const long = fixed("[12345678901234567]");
  const read = JSON.parse(long);
  assert.deepEqual(unsendable(JSON.stringify(read), read), {}, "an unchanged number is not sent");
  assert.match(unsendable("{ ")[""], /not valid JSON/);
});

test("a text where the tool expects a number is an error", () => {
  const value = text => root(text);
  assert.match(typeProblem({ type: "number" }, value('"ten"')), /number/);
  assert.equal(typeProblem({ type: "number" }, value("10")), undefined);
  assert.equal(typeProblem({ type: ["number", "string"] }, value('"ten"')), undefined);
  assert.equal(typeProblem(undefined, value('"ten"')), undefined);
});
