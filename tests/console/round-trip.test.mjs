import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Num, apply, find, join, parse, set,
  valueOf } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/json-text.js";
import { append, choiceOf, choose, drop, entriesOf,
  put } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/policy-document.js";
import { randomDocument, seeded } from "./documents.mjs";

const schema = JSON.parse(readFileSync(
  new URL("../../src/core/Gateway.Policy/Schemas/policy-v1.json", import.meta.url), "utf8"));

/** A document with an example of every member that the published schema has, so with every construct there is. */
function everything() {
  const resolve = node => node?.$ref ? resolve(schema.$defs[node.$ref.split("/").at(-1)]) : node;
  const seen = [];
  const examples = node => {
    const one = resolve(node);
    return one.examples ?? (one.const !== undefined ? [one.const]
      : one.enum ?? [...one.oneOf ?? [], ...one.anyOf ?? []].flatMap(examples));
  };
  const members = (of, depth) => Object.fromEntries(Object.entries(resolve(of).properties ?? {}).map(([name, node]) => {
    seen.push(name);
    return [name, examples(node)[0] ?? (depth > 0 ? members(node, depth - 1) : "x")];
  }));
  const document = { ...members(schema, 2), tools: { pay: members({ $ref: "#/$defs/tool" }, 2), "send_*": {},
    list: { action: "deny" } }, hide: ["drop"] };
  return { text: JSON.stringify(document, null, 2), seen };
}

test("edits of a document with every construct leave all others byte for byte", () => {
  const { text, seen } = everything();
  assert.ok(seen.length > 25, `${seen}`);
  for (const layout of [text, text.replaceAll("\n", "\r\n"), JSON.stringify(JSON.parse(text)),
    text.replaceAll("  ", "\t")])
    roundTrips(layout, "every construct");
});

test("random documents survive an edit of the builder and its opposite", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = seeded(seed);
    const tools = `"pay": ${randomDocument(random)}, "other": ${randomDocument(random)}`;
    roundTrips(`{ "version": "1", "x": ${randomDocument(random)},\n "tools": { ${tools} } }`, `seed ${seed}`);
  }
});

/** Text to rules and back: each edit of the builder with its opposite gives the same bytes. */
function roundTrips(text, note) {
  assert.equal(parse(text).error, null, note);
  const before = choiceOf(parse(text).root, "pay");
  assert.equal(choose(choose(text, "new tool", "deny"), "new tool", "other"), text, note);
  assert.equal(choose(choose(text, "new tool", "custom"), "new tool", "other"), text, note);
  for (const name of entriesOf(parse(text).root)) {
    const at = join("/tools", name);
    const node = find(parse(text).root, at);
    if (node.kind !== "object") continue;
    // A list that was not there comes and goes; in one that was, the element does.
    if (node.members.length > 0 || !text.includes("\n"))
      for (const list of ["limits", "deny_if", "require", "approve_if"])
        if (find(node, `/${list}`) === null || find(node, `/${list}`).items.length > 0) {
          const more = append(text, join(at, list), { counter: "c9", window: "day", max: new Num("1.50") });
          const index = find(parse(more).root, join(at, list)).items.length - 1;
          assert.equal(valueOf(find(parse(more).root, join(at, list)).items[index]).max.text, "1.50", note);
          assert.equal(drop(more, join(join(at, list), index)), text, `${note} ${list}`);
        }
    for (const member of node.members) {
      const pointer = join(at, member.name);
      const raw = text.slice(member.value.start, member.value.end);
      const edited = apply(text, set(text, pointer, "edited"));
      assert.equal(edited, text.slice(0, member.value.start) + '"edited"' + text.slice(member.value.end), note);
      const there = find(parse(edited).root, pointer);
      assert.equal(apply(edited, { start: there.start, end: there.end, text: raw }), text, note);
    }
  }

  assert.equal(choiceOf(parse(put(text, "/description", "words")).root, "pay"), before, note);
}
