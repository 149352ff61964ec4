import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, membersOf } from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/grants/claims.js";

const grant = {
  order: 10, match: { issuer: "corp", claims: [
    { path: "groups", op: "has", value: "agents" }, { path: "level", op: "eq", value: 3 },
      { path: "digits", op: "eq", value: "3" },
    { path: "email_verified", op: "eq", value: true }, { path: "org", op: "in", value: ["OU=a,O=b", 7, "7", "true"] },
    { path: "act", op: "exists", value: false }, { path: "scope", op: "matches", value: "^\"a\"$" },
    { path: "odd", op: "eq", value: { a: 1 } },
  ] },
};

test("the tokens that select a grant come back from their fields as they were", () => {
  assert.deepEqual(membersOf(fieldsOf(grant)), { match: grant.match, order: 10 });
  assert.deepEqual(membersOf(fieldsOf({})), { match: null, order: null });
});

test("the text of each value is read back as that value", () => {
  const fields = fieldsOf(grant);
  const typed = fields.claims.filter(one => one.path !== "odd").map(({ given: _, ...one }) => one);
  assert.deepEqual(membersOf({ ...fields, claims: typed }).match.claims,
    grant.match.claims.filter(one => one.path !== "odd"));
});

test("a number, a truth value and a quoted text are values, and anything else is a text", () => {
  const value = (text, op = "eq") =>
    membersOf({ issuer: "corp", order: "", claims: [{ path: "a", op, text }] }).match.claims[0].value;
  assert.deepEqual(["3", "true", "\"3\"", "null", "{\"a\":1}", "[1]", " x "].map(text => value(text)),
    [3, true, "3", "null", "{\"a\":1}", "[1]", "x"]);
  assert.equal(value("3", "starts_with"), "3");
  assert.deepEqual(value("a\n\n 3 \n\"3\"", "in"), ["a", 3, "3"]);
});
