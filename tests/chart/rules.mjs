// The rules that a case renders, and Prometheus' own checker of them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

/** The PrometheusRule of a case; undefined where it has none. */
export const ruleOf = ({ objects }) => objects.find(({ kind }) => kind === "PrometheusRule");

export const alertsOf = (rule) => rule.spec.groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert);
export const recordsOf = (rule) => rule.spec.groups.flatMap(({ rules }) => rules).filter(({ record }) => record);

/** Runs promtool over files made of these objects, by name; throws with what it says where it finds a fault. */
export function promtool(args, files) {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), stringify(content));
    const { status, stdout, stderr, error } = spawnSync("promtool", args, { cwd: folder, encoding: "utf8" });
    if (error) throw error;
    if (status !== 0) throw new Error(`${stdout}${stderr}`.trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
