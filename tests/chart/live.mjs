// A gateway under a small load, scraped by a real Prometheus: every query of the dashboard, every recording rule and
// every alert finds what it looks for. The gateway must be built; GATEWAY_DLL names another one.
import { setTimeout as pause } from "node:timers/promises";
import { cases } from "./chart.mjs";
import { config, round } from "./live/load.mjs";
import { startGateway, startNothing, startPrometheus, startServer } from "./live/processes.mjs";
import { alertQueries, ask, dashboardQueries, recordings } from "./live/queries.mjs";
import { ruleOf } from "./rules.mjs";
import { check, none, sum } from "./suite.mjs";

const rule = ruleOf(cases().find(({ name }) => name === "monitoring"));
const gateway = await startGateway(config(await startServer(), await startNothing()));

// As the ServiceMonitor labels them. A silo tells the families that its alert looks at as a gateway does, which
// tests/Gateway.Cluster.Tests holds, so one process stands for both here.
const target = (component) => ({
  targets: [new URL(gateway.operator).host],
  labels: {
    namespace: "gateway",
    service: `gw-policy-gateway-${component === "silo" ? "silo" : "admin"}`,
    app_kubernetes_io_component: component,
  },
});

const targets = [target("single"), target("silo")];

/** Returns once Prometheus has scraped every target three times more. */
async function scraped(prometheus) {
  const began = Date.now();
  for (let last = 0, seen = 0; seen < 3; ) {
    if (Date.now() - began > 15000) throw new Error("Prometheus does not scrape");
    const { data } = await (await fetch(`${prometheus}/api/v1/targets`)).json();
    const failed = data.activeTargets.find(({ lastError }) => lastError);
    if (failed) throw new Error(failed.lastError);
    const scrapes = data.activeTargets.map(({ lastScrape }) => Date.parse(lastScrape));
    const oldest = scrapes.length < targets.length ? 0 : Math.min(...scrapes);
    if (oldest > Math.max(began, last)) [last, seen] = [oldest, seen + 1];
    await pause(50);
  }
}

const answers = await round(gateway.agents, 1);
const prometheus = await startPrometheus(targets, rule.spec.groups);
await check("Prometheus scrapes the gateway", () => scraped(prometheus));
answers.push(...(await round(gateway.agents, 2)), ...(await round(gateway.agents, 3)));
await check("Prometheus goes on scraping it", () => scraped(prometheus));

await check("the load has calls of every decision", () => {
  const outcomes = new Set(answers.map(({ text }) => text.match(/"outcome":"(\w+)"/)?.[1] ?? "allowed"));
  none(["allowed", "denied", "rate_limited", "approval_required"].filter((outcome) => !outcomes.has(outcome)));
});
await check("Prometheus takes every rule as it is", async () => {
  const { data } = await (await fetch(`${prometheus}/api/v1/rules`)).json();
  const rules = data.groups.flatMap(({ rules }) => rules);
  if (rules.length !== rule.spec.groups.flatMap(({ rules }) => rules).length) throw new Error(`${rules.length} rules`);
  none(rules.filter(({ health }) => health !== "ok").map(({ name, lastError }) => `${name}: ${lastError}`));
});
for (const query of [...dashboardQueries(), ...recordings(rule), ...alertQueries(rule)]) {
  await check(`${query.what} has an answer`, () => ask(prometheus, query));
}
for (const expression of ["sum(rate(gateway_planted_total[1m]))", 'gateway_fault{cause="planted"}', "sum(rate("]) {
  await check(`catches ${expression}`, async () => {
    const taken = await ask(prometheus, { expression }).then(() => true, () => false);
    if (taken) throw new Error("taken");
  });
}
const failures = sum();
if (failures > 0) console.error(gateway.said());
process.exit(failures);
