// The rules for installations without Helm: the chart's own, in a file that Prometheus loads as it is.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { here, objectsOf, read, render, repository } from "../chart.mjs";
import { promtool, ruleOf } from "../rules.mjs";
import { check } from "../suite.mjs";

const path = "deploy/monitoring/policy-gateway.rules.yaml";
const header = `# Recording rules and alerts of gateways that Prometheus scrapes as job="policy-gateway". \
Load it with rule_files.
# docs/how-to/runbook.md has a section for each alert. Generated from the chart's templates: tests/chart/run.sh --update
`;

/** The chart's rules, without what only a release of Helm has. */
export function rules() {
  const { spec } = ruleOf({
    objects: objectsOf(render([join(here, "rules-values.yaml")], { release: "policy-gateway" })),
  });
  return spec;
}

export async function monitoring(isUpdate) {
  const text = header + stringify(rules(), { lineWidth: 0 });
  if (isUpdate) writeFileSync(join(repository, path), text);
  await check(`${path} has the chart's rules`, () => {
    if (read(path) !== text) throw new Error("it has others; write it anew with tests/chart/run.sh --update");
  });
  await check("Prometheus loads the rules without the chart", () => promtool(["check", "rules", "rules.yaml"], {
    "rules.yaml": rules(),
  }));
}
