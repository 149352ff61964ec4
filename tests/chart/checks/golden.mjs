// What each case renders to is written down, so that a change of the chart is a diff to read.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { here } from "../chart.mjs";
import { check } from "../suite.mjs";

const folder = join(here, "golden");

export async function golden(cases, update) {
  for (const { name, text } of cases) {
    const file = join(folder, `${name}.yaml`);
    if (update) writeFileSync(file, text);
    await check(`${name} renders to its golden file`, () => {
      if (!existsSync(file)) throw new Error(`${file} is missing: tests/chart/run.sh --update`);
      const expected = readFileSync(file, "utf8").split("\n");
      const found = text.split("\n");
      const line = found.findIndex((value, index) => value !== expected[index]);
      if (line < 0 && found.length === expected.length) return;
      const at = line < 0 ? found.length : line;
      throw new Error(
        `line ${at + 1}:\n- ${expected[at] ?? ""}\n+ ${found[at] ?? ""}\nIf meant: tests/chart/run.sh --update`,
      );
    });
  }
  await check("every golden file has its case", () => {
    const names = cases.map((one) => one.name);
    const left = readdirSync(folder).filter((file) => !names.includes(basename(file, ".yaml")));
    if (left.length > 0) throw new Error(left.join("\n"));
  });
}
