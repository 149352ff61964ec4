import assert from "node:assert/strict";
import { test } from "node:test";
import { stepsOf } from "../../src/gateway/Gateway.Admin/Console/wwwroot/pages/calls/timeline.js";

const decision = { kind: "decision", callId: "a", time: "2026-11-30T10:00:00.500Z", outcome: "allowed" };
const result = { kind: "outcome", callId: "a", time: "2026-11-30T10:00:01.000Z", durationMs: 700 };
const kinds = (records, callId = "a") => stepsOf(records, callId).map(one => one.kind);

test("the arrival of a call is derived from its duration and comes first", () => {
  const [received, ...others] = stepsOf([result, decision], "a");
  assert.equal(received.time, "2026-11-30T10:00:00.300Z");
  assert.deepEqual(others, [decision, result]);
  assert.deepEqual(kinds([decision, { ...result, durationMs: 500 }]), ["received", "decision", "outcome"]);
});

test("no arrival is shown if no record has it", () => {
  assert.deepEqual(kinds([decision]), ["decision"]);
  assert.deepEqual(kinds([{ kind: "event", time: decision.time }], undefined), ["event"]);
  assert.deepEqual(kinds([decision, { ...result, callId: "b" }]), ["decision", "outcome"]);
  assert.deepEqual(kinds([decision, { ...result, durationMs: undefined }]), ["decision", "outcome"]);
});

test("a call that waited as a task has no arrival after its request for approval", () => {
  const asked = { kind: "approval", became: "asked", time: "2026-11-30T09:00:00.000Z" };
  assert.deepEqual(kinds([decision, result, asked]), ["approval", "decision", "outcome"]);
});

test("a request for approval comes after the decision of the same instant", () =>
  assert.deepEqual(kinds([{ kind: "approval", time: decision.time }, decision]), ["decision", "approval"]));
