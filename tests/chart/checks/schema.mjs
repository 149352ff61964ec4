// values.schema.json: it takes the defaults and every case, and knows exactly the values that values.yaml names.
import Ajv from "ajv";
import { chart, defaults, read, run } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const document = JSON.parse(read("deploy/k8s/values.schema.json"));
const validate = new Ajv({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
}).compile(document);

/** What the schema says against these values: pointer and message. */
export function schemaProblems(values) {
  validate(values);
  return (validate.errors ?? []).map((error) =>
    `${error.instancePath} ${error.message} ${Object.values(error.params).join(" ")}`.trim(),
  );
}

const resolve = (schema) => (schema.$ref ? document.definitions[schema.$ref.split("/").pop()] : schema);

function* differences(schema, values, path) {
  const { properties, additionalProperties } = resolve(schema);
  if (!properties || values === null || typeof values !== "object") return;
  for (const key of Object.keys(values)) {
    if (properties[key]) yield* differences(properties[key], values[key], `${path}.${key}`);
    else if (additionalProperties === false) yield `${path}.${key} stands in values.yaml only`;
  }
  const optional = [
    "global",
    "initialDelaySeconds",
    "successThreshold",
    "terminationGracePeriodSeconds",
    "claims",
    "admin",
    "nameservers",
    "searches",
    "options",
  ];
  for (const key of Object.keys(properties)) {
    if (!(key in values) && !optional.includes(key)) yield `${path}.${key} stands in values.schema.json only`;
  }
}

function* open(schema, path) {
  if (schema.properties && path !== "config" && schema.additionalProperties !== false) yield `${path} takes any key`;
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    if (path !== "config") yield* open(inner, path ? `${path}.${key}` : key);
  }
}

export async function schema(cases) {
  await check("the schema is of draft-07, which helm reads", () => {
    if (document.$schema !== "http://json-schema.org/draft-07/schema#") throw new Error(document.$schema);
  });
  await check("the schema takes the defaults", () => none(schemaProblems(defaults())));
  await check("the schema takes empty values over the defaults' keys", () => none(schemaProblems({})));
  await check("the schema and values.yaml know the same values", () => none(differences(document, defaults(), "")));
  await check("the schema refuses unknown keys everywhere", () => none(open(document, "")));
  for (const { name, file, values } of cases) {
    await check(`helm lint has no complaint with the values of ${name}`, () =>
      run("helm", ["lint", chart, "--strict", "--values", file]),
    );
    await check(`the schema takes the values of ${name}`, () => none(schemaProblems(values)));
  }
}
