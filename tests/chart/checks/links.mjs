// What one object says about another: selectors, ports, references, names.
import { containersOf, matches, named, podOf } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const of = (objects, ...kinds) => objects.filter((object) => kinds.includes(object.kind));
const componentOf = ({ metadata }) => metadata.labels["app.kubernetes.io/component"];
const portsOf = (pod) => containersOf(pod).flatMap((container) => container.ports ?? []);
const selectorOf = (object) =>
  object.kind === "Service"
    ? object.spec.selector
    : (object.spec.selector?.matchLabels ?? object.spec.podSelector?.matchLabels);

function* selectors(objects) {
  const workloads = of(objects, "Deployment");
  for (const object of of(objects, "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy")) {
    const selector = selectorOf(object);
    if (!selector || Object.keys(selector).length === 0) yield `${named(object)} selects everything`;
    if (JSON.stringify(object.spec).includes('"helm.sh/chart"')) yield `${named(object)} selects by helm.sh/chart`;
    const selected = of(objects, "Deployment", "Pod").filter((one) => matches(selector, podOf(one).metadata.labels));
    if (selected.length !== 1 || selected[0].kind !== "Deployment") {
      yield `${named(object)} selects ${selected.map(named).join(", ") || "nothing"}`;
    }
    for (const constraint of podOf(object)?.spec.topologySpreadConstraints ?? []) {
      const labels = podOf(object).metadata.labels;
      if (!matches(constraint.labelSelector?.matchLabels ?? { none: "" }, labels))
        yield `${named(object)} spreads other pods`;
    }
  }
  for (const workload of workloads) {
    const covered = (kind) =>
      of(objects, kind).some((one) => matches(selectorOf(one), podOf(workload).metadata.labels));
    if (of(objects, "NetworkPolicy").length > 0 && !covered("NetworkPolicy"))
      yield `${named(workload)} has no network policy`;
  }
}

function* services(objects) {
  for (const service of of(objects, "Service")) {
    const target = of(objects, "Deployment").find((one) => matches(service.spec.selector, podOf(one).metadata.labels));
    for (const { name, targetPort } of service.spec.ports) {
      const port =
        target && portsOf(podOf(target)).find((one) => one.name === targetPort || one.containerPort === targetPort);
      if (!port) yield `${named(service)}: no container has the port ${targetPort}`;
      if (["silo", "client"].includes(port?.name)) yield `${named(service)} exposes a silo port`;
      if (port?.name === "admin" && service.spec.type !== "ClusterIP") yield `${named(service)} exposes the admin port`;
      if (name !== targetPort) yield `${named(service)}: port ${name} leads to ${targetPort}`;
    }
  }
}

function* entrances(objects) {
  const find = (name) => of(objects, "Service").find((service) => service.metadata.name === name);
  const backends = [
    ...of(objects, "Ingress").flatMap((ingress) =>
      ingress.spec.rules.flatMap((rule) =>
        rule.http.paths.map(({ backend, path }) => ({
          name: backend.service.name,
          port: backend.service.port.name,
          path,
        })),
      ),
    ),
    ...of(objects, "HTTPRoute").flatMap((route) =>
      route.spec.rules.flatMap((rule) =>
        rule.backendRefs.map(({ name, port }) => ({ name, port, path: rule.matches[0].path.value })),
      ),
    ),
  ];
  for (const { name, port, path } of backends) {
    const found = find(name)?.spec.ports.find((one) => one.name === port || one.port === port);
    if (found?.targetPort !== "http") yield `${path} leads to ${name}:${port}, not to the agents' port`;
    if (!path.startsWith("/mcp")) yield `${path} is open to the outside`;
  }
}

