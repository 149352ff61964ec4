// Everything that the chart asks Prometheus, and what is wrong with the answer.
import { dashboard } from "../checks/dashboards.mjs";
import { alertsOf, recordsOf } from "../rules.mjs";

const variables = { __rate_interval: "30s", datasource: "" };

/** Grafana's variables as "all". */
const filled = (text) => text.replaceAll(/\$(\w+)/g, (_, name) => variables[name] ?? ".*");

/** The selectors of an expression: every series that it rests on. */
export const selectorsOf = (expression) => [
  ...new Set([...expression.matchAll(/[a-zA-Z_:][\w:]*\{[^}]*\}/g)].map(([selector]) => selector)),
];

export function* dashboardQueries() {
  const { panels, templating } = dashboard();
  for (const { title, targets = [] } of panels)
    for (const { expr } of targets) yield { what: `the panel "${title}"`, expression: filled(expr) };
  for (const { name, query } of templating.list.filter(({ type }) => type === "query")) {
    const [, selector, label] = query.query.match(/^label_values\((.*), (\w+)\)$/);
    yield { what: `the variable ${name}`, expression: `count by (${label}) (${filled(selector)})`, label };
  }
}

export const recordings = (rule) =>
  recordsOf(rule).flatMap(({ record, expr }) => [
    { what: `the rule for ${record}`, expression: expr },
    { what: `the series ${record}`, expression: record },
  ]);

/** An alert's expression may find nothing, which is well; what it looks at may not. */
export const alertQueries = (rule) =>
  alertsOf(rule).flatMap(({ alert, expr }) => [
    { what: `the alert ${alert}`, expression: expr, mayBeEmpty: true },
    ...selectorsOf(expr).map((selector) => ({ what: `the alert ${alert} rests on ${selector}`, expression: selector })),
  ]);

/** Throws where Prometheus takes offence at the query, or where nothing of use comes back. */
export async function ask(prometheus, { expression, mayBeEmpty, label }) {
  const response = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  const { status, error, data } = await response.json();
  if (status !== "success") throw new Error(`${expression}\n${error}`);
  if (mayBeEmpty) return;
  if (data.result.length === 0) throw new Error(`${expression}\nfinds nothing`);
  if (data.result.every(({ value }) => value[1] === "NaN")) throw new Error(`${expression}\nis no number`);
  if (label && !data.result.some(({ metric }) => metric[label])) throw new Error(`${expression}\nhas no ${label}`);
}
