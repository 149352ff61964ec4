import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Num, apply, find, join, offsetOf, parse, parentOf, partsOf, pointerAt, remove, rename, set, valueOf, write, layoutOf,
} from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/json-text.js";
import { randomDocument, seeded } from "./documents.mjs";

const root = text => {
  const { root: node, error } = parse(text);
  assert.equal(error, null, `${error?.message} in ${text}`);
  return node;
};

test("numbers keep the text that they are", () => {
  const text = '{ "max": 1.50, "big": 123456789012345678, "e": 1E+2 }';
  const node = root(text);
  assert.deepEqual(node.members.map(member => member.value.value), ["1.50", "123456789012345678", "1E+2"]);
  assert.equal(write(valueOf(node), layoutOf(text)), text);
});

test("an edit leaves every byte outside the member alone", () => {
  const text = '{\r\n\t"a" :  1.50 ,\r\n\t"b": [ 1,2 ]  }\r\n';
  assert.equal(apply(text, set(text, "/a", new Num("2.00"))), text.replace("1.50", "2.00"));
  assert.equal(apply(text, set(text, "/b/1", "x")), text.replace("1,2", '1,"x"'));
  assert.equal(apply(text, set(text, "/b/2", true)), text.replace("1,2 ]", "1,2, true ]"));
});

test("a new member follows the layout of its neighbours", () => {
  const lines = '{\n    "a": 1\n}';
  assert.equal(apply(lines, set(lines, "/b", {})), '{\n    "a": 1,\n    "b": {}\n}');
  const line = '{ "a": 1 }';
  assert.equal(apply(line, set(line, "/b", ["x"])), '{ "a": 1, "b": [ "x" ] }');
  const compact = '{"a":1}';
  assert.equal(apply(compact, set(compact, "/b", { c: [true] })), '{"a":1,"b":{"c":[true]}}');
  assert.equal(apply("{}", set("{}", "/tools/t", {})), '{\n  "tools": { "t": {} }\n}');
});

test("an element goes with its comma, wherever it stands", () => {
  for (const [pointer, rest] of [["/a", '{ "b": 2, "c": 3 }'], ["/b", '{ "a": 1, "c": 3 }'],
    ["/c", '{ "a": 1, "b": 2 }']]) {
    const text = '{ "a": 1, "b": 2, "c": 3 }';
    assert.equal(apply(text, remove(text, pointer)), rest);
  }
  assert.equal(apply('{ "a": 1 }', remove('{ "a": 1 }', "/a")), "{}");
});

test("a member is renamed in its place", () => {
  const text = '{ "a/b": 1, "c": 2 }';
  assert.equal(apply(text, rename(text, "/a~1b", 'x"y')), '{ "x\\"y": 1, "c": 2 }');
});

test("what is no JSON says where", () => {
  for (const [text, offset] of [
    ["", 0], ["{", 1], ['{"a" 1}', 5], ['{"a":1,}', 7], ["[1,]", 3], ['{"a":1,"a":2}', 7], ["[01]", 2], ['"\n"', 1],
    ['"\\x"', 0], ["{} {}", 3], ["[" .repeat(65) + "]".repeat(65), 64],
  ]) assert.equal(parse(text).error?.offset, offset, text);
});

test("a place in the text names its pointer, and the other way", () => {
  const text = '{\n  "tools": { "a/b": { "limits": [ { "max": 3 } ] } }\n}';
  const pointer = "/tools/a~1b/limits/0/max";
  assert.equal(pointerAt(root(text), text.indexOf("3")), pointer);
  assert.equal(find(root(text), pointer)?.value, "3");
  assert.equal(offsetOf(text, 2, 3), text.indexOf('"tools"'));
  assert.deepEqual(partsOf("/a~1b/~01"), ["a/b", "~1"]);
});

test("random documents survive random edits but for what was edited", () => {
  for (let seed = 1; seed <= 1500; seed++) {
    const random = seeded(seed);
    const text = randomDocument(random);
    const before = leaves(root(text), "");
    const pointers = [...before.keys()];
    const pointer = random.pick(pointers);
    const [kind, splice] = random.pick([
      () => ["set", set(text, pointer, new Num("0.10"))],
      () => ["add", set(text, join(parentOf(pointer), "added é \"x\""), { deep: [new Num("1.00"), "x"] })],
      () => ["remove", pointer === "" ? set(text, "", {}) : remove(text, pointer)],
    ].slice(0, find(root(text), parentOf(pointer))?.kind === "object" && pointer !== "" ? 3 : 1))();
    const after = leaves(root(apply(text, splice)), "");
    const note = `seed ${seed}: ${kind} ${pointer} in ${text}`;
    assert.equal(apply(text, splice).slice(0, splice.start), text.slice(0, splice.start), note);
    for (const [at, raw] of before)
      if (at !== pointer && !at.startsWith(`${pointer}/`) && !pointer.startsWith(`${at}/`) && at !== "")
        assert.equal(after.get(at), raw, `${note}: ${at}`);
    if (kind === "set") assert.equal(after.get(pointer), "0.10", note);
    if (kind === "remove" && pointer !== "") assert.equal(after.get(pointer), undefined, note);
    if (kind === "add" && pointer !== "") assert.equal([...after.keys()].length, before.size + 4, note);
  }

  /** The raw text of each value by its pointer. */
  function leaves(node, pointer, found = new Map()) {
    found.set(pointer, raw(node));
    node.members.forEach(member => leaves(member.value, join(pointer, member.name), found));
    node.items.forEach((item, at) => leaves(item, join(pointer, at), found));
    return found;
  }

  function raw(node) {
    if (node.kind === "object")
      return `{${node.members.map(member => JSON.stringify(member.name) + raw(member.value))}}`;
    return node.kind === "array" ? `[${node.items.map(raw)}]` : node.value;
  }
});
