// Every pod: what a namespace with pod security `restricted` takes, probes, resources, environment, volumes.
import { containersOf, named, podOf } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const volumeKinds = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export function* restricted(pod) {
  const own = pod.spec.securityContext ?? {};
  for (const key of ["hostNetwork", "hostPID", "hostIPC"]) if (pod.spec[key]) yield `${key} is on`;
  for (const volume of pod.spec.volumes ?? []) {
    const kind = Object.keys(volume).find((key) => key !== "name");
    if (!volumeKinds.includes(kind)) yield `volume ${volume.name} is a ${kind}`;
  }
  for (const container of containersOf(pod)) {
    const context = container.securityContext ?? {};
    const effective = (key) => context[key] ?? own[key];
    if (effective("runAsNonRoot") !== true) yield `${container.name} may run as root`;
    if (effective("runAsUser") === 0) yield `${container.name} runs as root`;
    if (!["RuntimeDefault", "Localhost"].includes(effective("seccompProfile")?.type))
      yield `${container.name} has no seccomp profile`;
    if (context.allowPrivilegeEscalation !== false) yield `${container.name} may gain privileges`;
    if (context.privileged) yield `${container.name} is privileged`;
    if (!context.capabilities?.drop?.includes("ALL")) yield `${container.name} keeps capabilities`;
    if (context.capabilities?.add?.some((name) => name !== "NET_BIND_SERVICE"))
      yield `${container.name} adds capabilities`;
    if (container.ports?.some((port) => port.hostPort)) yield `${container.name} takes a port of the node`;
  }
}

function* beyondRestricted(pod) {
  if (pod.spec.automountServiceAccountToken !== false) yield "mounts the service account's token";
  for (const { name, securityContext } of containersOf(pod)) {
    if (!securityContext?.readOnlyRootFilesystem) yield `${name} may write to its root`;
  }
}

function* environment(container) {
  const seen = new Set();
  for (const { name, value } of container.env ?? []) {
    if (seen.has(name)) yield `${name} is set twice`;
    for (const [, used] of (value ?? "").matchAll(/\$\(([A-Z_]+)\)/g)) {
      if (!seen.has(used)) yield `${name} uses ${used} before it is set`;
    }
    seen.add(name);
  }
  const secret = (container.env ?? []).filter(({ valueFrom }) => valueFrom?.secretKeyRef).map(({ name }) => name);
  for (const argument of [...(container.command ?? []), ...(container.args ?? [])]) {
    for (const [, used] of argument.matchAll(/\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g)) {
      if (!seen.has(used)) yield `an argument uses ${used}, which is not set`;
      if (secret.includes(used)) yield `the command line shows ${used} to everyone on the node`;
    }
  }
}

function* volumes(pod) {
  const names = (pod.spec.volumes ?? []).map((volume) => volume.name);
  if (new Set(names).size !== names.length) yield "two volumes have one name";
  for (const container of containersOf(pod)) {
    for (const { name } of container.volumeMounts ?? []) {
      if (!names.includes(name)) yield `${container.name} mounts ${name}, which is no volume`;
    }
  }
}

/** Whether the values hold a secret that this component reads. */
function hasGivenSecrets(component, { adminKey, profile, secretEnv, store }) {
  const ofStore = store.type === "azure" ? store.azure.connectionString : store.postgres.password;
  if (profile !== "single" && ofStore) return true;
  return component !== "silo" && (adminKey.value !== "" || Object.keys(secretEnv).length > 0);
}

