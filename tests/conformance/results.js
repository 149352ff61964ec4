// What the suite wrote, by scenario, and which of two runs ended worse.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Counts of SUCCESS, FAILURE and WARNING for each scenario of a run. */
export function read(folder) {
  const scenarios = new Map();
  for (const entry of readdirSync(folder).sort()) {
    const name = /^(?:authorization-)?server-(.*)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1];
    if (name === undefined) continue;
    scenarios.set(name, readOne(join(folder, entry)));
  }
  return scenarios;
}

/** Counts of one scenario, from its folder. */
export function readOne(folder) {
  const checks = readChecks(join(folder, "checks.json"));
  const count = (status) => checks.filter((check) => check.status === status).length;
  const failures = checks.filter((check) => check.status === "FAILURE").map((c) => `${c.id}: ${c.errorMessage ?? ""}`);
  return {
    passed: count("SUCCESS"), failed: count("FAILURE"), warned: count("WARNING"), skipped: count("SKIPPED"), failures,
  };
}

// A scenario that the suite gave up has no checks.
function readChecks(file) {
  return existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : [{ id: "given-up", status: "FAILURE", errorMessage: "the suite gave this scenario up" }];
}

/** Passed scenarios of all, as "32 of 32". */
export function total(scenarios) {
  const passed = [...scenarios.values()].filter((it) => it.failed === 0).length;
  return `${passed} of ${scenarios.size}`;
}

/** Required scenarios that did not pass: missing, without a passed check, or with failures or warnings. */
export function unmet(direct, required) {
  return required.filter((name) => {
    const it = direct.get(name);
    return !it?.passed || it.failed + it.warned + it.skipped > 0;
  }).map((name) => `${name}: ${show(direct.get(name))} directly`);
}

/**
 * Scenarios that ended worse in the second run: missing, more failures or warnings, or fewer checks passed, but where
 * some are not made at all.
 */
export function worse(direct, through, mayCheckLess) {
  const lines = [];
  let count = 0;
  for (const [name, before] of direct) {
    const after = through.get(name);
    const checked = mayCheckLess.includes(name) ? 0 : before.passed;
    if (after && after.failed <= before.failed && after.warned <= before.warned && after.passed >= checked) continue;
    count++;
    lines.push(`${name}: ${show(before)} directly, ${show(after)} through the gateway`);
    for (const failure of after?.failures ?? []) if (!before.failures.includes(failure)) lines.push(`    ${failure}`);
  }
  return { lines, count };
}

const show = (it) => (it ? `${it.passed} passed, ${it.failed} failed, ${it.warned} warned` : "nothing");
