// The values of the chart with their descriptions: the comments of values.yaml that start with two dashes.
import { isMap, parseDocument } from "yaml";
import { read } from "./chart.mjs";

const describe = (comment) =>
  comment
    ?.split("\n")
    .map((line) => line.trim())
    .find((line) => line.startsWith("-- "))
    ?.slice(3) ?? "";

/** Each value, in the file's order; a described map is one value. */
export function rows() {
  const document = parseDocument(read("deploy/k8s/values.yaml"));
  const found = [];
  const walk = (map, path) => {
    for (const [index, { key, value }] of map.items.entries()) {
      const comment = [
        key.commentBefore,
        index === 0 ? map.commentBefore : undefined,
        path === "" && index === 0 ? document.commentBefore : undefined,
      ]
        .filter(Boolean)
        .join("\n");
      const name = path ? `${path}.${key.value}` : key.value;
      const description = describe(comment);
      if (isMap(value) && value.items.length > 0 && !description) walk(value, name);
      else found.push({ key: name, description });
    }
  };
  walk(document.contents, "");
  return found;
}
