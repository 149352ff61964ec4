// Writes the tables of values in deploy/k8s/README.md from the comments of values.yaml that start with two dashes.
//   node tests/chart/readme.mjs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMap, parseDocument } from "yaml";
import { chart, read } from "./chart.mjs";

const begin = "<!-- values: made from values.yaml by tests/chart/readme.mjs -->";
const end = "<!-- end of values -->";

const describe = (comment) =>
  comment
    ?.split("\n")
    .map((line) => line.trim())
    .find((line) => line.startsWith("-- "))
    ?.slice(3) ?? "";
const heading = (comment) =>
  comment
    ?.split("\n")
    .find((line) => line.startsWith("# "))
    ?.slice(2)
    .trim();

/** One row for each described value, in the file's order; a described map is one row. */
export function rows() {
  const document = parseDocument(read("deploy/k8s/values.yaml"));
  const found = [];
  let section = "";
  const walk = (map, path) => {
    for (const [index, { key, value }] of map.items.entries()) {
      const comment = [
        key.commentBefore,
        index === 0 ? map.commentBefore : undefined,
        path === "" && index === 0 ? document.commentBefore : undefined,
      ]
        .filter(Boolean)
        .join("\n");
      if (path === "") section = heading(comment) ?? section;
      const name = path ? `${path}.${key.value}` : key.value;
      const description = describe(comment);
      if (isMap(value) && value.items.length > 0 && !description) walk(value, name);
      else found.push({ section, key: name, value: value.toJS(document), description });
    }
  };
  walk(document.contents, "");
  return found;
}

const cell = (text) => text.replaceAll("|", "\\|");

function tables() {
  const out = [];
  let section;
  for (const row of rows()) {
    if (row.section !== section) {
      section = row.section;
      out.push("", `### ${section}`, "", "| value | default | meaning |", "|---|---|---|");
    }
    out.push(`| \`${row.key}\` | \`${cell(JSON.stringify(row.value))}\` | ${cell(row.description)} |`);
  }
  return [...out, ""].join("\n");
}

/** The README with its tables as they should be. */
export function withTables(text) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error("deploy/k8s/README.md has lost the comments that enclose its tables");
  return `${text.slice(0, from + begin.length)}\n${tables()}\n${text.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(chart, "README.md"), withTables(read("deploy/k8s/README.md")));
}
