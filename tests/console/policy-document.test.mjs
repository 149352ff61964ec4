import assert from "node:assert/strict";
import { test } from "node:test";
import { Num, find, parse, valueOf } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/json-text.js";
import {
  amount, append, argumentsOf, choiceOf, choose, conditionValue, counterName, drop, linesOf, operatorsFor, put,
  recommend, recommendPin, typedValue, valuesOf,
} from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/policy-document.js";
import { operators } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/operators.js";
import { changesBetween, compare, lines,
  merge } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/policy-merge.js";

const policy = `{
  "version": "1",
  "default": "deny",
  "hide": [ "drop_all" ],
  "tools": {
    "list": {},
    "send": { "action": "deny",  "reason": "no" },
    "pay": { "limits": [ { "counter": "c", "window": "day", "max": "2500.00" } ], "later": 1 },
    "ask": { "action": "require_approval" }
  }
}
`;
const root = text => parse(text).root;

test("a tool's choice is read from its entry", () => {
  assert.deepEqual(
    ["list", "send", "pay", "ask", "drop_all", "none"].map(tool => choiceOf(root(policy), tool)),
    ["allow", "deny", "custom", "approve", "hide", "other"]);
});

test("choosing changes that tool alone", () => {
  assert.equal(choose(policy, "list", "deny"), policy.replace('"list": {}', '"list": { "action": "deny" }'));
  assert.equal(choose(policy, "send", "deny"), policy);
  assert.equal(choose(policy, "ask", "approve"), policy);
  assert.equal(choose(policy, "drop_all", "other"), policy.replace('  "hide": [ "drop_all" ],\n', ""));
  const hidden = choose(policy, "send", "hide");
  assert.equal(choiceOf(root(hidden), "send"), "hide");
  assert.equal(find(root(hidden), "/tools/send"), null);
  assert.equal(choose(choose(policy, "new", "allow"), "new", "other"), policy);
});

test("every choice can be read back from every other", () => {
  const choices = ["allow", "approve", "deny", "hide", "other"];
  for (const one of choices)
    for (const other of choices)
      assert.equal(choiceOf(root(choose(choose(policy, "pay", one), "pay", other)), "pay"), other, `${one} ${other}`);
});

test("members are put and dropped", () => {
  assert.equal(put(policy, "/tools/send/reason", "never"), policy.replace('"no"', '"never"'));
  assert.equal(put(policy, "/tools/send/reason", ""), policy.replace(',  "reason": "no"', ""));
  assert.equal(drop(policy, "/tools/pay/limits/0"), policy.replace(/"limits": .*\], /, ""));
  assert.equal(append(policy, "/tools/list/require", "x"),
    policy.replace('"list": {}', '"list": { "require": [ "x" ] }'));
});

test("amounts keep what was typed, and its quotes", () => {
  assert.deepEqual(amount("1.50"), new Num("1.50"));
  assert.equal(amount("30", find(root(policy), "/tools/pay/limits/0/max")), "30");
  assert.equal(amount("123456789012345678"), "123456789012345678");
  assert.equal(counterName(root(policy), "c"), "c_2");
  assert.equal(counterName(root(policy), "send *"), "send_");
});

test("arguments are found in a tool's schema, through references and lists", () => {
  const found = argumentsOf({
    properties: { to: { $ref: "#/$defs/to" }, tags: { type: "array", items: { enum: ["a", "b"] } },
      "a.b": { type: "number" } },
    $defs: { to: { type: "object", properties: { id: { type: ["null", "string"] } } } },
  });
  assert.deepEqual(found.map(one => `${one.path}:${one.type}`),
    ["args.to:object", "args.to.id:string", "args.tags:array", "args.tags[*]:", 'args["a.b"]:number']);
  assert.equal(operatorsFor(found[3])[0], "in");
  assert.equal(operatorsFor(found[4])[0], "gt");
  assert.ok(!operatorsFor(found[4]).includes("starts_with"));
  assert.deepEqual(new Set(operatorsFor(undefined)), new Set(Object.keys(operators)));
  assert.ok(!operatorsFor(found[2]).includes("gt"));
  const loop = { $ref: "#" };
  assert.deepEqual(argumentsOf(loop), []);
});

test("values of conditions take the type that is compared", () => {
  assert.deepEqual(conditionValue("gt", "1.50", "string"), new Num("1.50"));
  assert.deepEqual(conditionValue("in", "a, b,", "string"), ["a", "b"]);
  assert.deepEqual(conditionValue("in", "1, x", ""), [new Num("1"), "x"]);
  assert.equal(conditionValue("exists", "false", ""), false);
  assert.equal(conditionValue("eq", "true", "boolean"), true);
  assert.equal(conditionValue("eq", "007", ""), "007");
  assert.deepEqual(conditionValue("in", '["a,b", 1.50]', ""), ["a,b", new Num("1.50")]);
  assert.equal(conditionValue("later", "1", "string"), "1");
});

