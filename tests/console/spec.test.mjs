import assert from "node:assert/strict";
import { test } from "node:test";
import { edited, errorAt, isDefault, patchOf,
  textsOf } from "../../src/gateway/Gateway.Admin/Console/wwwroot/state/spec.js";
import { members as grant } from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/grants/spec.js";
import { members as server } from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/servers/spec.js";

const made = [
  { name: "note", title: "Note", kind: "text", text: "" },
  { name: "mode", title: "Mode", kind: "choice", choices: ["a", "b"], text: "" },
  { name: "way", title: "Way", kind: "choice", choices: ["c", "d"], absent: "none", text: "" },
  { name: "strict", title: "Strict", kind: "flag", text: "" },
  { name: "size", title: "Size", kind: "whole", min: 1, max: 9, text: "" },
  { name: "zones", title: "Zones", kind: "list", text: "" },
  { name: "labels", title: "Labels", kind: "map", text: "" },
  { name: "headers", title: "Headers", kind: "map", placeholder: "HEADER", text: "" },
  { name: "tools", title: "Tools", kind: "wholemap", placeholder: "TOOL=SECONDS", text: "" },
  { name: "raw", title: "Raw", kind: "json", text: "" },
  { name: "inner", title: "Inner", kind: "object", text: "", members: [
    { name: "id", title: "ID", kind: "text", text: "" },
    { name: "how", title: "How", kind: "choice", choices: ["e", "f"], text: "" },
    { name: "tools", title: "Tools", kind: "wholemap", text: "" },
  ] },
];
const full = {
  note: "n", mode: "b", way: "c", strict: true, size: 3, zones: ["x", "y"], labels: { k: "", l: "a=b" },
  headers: { "X-User": "{grant}" }, tools: { "a=b": 5 }, raw: { deep: [1, null] },
  inner: { id: "i", how: "f", tools: { t: 1 } },
};

test("every kind of member is the same after its texts are read", () => {
  const { values, isWrong } = edited(made, textsOf(made, full));
  assert.equal(isWrong, false);
  assert.deepEqual(values, full);
  assert.deepEqual(edited(made, textsOf(made, full), full).values, {});
  assert.deepEqual(patchOf(made, textsOf(made, full), full).values, {});
  assert.deepEqual(edited(made, textsOf(made)).values, {});
});

test("a patch removes what was cleared and keeps what was not edited", () => {
  const texts = { ...textsOf(made, full), "/note": "", "/way": "", "/mode": "a", "/strict": "", "/size": "",
    "/zones": "", "/labels": "k=1",
    "/raw": "", "/inner/id": "j", "/inner/tools": "" };
  assert.deepEqual(patchOf(made, texts, full).values, {
    note: null, way: null, mode: null, strict: null, size: null, zones: null, labels: { k: "1", l: null },
    raw: null, inner: { id: "j", tools: null },
  });
  const emptied = { ...textsOf(made, full), "/inner/id": "", "/inner/how": "e", "/inner/tools": "" };
  assert.deepEqual(patchOf(made, emptied, full).values, { inner: null });
});

test("a PUT replaces an edited object and clears by an empty value", () => {
  const texts = { ...textsOf(made, full), "/note": "", "/labels": "", "/inner/id": "j" };
  assert.deepEqual(edited(made, texts, full).values,
    { note: "", labels: {}, inner: { id: "j", how: "f", tools: { t: 1 } } });
});

test("a line without its separator and a text that is not JSON are errors of their fields", () => {
  const texts = { ...textsOf(made), "/labels": "team", "/headers": "X-User", "/tools": "export=soon",
    "/inner/tools": "t", "/raw": "{" };
  const { errors, isWrong } = edited(made, texts);
  assert.equal(isWrong, true);
  assert.deepEqual(Object.keys(errors), ["/labels", "/headers", "/tools", "/raw", "/inner/tools"]);
  assert.equal(errors["/labels"], '"team" is incomplete. Write KEY=VALUE.');
  assert.equal(errors["/headers"], '"X-User" is incomplete. Write Name: value.');
});

test("a message of the API belongs to the member of its pointer, not to one with a longer name", () => {
  const error = { errors: [{ pointer: "/urls/0", message: "twice" }] };
  assert.equal(errorAt(error, "/urls"), "twice");
  assert.equal(errorAt(error, "/url"), undefined);
});

test("every published member has a field", () => {
  for (const members of [grant, server]) assert.doesNotThrow(() => textsOf(members));
  assert.ok(isDefault(grant.find(one => one.kind === "choice"), "list"));
});