function* scaling(objects) {
  const scalers = [...of(objects, "HorizontalPodAutoscaler"), ...of(objects, "ScaledObject")];
  for (const scaler of scalers) {
    const target = of(objects, "Deployment").find((one) => one.metadata.name === scaler.spec.scaleTargetRef.name);
    if (!target) yield `${named(scaler)} scales nothing`;
    if (target && "replicas" in target.spec) yield `${named(target)} fixes replicas beside its autoscaler`;
  }
  for (const workload of of(objects, "Deployment")) {
    const scaled = scalers.some((one) => one.spec.scaleTargetRef.name === workload.metadata.name);
    const budget = of(objects, "PodDisruptionBudget").find((one) =>
      matches(selectorOf(one), podOf(workload).metadata.labels),
    );
    if (scaled && typeof budget?.spec.minAvailable === "number")
      yield `${named(budget)} keeps ${budget.spec.minAvailable} pods, however many there are`;
    if (!scaled && !(workload.spec.replicas >= 1)) yield `${named(workload)} says no replicas`;
  }
}

function* policies(objects, values) {
  for (const policy of of(objects, "NetworkPolicy")) {
    const target = of(objects, "Deployment").find((one) => matches(selectorOf(policy), podOf(one).metadata.labels));
    const ports = portsOf(podOf(target));
    const admitted = (policy.spec.ingress ?? []).flatMap((rule) =>
      (rule.ports ?? []).map(({ port }) => ({ port, from: rule.from })),
    );
    for (const { port, from } of admitted) {
      if (!ports.some((one) => one.name === port || one.containerPort === port))
        yield `${named(policy)} admits ${port}, which nothing listens on`;
      if (port !== "http" && !(from?.length > 0)) yield `${named(policy)} admits everyone to ${port}`;
      if (
        ["silo", "client"].includes(port) &&
        from?.some((peer) => !peer.podSelector?.matchLabels || peer.namespaceSelector)
      ) {
        yield `${named(policy)} admits others than this release's pods to ${port}`;
      }
    }
    const test = of(objects, "Pod").find(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test");
    for (const { port, from } of admitted.filter((one) => ["http", "admin"].includes(one.port) && one.from)) {
      const admits = (labels) =>
        from.some((peer) => peer.podSelector && !peer.namespaceSelector
          && matches(peer.podSelector.matchLabels, labels));
      const isAsked = componentOf(target) !== "silo";
      if (isAsked && !admits(test.metadata.labels)) yield `${named(policy)} locks out helm test from ${port}`;
      if (admits({ any: "pod" }) !== values.networkPolicy.allowSameNamespace)
        yield `${named(policy)} does not follow networkPolicy.allowSameNamespace on ${port}`;
    }
    for (const { name } of ports)
      if (!admitted.some(({ port }) => port === name)) yield `${named(policy)} admits nobody to ${name}`;
  }
  if (values.networkPolicy.enabled !== of(objects, "NetworkPolicy").length > 0)
    yield "networkPolicy.enabled is not followed";
}

function* monitors(objects) {
  for (const monitor of of(objects, "ServiceMonitor")) {
    const { matchLabels, matchExpressions = [] } = monitor.spec.selector;
    const selected = of(objects, "Service").filter(
      ({ metadata: { labels } }) =>
        matches(matchLabels, labels) && matchExpressions.every(({ key, values }) => values.includes(labels[key])),
    );
    if (selected.length !== of(objects, "Deployment").length) yield `${named(monitor)} selects ${selected.map(named)}`;
    for (const service of selected) {
      for (const { port } of monitor.spec.endpoints) {
        if (!service.spec.ports.some(({ name }) => name === port)) yield `${named(service)} has no port ${port}`;
      }
      if (!monitor.spec.namespaceSelector.matchNames.includes(service.metadata.namespace))
        yield `${named(monitor)} looks elsewhere`;
    }
  }
}

function* podMonitors(objects) {
  for (const monitor of of(objects, "PodMonitor")) {
    const { matchLabels, matchExpressions = [] } = monitor.spec.selector;
    const selected = of(objects, "Deployment", "Pod").filter((one) => {
      const { labels } = podOf(one).metadata;
      return matches(matchLabels, labels) && matchExpressions.every(({ key, values }) => values.includes(labels[key]));
    });
    if (selected.map(named).join() !== of(objects, "Deployment").map(named).join())
      yield `${named(monitor)} selects ${selected.map(named)}`;
    for (const workload of selected) {
      for (const { port } of monitor.spec.podMetricsEndpoints) {
        if (!portsOf(podOf(workload)).some(({ name }) => name === port)) yield `${named(workload)} has no port ${port}`;
      }
      if (!monitor.spec.namespaceSelector.matchNames.includes(workload.metadata.namespace))
        yield `${named(monitor)} looks elsewhere`;
    }
  }
}

/** What an object refers to by name (ConfigMap, Secret, claim, account) is rendered, or stands in the values. */
function* references(objects, values) {
  const given = JSON.stringify(values);
  const known = (kind, name) =>
    of(objects, kind).some((one) => one.metadata.name === name) || given.includes(`"${name}"`);
  const issued = of(objects, "Certificate").map(({ spec }) => spec.secretName);
  const kinds = {
    secretKeyRef: "Secret",
    secretRef: "Secret",
    configMapKeyRef: "ConfigMap",
    configMapRef: "ConfigMap",
    configMap: "ConfigMap",
  };
  function* walk(value) {
    if (value === null || typeof value !== "object") return;
    for (const [key, inner] of Object.entries(value)) {
      if (kinds[key] && inner?.name && !known(kinds[key], inner.name)) yield `${kinds[key]} ${inner.name} is nowhere`;
      if (key === "secretKeyRef") yield* secretKey(inner);
      if (key === "secretName" && !known("Secret", inner) && !issued.includes(inner))
        yield `Secret ${inner} is nowhere`;
      if (key === "persistentVolumeClaim" && !known("PersistentVolumeClaim", inner.claimName))
        yield `claim ${inner.claimName} is nowhere`;
      yield* walk(inner);
    }
  }
  function* secretKey({ name, key }) {
    const secret = of(objects, "Secret").find((one) => one.metadata.name === name);
    if (secret && !(key in secret.data)) yield `Secret ${name} has no key ${key}`;
  }
  for (const object of objects.filter(podOf)) {
    const account = podOf(object).spec.serviceAccountName;
    if (account && account !== "default" && !known("ServiceAccount", account))
      yield `ServiceAccount ${account} is nowhere`;
    yield* walk(podOf(object).spec);
  }
}

export function* names(objects) {
  const seen = new Set();
  for (const object of objects) {
    const { name, labels = {} } = object.metadata;
    const most = ["Service", "Deployment", "Pod"].includes(object.kind) ? 63 : 253;
    if (name.length > most || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) yield `${named(object)} is no name`;
    if (seen.has(named(object))) yield `${named(object)} is there twice`;
    seen.add(named(object));
    const all = { ...labels, ...podOf(object)?.metadata.labels };
    for (const [key, value] of Object.entries(all)) {
      if (value.length > 63 || !/^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/.test(value))
        yield `${named(object)}: label ${key}=${value}`;
    }
  }
}

function* labelled(objects) {
  const needed = ["name", "instance", "version", "managed-by", "component", "part-of"].map(
    (key) => `app.kubernetes.io/${key}`,
  );
  for (const object of objects) {
    if (!object.metadata.namespace) yield `${named(object)} has no namespace`;
    for (const label of [...needed, "helm.sh/chart"])
      if (!object.metadata.labels?.[label]) yield `${named(object)} has no ${label}`;
  }
}

const sentences = {
  "selectors match labels": selectors,
  "every Service port has a container port, and no silo port is exposed": services,
  "ingress and route lead to the agents' port only": entrances,
  "replicas are left to the autoscaler": scaling,
  "network policies admit what listens": policies,
  "a ServiceMonitor finds every component": monitors,
  "a PodMonitor finds every component": podMonitors,
  "what is referred to is there": references,
  "names are unique and fit": names,
  "every object carries the labels": labelled,
};

export function* linkProblems(objects, values) {
  for (const problems of Object.values(sentences)) yield* problems(objects, values);
}

export async function links(cases) {
  for (const { name, objects, values } of cases) {
    const extra = values.extraManifests.length > 0;
    const own = objects.filter((object) => !extra || object.metadata.labels?.["helm.sh/chart"]);
    for (const [sentence, problems] of Object.entries(sentences)) {
      await check(`${name}: ${sentence}`, () => none(problems(own, values)));
    }
  }
}
