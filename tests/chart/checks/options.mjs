// What the values say of pods, Services and listeners arrives where it belongs.
import { isDeepStrictEqual as same } from "node:util";
import { containersOf, named, podOf } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const valuesOf = { single: "single", frontend: "frontends", silo: "silos" };
const componentOf = ({ metadata }) => metadata.labels["app.kubernetes.io/component"];
const isEmpty = (value) => value === undefined || value === ""
  || (typeof value === "object" && !Object.keys(value).length);

function* passedOn(given, found, keys, where) {
  for (const key of keys) {
    if (isEmpty(given[key]) ? key in found : !same(given[key], found[key]))
      yield `${where}: ${key} is ${JSON.stringify(found[key])} where the values have ${JSON.stringify(given[key])}`;
  }
}

function* pods(objects, values) {
  for (const object of objects.filter(({ kind }) => kind === "Deployment")) {
    const given = values[valuesOf[componentOf(object)]];
    const { spec } = podOf(object);
    yield* passedOn(given, spec, ["hostAliases", "dnsPolicy", "dnsConfig", "runtimeClassName"], named(object));
    const { args } = spec.containers[0];
    if (given.extraArgs.length > 0 && !same(args.slice(-given.extraArgs.length), given.extraArgs))
      yield `${named(object)}: ${args} does not end with ${given.extraArgs}`;
    if (object.spec.revisionHistoryLimit !== given.revisionHistoryLimit)
      yield `${named(object)} keeps ${object.spec.revisionHistoryLimit} revisions`;
  }
}

function* services(objects, { adminService, registry, rateLimitService, service }) {
  const families = ["ipFamilyPolicy", "ipFamilies"];
  const all = objects.filter(({ kind }) => kind === "Service");
  const agents = all.find(({ metadata }) => !/-(admin|registry|rate-limit|silo)$/.test(metadata.name));
  yield* passedOn(service, agents.spec, [...families, "sessionAffinity", "trafficDistribution"], named(agents));
  const seconds = agents.spec.sessionAffinityConfig?.clientIP.timeoutSeconds;
  if (service.sessionAffinity === "ClientIP" && seconds !== service.sessionAffinityTimeoutSeconds)
    yield `${named(agents)} keeps clients for ${seconds} s`;
  for (const other of all.filter((one) => one !== agents))
  {
    const [, own] = other.metadata.name.match(/-(registry|rate-limit)$/) ?? [];
    const given = { registry, "rate-limit": rateLimitService }[own] ?? adminService;
    yield* passedOn(given, other.spec, families, named(other));
  }
}

/** A port is served by TLS or not: listener, certificate, probe, monitor and test must agree. */
function* listeners(objects, { clusterTls, profile, tls }) {
  const schemes = { 8080: tls.enabled, 8081: tls.enabled, 8443: tls.enabled, 9090: tls.admin.enabled };
  for (const object of objects.filter(({ kind }) => kind === "Deployment")) {
    const { spec } = podOf(object);
    const [container] = containersOf({ spec: { containers: spec.containers } });
    const said = [...container.args, ...container.env.map(({ value }) => value ?? "")];
    for (const [, scheme, port] of said.map((one) => one.match(/^(https?):\/\/(?:0\.0\.0\.0|\[::\]):(\d+)$/))
      .filter(Boolean)) {
      if ((scheme === "https") !== schemes[port]) yield `${named(object)} listens by ${scheme} on ${port}`;
    }
    const files = said.filter((one) => /^\/etc\/gateway-.*tls\//.test(one));
    const inFleet = profile === "cluster" && clusterTls.source !== "none" ? 3 : 0;
    const wanted = inFleet + (schemes[8080] && componentOf(object) !== "silo" ? 2 : 0) + (schemes[9090] ? 2 : 0);
    if (files.length !== wanted) yield `${named(object)} is given ${files.join() || "no certificate"}`;
    for (const file of files) {
      const mount = container.volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));
      if (!mount?.readOnly) yield `${named(object)}: ${file} is not mounted read-only`;
      const { secret } = spec.volumes.find(({ name }) => name === mount?.name) ?? {};
      const own = file.includes("admin") ? tls.admin.existingSecret : "";
      const ofRole = clusterTls.existingSecrets[componentOf(object)] || `${object.metadata.name}-tls`;
      const expected = file.includes("cluster") ? ofRole : own || tls.existingSecret;
      if (secret?.secretName !== expected) yield `${named(object)}: ${file} is of ${secret?.secretName}`;
    }
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const { port, scheme = "HTTP" } = container[probe].httpGet;
      const isTls = schemes[port === "http" ? 8080 : 9090];
      if ((scheme === "HTTPS") !== isTls) yield `${named(object)}: ${probe} asks by ${scheme}`;
    }
  }
  for (const { kind, spec } of objects.filter(({ kind }) => /^(Service|Pod)Monitor$/.test(kind))) {
    const [{ scheme = "http" }] = spec.endpoints ?? spec.podMetricsEndpoints;
    if ((scheme === "https") !== tls.admin.enabled) yield `the ${kind} asks by ${scheme}`;
  }
  const test = objects.find(({ kind }) => kind === "Pod").spec.containers[0].args.join();
  for (const [, scheme, name] of test.matchAll(/(https?):\/\/([\w-]+):/g)) {
    if ((scheme === "https") !== (name.endsWith("-admin") ? tls.admin.enabled : tls.enabled))
      yield `the test asks ${name} by ${scheme}`;
  }
}

const sentences = {
  "pods are as the values say": pods,
  "Services are as the values say": services,
  "whoever asks a port knows whether it speaks TLS": listeners,
};

export async function options(cases) {
  for (const { name, objects, values } of cases) {
    for (const [sentence, problems] of Object.entries(sentences))
      await check(`${name}: ${sentence}`, () => none(problems(objects, values)));
  }
}
