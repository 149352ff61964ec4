// NOTES.txt, and names under the longest release name.
import { named, objectsOf, render } from "../chart.mjs";
import { check, none } from "../suite.mjs";
import { names } from "./links.mjs";

export async function notes(cases) {
  for (const { name, file, objects, values, notes: text } of cases) {
    await check(`the notes of ${name} lead to the admin port and to the agents' address`, () => {
      none(
        [
          /port-forward service\/\S+-admin /,
          /\/mcp(\/\S+)?\/SERVER/,
          /get secret \S+ -o jsonpath='\{\.data\.[\w-]+\}'/,
          /helm test gw/,
        ]
          .filter((pattern) => !pattern.test(text))
          .map((pattern) => `${pattern} is not in\n${text}`),
      );
      for (const host of objects
        .filter(({ kind }) => kind === "Ingress")
        .flatMap(({ spec }) => spec.rules.map((rule) => rule.host))) {
        if (!text.includes(`https://${host}/mcp/SERVER`)) throw new Error(`${host} is not named`);
      }
    });
    await check(`the notes of ${name} say what the alerts miss`, () => {
      const { podMonitor, prometheusRule, serviceMonitor } = values;
      const misses = prometheusRule.enabled && !serviceMonitor.enabled && !podMonitor.enabled
        && !prometheusRule.selector;
      if (text.includes("/runbook.md") !== prometheusRule.enabled && !prometheusRule.runbookUrl) throw new Error(text);
      if (text.includes("WARNING: the alerts") !== misses) throw new Error(text);
    });
    await check(`the notes of ${name} warn of silo ports without authentication`, () => {
      const isOpen = values.profile === "cluster" && values.clusterTls.source === "none";
      if (text.includes("WARNING: clusterTls.source is none") !== isOpen) throw new Error(text);
    });
    await check(`the names of ${name} fit under the longest release name`, () => {
      const release = "r".repeat(53);
      none(names(objectsOf(render([file], { release }))));
    });
    await check(`two releases of ${name} select different pods`, () =>
      none(
        objects
          .filter(({ kind }) => kind === "Deployment")
          .filter((one) => one.spec.selector.matchLabels["app.kubernetes.io/instance"] !== "gw")
          .map(named),
      ),
    );
  }
}
