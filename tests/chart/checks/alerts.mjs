// The PrometheusRule: Prometheus takes it, and each alert fires when it should, says what it should, and else is quiet.
import { parse } from "yaml";
import { read } from "../chart.mjs";
import { alertsOf, promtool, ruleOf } from "../rules.mjs";
import { check, none } from "../suite.mjs";
import { rules as withoutChart } from "./monitoring.mjs";

const monitored = {
  job: "policy-gateway",
  namespace: "gateway",
  service: "gw-policy-gateway-admin",
  instance: "a",
};

function series(text, values) {
  const [, name, own = ""] = text.match(/^(\w+)(?:\{(.*)\})?$/);
  const given = [...own.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]);
  const labels = Object.entries({ ...monitored, ...Object.fromEntries(given) });
  return { series: `${name}{${labels.map(([label, value]) => `${label}="${value}"`).join(",")}}`, values: `${values}` };
}

/** One run of promtool's over the series: the alert with what it says, or without any. */
function test(one, rule, fires) {
  const { labels, annotations } = rule;
  const about = one.labels === "series" ? { ...monitored, ...one.more } : one.labels;
  const expected = {
    exp_labels: { ...about, ...labels },
    exp_annotations: { ...annotations, summary: one.summary, description: one.description },
  };
  return {
    interval: "1m",
    input_series: Object.entries(fires ? one.fires : one.quiet).map(([name, values]) => series(name, values)),
    alert_rule_test: [{ eval_time: one.at, alertname: one.alert, exp_alerts: fires ? [expected] : [] }],
  };
}

/** Tests every alert of the rules for which there is data: with series that make it fire, and with others. */
async function fire(spec, where, data) {
  const rules = new Map(alertsOf({ spec }).map((rule) => [rule.alert, rule]));
  for (const one of data.filter(({ alert }) => rules.has(alert))) {
    for (const fires of [true, false]) {
      const outcome = fires ? "fires and says why" : "is quiet";
      await check(`${one.alert} ${where} ${outcome}: ${Object.keys(one.fires)[0]}`, () =>
        promtool(["test", "rules", "test.yaml"], {
          "rules.yaml": spec,
          "test.yaml": { rule_files: ["rules.yaml"], tests: [test(one, rules.get(one.alert), fires)] },
        }),
      );
    }
  }
}

export async function alerts(cases) {
  // Everything a text: the usual reader takes 0x10, ten zeros, for a number.
  const data = parse(read("tests/chart/alerts.yaml"), { merge: true, schema: "failsafe" });
  for (const one of cases.filter(ruleOf)) {
    await check(`Prometheus takes the rules of ${one.name}`, () =>
      promtool(["check", "rules", "rules.yaml"], { "rules.yaml": ruleOf(one).spec }),
    );
  }

  const { spec } = ruleOf(cases.find(({ name }) => name === "monitoring"));
  const rules = new Map(alertsOf({ spec }).map((rule) => [rule.alert, rule]));
  await check("every alert is tested, and nothing else is", () => {
    const tested = new Set(data.map(({ alert }) => alert));
    none([...rules.keys()].filter((name) => !tested.has(name)));
    none([...tested].filter((name) => !rules.has(name)));
  });
  await fire(spec, "by the chart", data);
  // Without the chart the release has another name, and no silo is expected.
  await fire(withoutChart(), "without the chart",
    data.map((one) => ({ ...one, summary: one.summary.replace(/ of gw$/, " of policy-gateway") })));

  await check("catches an alert that never fires", () => {
    const one = data.find(({ alert }) => alert === "GatewayDown");
    const dead = structuredClone(spec);
    alertsOf({ spec: dead }).find(({ alert }) => alert === "GatewayDown").expr = "up == 2";
    let message;
    try {
      promtool(["test", "rules", "test.yaml"], {
        "rules.yaml": dead,
        "test.yaml": { rule_files: ["rules.yaml"], tests: [test(one, rules.get(one.alert), true)] },
      });
    } catch (error) {
      message = error.message;
    }
    if (!message?.includes("GatewayDown")) throw new Error(`taken: ${message}`);
  });
  await check("every alert leads to its section of the runbook and has a severity", () =>
    none(
      [...rules.values()]
        .filter(
          ({ alert, annotations, labels }) =>
            annotations.runbook_url !== `https://runbooks.example.com/gateway.md#${alert.toLowerCase()}` ||
            !["critical", "warning"].includes(labels.severity),
        )
        .map(({ alert }) => alert),
    ),
  );
  await check("no alert leads to the placeholder of the repository's address", () => {
    for (const { name, text } of cases) if (/runbook_url: .*\.example\//.test(text)) throw new Error(name);
  });
  await check("every threshold of the values is some alert's", () => {
    const template = read("deploy/k8s/templates/_alerts.tpl");
    const { thresholds } = parse(read("deploy/k8s/values.yaml")).prometheusRule;
    none(Object.keys(thresholds).filter((name) => !template.includes(`$t.${name}`)));
  });
  await check("the alert for a waiting approval comes well within the approval's life", () => {
    const [, minutes] = read("src/core/Gateway.Policy/Documents/ApprovalTerms.cs")
      .match(/Default .*?FromMinutes\((\d+)\)/);
    const { approvalWaitSeconds } = parse(read("deploy/k8s/values.yaml")).prometheusRule.thresholds;
    if (!(approvalWaitSeconds <= (minutes * 60) / 2)) throw new Error(`${approvalWaitSeconds} s of ${minutes} min`);
  });
  await check("alerts that are left out are not there, and the others are", () => {
    const left = cases.find(({ name }) => name === "alerts");
    const names = alertsOf(ruleOf(left)).map(({ alert }) => alert);
    none(left.values.prometheusRule.disabled.filter((name) => names.includes(name)));
    if (names.length !== rules.size - left.values.prometheusRule.disabled.length - 1) throw new Error(`${names}`);
  });
}
