// Each file of refused/ holds values that cannot work, and says on top by what and with which words they are refused.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { defaults, here, overlay, read, render } from "../chart.mjs";
import { check } from "../suite.mjs";
import { schemaProblems } from "./schema.mjs";

const folder = join(here, "refused");

const said = {
  schema: (_, text) => schemaProblems(overlay(defaults(), parse(text))).join("\n"),
  chart: (file) => {
    try {
      // helm looks at the schema first, and some files are refused by both.
      render([file], { options: ["--skip-schema-validation"] });
      return "";
    } catch (error) {
      return error.message;
    }
  },
};

export async function refusals() {
  const expectations = [];
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    const lines = [...text.matchAll(/^# (schema|chart): (.+)$/gm)];
    await check(`${name} says what refuses it`, () => {
      if (lines.length === 0) throw new Error("no line like '# chart: words' or '# schema: words'");
    });
    for (const [, by, words] of lines) {
      expectations.push(words);
      await check(`${name} is refused by the ${by}`, () => {
        const message = said[by](file, text);
        if (!message.includes(words)) throw new Error(`expected: ${words}\nfound: ${message || "(taken)"}`);
      });
    }
  }
  await check("every refusal of the chart has its file", () => {
    const source = read("deploy/k8s/templates/_validate.tpl");
    const messages = [...source.matchAll(/append \$problems (?:\(printf )?"((?:[^"\\]|\\.)*)"/g)].map(
      (match) => match[1],
    );
    if (messages.length < 20) throw new Error(`only ${messages.length} messages found in _validate.tpl`);
    const plain = (text) =>
      text
        .split(/%[qsdv]|\\"/)
        .sort((a, b) => b.length - a.length)[0]
        .trim();
    const missing = messages.filter((message) => !expectations.some((words) => words.includes(plain(message))));
    if (missing.length > 0) throw new Error(missing.join("\n"));
  });
}
