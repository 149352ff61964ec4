// Compares what helm rendered with a golden file, object by object; order, comments and made secrets aside.
//   node tests/chart/compare.mjs rendered.yaml golden.yaml
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { named, objectsOf } from "./chart.mjs";

const [rendered, golden] = process.argv.slice(2).map((file) => {
  const objects = new Map(objectsOf(readFileSync(file, "utf8")).map((object) => [named(object), object]));
  for (const object of objects.values()) {
    for (const key of ["admin-key", "salt"]) if (object.kind === "Secret" && object.data[key]) object.data[key] = "made";
    // The salt goes into it.
    const annotations = object.spec?.template?.metadata?.annotations;
    if (annotations?.["checksum/secret"]) annotations["checksum/secret"] = "made";
  }
  return objects;
});

let different = 0;
for (const name of new Set([...rendered.keys(), ...golden.keys()])) {
  if (isDeepStrictEqual(rendered.get(name), golden.get(name))) continue;
  different++;
  console.log(`${name}\n- ${JSON.stringify(golden.get(name))}\n+ ${JSON.stringify(rendered.get(name))}`);
}
console.log(`${rendered.size} objects, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;
