// The client scenarios of the official suite in which the gateway is an OAuth client of a server.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runClientScenarios } from "./processes.js";
import { readOne } from "./results.js";
import { sets } from "./sets.js";

const operator = { name: "uma", password: "correct horse battery staple" };

// Those that do not apply, and why, are in docs/engineering/tests.md.
const connected = [
  "metadata-default", "metadata-var1", "metadata-var2", "metadata-var3", "scope-from-www-authenticate",
  "scope-from-scopes-supported", "scope-omitted-when-undefined", "token-endpoint-auth-basic",
  "token-endpoint-auth-post", "token-endpoint-auth-none", "pre-registration", "offline-access-scope",
  "offline-access-not-supported", "authorization-server-migration", "iss-supported", "iss-not-advertised",
  "client-credentials-jwt", "client-credentials-basic", "scope-step-up",
];
const refused = [
  "metadata-issuer-mismatch", "resource-mismatch", "scope-retry-limit", "iss-supported-missing", "iss-wrong-issuer",
  "iss-unexpected", "iss-normalized",
];

/** Runs them with a gateway; returns what they found by scenario. */
export async function runUpstreams(origin, adminKey) {
  const answer = await fetch(`${origin}/api/v1/operators`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ ...operator, roles: ["editor"] }),
  });
  if (!answer.ok) throw new Error(`operators responded with ${answer.status}: ${await answer.text()}`);
  const names = [...connected, ...refused];
  const output = join(await runClientScenarios(sets.at(-1).entry, "upstream-client.js", {
    GATEWAY_ORIGIN: origin, GATEWAY_ADMIN_KEY: adminKey, GATEWAY_OPERATOR: JSON.stringify(operator),
    GATEWAY_SCENARIOS: names.map((name) => `auth/${name}`).join(),
  }), "auth");
  return new Map(names.map((name) => {
    const folder = readdirSync(output).find((entry) => new RegExp(`^${name}-\\d{4}-`).test(entry));
    const result = readOne(join(output, folder ?? name));
    const isCalled = folder !== undefined && readFileSync(join(output, folder, "stdout.txt"), "utf8")
      .includes("called");
    // No check of the suite covers this.
    if (isCalled !== connected.includes(name)) {
      result.failed++;
      result.failures.push(`the call ${isCalled ? "succeeded" : "did not succeed"}`);
    }
    return [`auth/${name}`, result];
  }));
}
