// The Grafana dashboard: a file that can be imported as it is, and the ConfigMap that carries it.
import { read } from "../chart.mjs";
import { check, none } from "../suite.mjs";

export const dashboard = () => JSON.parse(read("deploy/k8s/dashboards/policy-gateway.json"));

function* overlaps(panels) {
  const taken = new Map();
  for (const { title, gridPos } of panels) {
    const { x, y, w, h } = gridPos;
    if (x + w > 24) yield `${title} stands out of the grid`;
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        const other = taken.get(`${column},${line}`);
        if (other) yield `${title} stands on ${other}`;
        taken.set(`${column},${line}`, title);
      }
    }
  }
}

function* faults({ panels, templating }) {
  const variables = new Set([...templating.list.map(({ name }) => name), "__rate_interval"]);
  const ids = new Set();
  for (const { id, title, type, targets = [], fieldConfig } of panels) {
    if (ids.has(id)) yield `${title} has the id of another panel`;
    ids.add(id);
    if (type !== "row" && targets.length === 0) yield `${title} shows nothing`;
    if (type !== "row" && !fieldConfig.defaults.unit) yield `${title} has no unit`;
    for (const { expr, datasource } of targets) {
      if (datasource.uid !== "${datasource}") yield `${title} names one machine's data source`;
      for (const [, name] of expr.matchAll(/\$(\w+)/g)) if (!variables.has(name)) yield `${title}: $${name} is unknown`;
      for (const [selector] of expr.matchAll(/\w+\{[^}]*\}/g))
        if (!selector.includes('job=~"$job"')) yield `${title} shows every job: ${selector}`;
    }
  }
}

export async function dashboards(cases) {
  await check("the panels of the dashboard stand beside one another", () => none(overlaps(dashboard().panels)));
  await check("the panels of the dashboard follow its variables", () => none(faults(dashboard())));
  await check("the dashboard is carried as it is, where Grafana's sidecar finds it", () => {
    const { objects } = cases.find(({ name }) => name === "monitoring");
    const map = objects.find(({ kind, data }) => kind === "ConfigMap" && data["policy-gateway.json"]);
    if (map.metadata.labels.grafana_dashboard !== "1") throw new Error("no label");
    if (map.data["policy-gateway.json"].trim() !== read("deploy/k8s/dashboards/policy-gateway.json").trim())
      throw new Error("it is another one");
  });
}
