// The checks themselves: each takes a good object, breaks it in one way, and must say so.
import { podOf } from "../chart.mjs";
import { check } from "../suite.mjs";
import { linkProblems } from "./links.mjs";
import { restricted } from "./pods.mjs";

const find = (objects, kind, suffix = "") =>
  objects.find((one) => one.kind === kind && one.metadata.name.endsWith(suffix));

const scalerOf = (objects, kind) => ({
  kind,
  metadata: { name: "a" },
  spec: { scaleTargetRef: { name: find(objects, "Deployment").metadata.name } },
});

const broken = {
  "a Service without a container port": (all) => {
    find(all, "Service").spec.ports[0].targetPort = "https";
  },
  "a silo port behind a Service": (all) => {
    find(all, "Service", "-silo").spec.ports.push({ name: "silo", port: 11111, targetPort: "silo" });
  },
  "an admin port on a load balancer": (all) => {
    find(all, "Service", "-admin").spec.type = "LoadBalancer";
  },
  "a selector that no pod has": (all) => {
    find(all, "Service").spec.selector["app.kubernetes.io/name"] = "other";
  },
  "a chart version in a selector": (all) => {
    find(all, "Deployment").spec.selector.matchLabels["helm.sh/chart"] = "policy-gateway-0.1.0";
  },
  "a budget that covers nothing": (all) => {
    find(all, "PodDisruptionBudget").spec.selector.matchLabels.a = "b";
  },
  "a silo port open to everyone": (all) => {
    delete find(all, "NetworkPolicy", "-silo").spec.ingress[0].from;
  },
  "a silo port open to a namespace": (all) => {
    find(all, "NetworkPolicy", "-silo").spec.ingress[1].from.push({ namespaceSelector: {} });
  },
  "a Secret that is nowhere": (all) => {
    all.splice(
      all.findIndex(({ kind, metadata }) => kind === "Secret" && metadata.name.endsWith("-store")),
      1,
    );
  },
  "replicas beside an autoscaler": (all) => {
    all.push(scalerOf(all, "HorizontalPodAutoscaler"));
  },
  "replicas beside KEDA": (all) => {
    all.push(scalerOf(all, "ScaledObject"));
  },
};

const unsafe = {
  "a root user": (pod) => {
    pod.spec.securityContext.runAsNonRoot = false;
  },
  "kept capabilities": (pod) => {
    delete pod.spec.containers[0].securityContext.capabilities;
  },
  "gained privileges": (pod) => {
    delete pod.spec.containers[0].securityContext.allowPrivilegeEscalation;
  },
  "no seccomp profile": (pod) => {
    delete pod.spec.securityContext.seccompProfile;
  },
  "a folder of the node": (pod) => {
    pod.spec.volumes.push({ name: "a", hostPath: { path: "/" } });
  },
  "a port of the node": (pod) => {
    pod.spec.containers[0].ports[0].hostPort = 80;
  },
};

export async function planted(cases) {
  const { objects, values } = cases.find(({ name }) => name === "cluster");
  for (const [what, breakIt] of Object.entries(broken)) {
    await check(`catches ${what}`, () => {
      const copy = structuredClone(objects);
      breakIt(copy);
      if ([...linkProblems(copy, values)].length === 0) throw new Error("taken");
    });
  }
  for (const [what, breakIt] of Object.entries(unsafe)) {
    await check(`catches ${what}`, () => {
      const pod = structuredClone(podOf(find(objects, "Deployment")));
      breakIt(pod);
      if ([...restricted(pod)].length === 0) throw new Error("taken");
    });
  }
}
