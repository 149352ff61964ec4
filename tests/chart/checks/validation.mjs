// The hook that validates a new configuration before an install or upgrade changes anything.
import { isDeepStrictEqual as same } from "node:util";
import { containersOf, named, podOf } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const hookOf = ({ metadata }) => metadata.annotations?.["helm.sh/hook"];
const weightOf = ({ metadata }) => Number(metadata.annotations["helm.sh/hook-weight"]);

/** The files of a pod's configuration: names and texts. */
function filesOf(pod, objects) {
  const { name, items } = pod.spec.volumes.find((volume) => volume.name === "config").configMap;
  return { items, data: objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name)?.data };
}

function* problems(objects, values) {
  const hooks = objects.filter((one) => hookOf(one) === "pre-install,pre-upgrade");
  if (!values.validation.enabled) {
    for (const hook of hooks) yield `${named(hook)} is there although validation is off`;
    return;
  }
  const job = hooks.find(({ kind }) => kind === "Job");
  if (!job) {
    yield "no Job validates the configuration";
    return;
  }
  const [pod, gateway] = [podOf(job), objects.find((one) =>
    one.kind === "Deployment" && !named(one).endsWith("-silo"))];
  const [own, other] = [pod, podOf(gateway)].map((one) =>
    containersOf({ spec: { containers: one.spec.containers } })[0]);
  if (own.args.join(" ") !== "config validate /etc/gateway/gateway.json") yield `runs ${own.args}`;
  if (own.image !== other.image) yield `runs ${own.image}, the gateway ${other.image}`;
  if (!same(filesOf(pod, objects), filesOf(podOf(gateway), objects))) yield "reads other files than the gateway";
  // What is no hook is made after it: on a first install it is not there yet.
  const late = objects.filter((one) => !hookOf(one)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const text = JSON.stringify(pod);
  for (const one of late.filter((name) => /^(ConfigMap|Secret|ServiceAccount) /.test(name)))
    if (text.includes(`"name":"${one.split(" ")[1]}"`) || text.includes(`"serviceAccountName":"${one.split(" ")[1]}"`))
      yield `needs the ${one}, which is made later`;
  for (const hook of hooks.filter((one) => one !== job))
    if (!(weightOf(hook) < weightOf(job))) yield `${named(hook)} is made after the Job that needs it`;
  const variables = (container) => [
    ...(container.env ?? []).map(({ name }) => name),
    ...(container.envFrom ?? []).map((from) => from.secretRef?.name ?? from.configMapRef.name),
  ];
  const given = [...Object.keys(values.secretEnv).map(() => /-validation$/), ...values.envFrom, ...values.extraEnv];
  for (const one of given) {
    const isThere = (name) => (one instanceof RegExp ? one.test(name) : JSON.stringify(one).includes(`"${name}"`));
    if (!variables(own).some(isThere)) yield `has no ${JSON.stringify(one.source ?? one)}`;
  }
}

export async function validation(cases) {
  for (const { name, objects, values } of cases) {
    await check(`${name}: a Job validates what the gateway will read, before anything changes`, () =>
      none(problems(objects, values)),
    );
  }
  await check("catches a Job that needs what is made later", () => {
    const { objects, values } = structuredClone(cases.find((one) => one.name === "default"));
    const config = objects.find((one) => one.kind === "ConfigMap" && !hookOf(one)).metadata.name;
    podOf(objects.find(({ kind }) => kind === "Job")).spec.volumes[1].configMap.name = config;
    if (![...problems(objects, values)].some((problem) => problem.includes("made later"))) throw new Error("taken");
  });
}
