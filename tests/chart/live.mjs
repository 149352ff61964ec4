// A gateway under a small load, scraped by a real Prometheus: every query of the dashboard, every recording rule and
// every alert finds what it looks for. The gateway must be built; GATEWAY_DLL names another one.
import { setTimeout as pause } from "node:timers/promises";
import { cases } from "./chart.mjs";
import { config, round } from "./live/load.mjs";
import { startGateway, startNothing, startPrometheus, startServer, stopAll, validate } from "./live/processes.mjs";
import { alertQueries, ask, dashboardQueries, recordings } from "./live/queries.mjs";
import { ruleOf } from "./rules.mjs";
import { check, failures, none, sum } from "./suite.mjs";

const rule = ruleOf(cases().find(({ name }) => name === "monitoring"));

// As the ServiceMonitor labels them. A silo tells the families that its alert looks at as a gateway does, which
// tests/Gateway.Cluster.Tests holds, so one process stands for both here.
const target = (gateway, component) => ({
  targets: [new URL(gateway.operator).host],
  labels: {
    namespace: "gateway",
    service: `gw-policy-gateway-${component === "silo" ? "silo" : "admin"}`,
    app_kubernetes_io_component: component,
  },
});

/** Returns once Prometheus has scraped every target three times more; a scrape that fails on the way is made again. */
async function scraped(prometheus, targets) {
  const began = Date.now();
  for (let last = 0, seen = 0, failed; seen < 3; ) {
    if (Date.now() - began > 60000) throw new Error(`Prometheus does not scrape: ${failed?.lastError ?? "no answer"}`);
    const { data } = await (await fetch(`${prometheus}/api/v1/targets`)).json();
    failed = data.activeTargets.find(({ lastError }) => lastError);
    const scrapes = data.activeTargets.map(({ lastScrape }) => Date.parse(lastScrape));
    const oldest = failed || scrapes.length < targets.length ? 0 : Math.min(...scrapes);
    if (oldest > Math.max(began, last)) [last, seen] = [oldest, seen + 1];
    await pause(50);
  }
}

async function taken(prometheus) {
  const { data } = await (await fetch(`${prometheus}/api/v1/rules`)).json();
  const rules = data.groups.flatMap(({ rules }) => rules);
  const written = rule.spec.groups.flatMap(({ rules }) => rules);
  if (rules.length !== written.length) throw new Error(`${rules.length} rules of ${written.length}`);
  none(rules.filter(({ health }) => health !== "ok").map(({ name, lastError }) => `${name}: ${lastError}`));
}

/** Until Prometheus has what it is asked for: a rule may be reckoned later than the samples that it needs came in. */
async function eventually(body) {
  for (const began = Date.now(); ; await pause(250)) {
    try {
      return await body();
    } catch (error) {
      if (Date.now() - began > 30000) throw error;
    }
  }
}

/** What only a silo reports; MetricFamilyTests of tests/Gateway.Cluster.Tests read it from one. */
const ofSilosOnly = /gateway_counter_busiest/;

async function live() {
  gateway = await startGateway(config(await startServer(), await startNothing()));
  const targets = [target(gateway, "single"), target(gateway, "silo")];
  const answers = await round(gateway, 1);
  const prometheus = await startPrometheus(targets, rule.spec.groups);
  await check("Prometheus scrapes the gateway", () => scraped(prometheus, targets));
  answers.push(...(await round(gateway, 2)), ...(await round(gateway, 3)));
  await check("Prometheus goes on scraping it", () => scraped(prometheus, targets));

  await check("the load has calls of every decision", () => {
    const outcomes = new Set(answers.map(({ text }) => text.match(/"outcome":"(\w+)"/)?.[1] ?? "allowed"));
    none(["allowed", "denied", "rate_limited", "approval_required"].filter((outcome) => !outcomes.has(outcome)));
  });
  await check("Prometheus takes every rule as it is", () => eventually(() => taken(prometheus)));
  const queries = [...dashboardQueries(), ...recordings(rule), ...alertQueries(rule)];
  for (const query of queries.filter(({ expression }) => !ofSilosOnly.test(expression))) {
    await check(`${query.what} has an answer`, () => eventually(() => ask(prometheus, query)));
  }
  for (const expression of ["sum(rate(gateway_planted_total[1m]))", 'gateway_fault{cause="planted"}', "sum(rate("]) {
    await check(`catches ${expression}`, async () => {
      const answered = await ask(prometheus, { expression }).then(() => true, () => false);
      if (answered) throw new Error("it has an answer");
    });
  }
}

/** The Job before an upgrade ends well on a right configuration, and says where a wrong one is wrong. */
async function validated() {
  const { objects } = cases().find(({ name }) => name === "single");
  await check("the Job takes the configuration of the case single", async () => {
    const { code, said } = await validate(objects);
    if (code !== 0) throw new Error(said);
  });
  await check("the Job refuses a policy that is JSON and no policy, and says where", async () => {
    const broken = structuredClone(objects);
    for (const { data } of broken.filter(({ kind }) => kind === "ConfigMap")) {
      const name = Object.keys(data ?? {}).find((key) => key !== "gateway.json");
      if (name) data[name] = '{ "version": "1", "default": "perhaps" }';
    }
    const { code, said } = await validate(broken);
    if (code !== 1 || !said.includes("/default")) throw new Error(`ended with ${code}: ${said}`);
  });
  await check("the Job refuses a variable that is given nowhere", async () => {
    const { code, said } = await validate(objects.filter(({ kind }) => kind !== "Secret"));
    if (code !== 1 || !said.includes("${")) throw new Error(`ended with ${code}: ${said}`);
  });
}

let gateway;
await check("the Job before an upgrade can be run", validated);
await check("the live run comes to its end", live);
await check("what it started is gone", stopAll);
if (failures() > 0 && gateway) console.log(gateway.said());
process.exit(sum());