test("every operator's value is typed as it is shown", () => {
  const values = { boolean: ["false"], number: ["1.50"], integer: ["3"], string: ['"^a{1,3}$"'],
    array: ['["a", "b"]', '["a{1,3}", ""]', '[[1], null]'] };
  for (const [op, { value }] of Object.entries(operators))
    for (const written of values[value.type] ?? ['"a b"']) {
      const text = `{ "value": ${written} }`;
      const node = find(root(text), "/value");
      assert.deepEqual(conditionValue(op, typedValue(text, node), "string"), valueOf(node), `${op} ${written}`);
    }
});

test("values of a list are one per line, and a text with a comma or of digits stays a text", () => {
  const lines = (written, type) => linesOf(root(written), type);
  for (const type of ["", "string", "number"])
    for (const written of ['["a,b", "c d"]', '["\\"x\\""]', '["12", "x"]', "[]"])
      if (lines(written, type) !== null)
        assert.deepEqual(valuesOf(lines(written, type), type), valueOf(root(written)), `${type} ${written}`);
  assert.equal(lines('["a,b", "c"]', ""), "a,b\nc");
  assert.equal(lines('["12", 12, 1.50]', ""), '"12"\n12\n1.50');
  assert.equal(lines('["12"]', "string"), "12");
  assert.deepEqual(valuesOf('"12"\n12\n1.50', ""), ["12", new Num("12"), new Num("1.50")]);
  assert.deepEqual(valuesOf(" a \n\n5 ", "string"), ["a", "5"]);
  for (const written of ['[" a"]', '[""]', '["a\\nb"]', "[[1]]", "[null]", "[5]"])
    assert.equal(lines(written, "string"), null, written);
});

test("a text of digits is still a text after its operator is changed", () => {
  const node = find(root('{ "value": "5" }'), "/value");
  assert.deepEqual(conditionValue("neq", typedValue("", node, ""), ""), "5");
  assert.equal(typedValue("", node, "string"), "5");
  assert.equal(conditionValue("matches", '"a"', ""), '"a"');
  const list = '["5", 5]';
  assert.deepEqual(conditionValue("not_in", typedValue(list, root(list), ""), ""), valueOf(root(list)));
});

test("recommended rules replace those of their tools alone", () => {
  const recommended = root(
    '{"version":"1","default":"deny","hide":["send"],"tools":{"list":{"rate_limit":{"max":5,"window":60}}}}');
  const text = recommend(policy, recommended, ["send", "list"]);
  assert.equal(choiceOf(root(text), "send"), "hide");
  assert.equal(find(root(text), "/tools/list/rate_limit/max").value, "5");
  assert.ok(text.includes('"max": "2500.00"'));
});

test("the recommended pin is set unless the policy has a stricter one", () => {
  const pinOf = (pin, recommended) => find(root(recommendPin(`{ "version": "1", ${pin}"default": "deny" }`,
    root(recommended))), "/pin")?.value;
  assert.equal(pinOf("", '{"pin":"deny"}'), "deny");
  assert.equal(pinOf('"pin": "warn", ', '{"pin":"deny"}'), "deny");
  assert.equal(pinOf('"pin": "deny", ', '{"pin":"warn"}'), "deny");
  assert.equal(pinOf("", "{}"), undefined);
});

test("edits that do not touch are merged, others are asked about", () => {
  const mine = choose(choose(policy, "list", "deny"), "send", "allow");
  const theirs = choose(choose(policy, "ask", "hide"), "send", "approve");
  const found = compare(policy, mine, theirs);
  assert.deepEqual(found.merged.map(one => one.pointer), ["/tools/list/action"]);
  assert.deepEqual(found.conflicts.map(one => one.mine.pointer),
    ["/tools/send/action", "/tools/send/reason"].slice(0, 1));
  const text = merge(theirs, mine, found.merged);
  assert.equal(text, theirs.replace('"list": {}', '"list": { "action": "deny" }'));
  assert.deepEqual(compare(policy, mine, mine).conflicts, []);
});

test("what changed is told by pointer, and line by line", () => {
  const after = policy.replace('"no"', '"never"');
  assert.deepEqual(changesBetween(root(policy), root(after)),
    [{ pointer: "/tools/send/reason", before: '"no"', after: '"never"' }]);
  assert.deepEqual(changesBetween(root(policy), root(policy.replaceAll(" ", ""))), []);
  const told = lines(policy, after);
  assert.equal(told.filter(line => line.kind !== "new").map(line => line.text).join("\n"), policy);
  assert.equal(told.filter(line => line.kind !== "gone").map(line => line.text).join("\n"), after);
  assert.equal(told.filter(line => line.kind === "new").length, 1);
});