function* gateway(object, values) {
  const pod = podOf(object);
  const container = pod.spec.containers[0];
  const component = pod.metadata.labels["app.kubernetes.io/component"];
  const port = component === "silo" ? "admin" : "http";
  const paths = { startupProbe: "/livez", livenessProbe: "/livez", readinessProbe: "/readyz" };
  for (const [probe, path] of Object.entries(paths)) {
    const get = container[probe]?.httpGet;
    if (get?.path !== path || get?.port !== port) yield `${probe} does not ask ${path} on ${port}`;
  }
  if (!container.resources?.requests?.cpu) yield "requests no CPU";
  if (!container.resources?.limits?.memory) yield "has no memory limit";
  if (container.resources?.limits?.cpu) yield "has a CPU limit, which shows as latency";
  if (!container.volumeMounts.some((mount) => mount.mountPath === "/tmp")) yield "has no /tmp";
  const shutdown = Number(container.env.find(({ name }) => name === "DOTNET_SHUTDOWNTIMEOUTSECONDS")?.value);
  const sleep = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
  if (!(pod.spec.terminationGracePeriodSeconds > shutdown + sleep)) yield "is killed while it still ends";
  const annotations = pod.metadata.annotations ?? {};
  if (hasGivenSecrets(component, values) !== Boolean(annotations["checksum/secret"]))
    yield "checksum/secret is wrongly there or absent";
  const file = pod.spec.volumes.find((volume) => volume.name === "config")?.configMap.name ?? "";
  const isHashed = component !== "silo" && values.restartOnConfigChange && values.existingConfigMap === "";
  if (isHashed !== /-config-[0-9a-f]{10}$/.test(file)) yield `reads ${file}, whose hash is wrongly there or absent`;
  if (pod.metadata.labels["helm.sh/chart"]) yield "rolls with every version of the chart: helm.sh/chart is a pod label";
}

const byProfile = {
  single: { single: ["run", "--data", "--durability"] },
  fleet: { frontend: ["run", "--data", "--durability"] },
  cluster: { frontend: ["--role", "frontend"], silo: ["--role", "silo"] },
};

function* profile(workloads, values) {
  const expected = byProfile[values.profile];
  const found = workloads.map((object) => object.metadata.labels["app.kubernetes.io/component"]);
  if (found.sort().join() !== Object.keys(expected).sort().join())
    yield `has ${found} where ${Object.keys(expected)} belong`;
  for (const object of workloads) {
    const component = object.metadata.labels["app.kubernetes.io/component"];
    const { args, env, image, ports } = podOf(object).spec.containers[0];
    for (const word of expected[component]) if (!args.includes(word)) yield `${component}: no argument ${word}`;
    const name = values.profile === "cluster" ? values.image.clusterRepository : values.image.repository;
    if (!image.includes(name)) yield `${component}: runs ${image}`;
    const has = (variable) => env.some(({ name: other }) => other === variable);
    if (values.profile === "fleet" && !has("GATEWAY_STORE")) yield `${component}: no GATEWAY_STORE`;
    if (values.profile === "cluster") {
      const needed = [
        "POD_NAME",
        "POD_IP",
        "GATEWAY_CLUSTERING",
        "GATEWAY_CLUSTER_ID",
        "GATEWAY_SERVICE_ID",
        "GATEWAY_ADMIN_LISTEN",
      ];
      for (const variable of needed) if (!has(variable)) yield `${component}: no ${variable}`;
    }
    if (component === "silo") {
      const numbers = ports.map(({ containerPort }) => containerPort);
      for (const number of [values.silos.siloPort, values.silos.clientPort, 9090]) {
        if (!numbers.includes(number)) yield `silo: no port ${number}`;
      }
      if (has("GATEWAY_ADMIN_KEY")) yield "silo: holds the admin key, which it does not need";
    } else if (!has("GATEWAY_ADMIN_KEY")) yield `${component}: no GATEWAY_ADMIN_KEY`;
    if (component === "single" && object.spec.strategy.type !== "Recreate")
      yield "single: two processes may share the journal";
  }
}

export async function pods(cases) {
  for (const { name, objects, values } of cases) {
    const workloads = objects.filter((object) => object.kind === "Deployment");
    await check(`${name} runs what its profile needs`, () => none(profile(workloads, values)));
    for (const object of objects.filter(podOf)) {
      const pod = podOf(object);
      const title = `${name}: ${named(object)}`;
      await check(`${title} is taken by pod security restricted`, () => none(restricted(pod)));
      await check(`${title} has no token and a read-only root`, () => none(beyondRestricted(pod)));
      await check(`${title} has a sound environment`, () =>
        none(containersOf(pod).flatMap((one) => [...environment(one)])),
      );
      await check(`${title} mounts only its volumes`, () => none(volumes(pod)));
    }
    for (const object of workloads) {
      await check(`${name}: ${named(object)} can be run and ended`, () => none(gateway(object, values)));
    }
  }
}
