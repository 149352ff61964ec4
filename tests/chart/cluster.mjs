// As much of a Kubernetes API server as `helm template --dry-run=server` asks: which kinds there are, and the objects
// that `lookup` finds. It runs in a thread of its own, since the checks wait for helm without returning to their loop.
import { createServer } from "node:http";
import { isMainThread, parentPort, receiveMessageOnPort, Worker } from "node:worker_threads";

const kinds = {
  "api/v1": ["ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount"],
  "apis/apps/v1": ["Deployment", "ReplicaSet"],
  "apis/networking.k8s.io/v1": ["Ingress", "NetworkPolicy"],
  "apis/policy/v1": ["PodDisruptionBudget"],
};
const plural = (kind) => `${kind.toLowerCase()}s`.replace(/ys$/, "ies").replace(/sss$/, "sses");

function respond(path, objects) {
  if (path === "version") return { major: "1", minor: "33", gitVersion: "v1.33.0" };
  if (path === "api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "apis") {
    const groups = Object.keys(kinds).map((one) => one.split("/")).filter(([root]) => root === "apis");
    const versionOf = (group, version) => ({ groupVersion: `${group}/${version}`, version });
    return {
      kind: "APIGroupList",
      groups: groups.map(([, name, version]) => ({
        name, versions: [versionOf(name, version)], preferredVersion: versionOf(name, version),
      })),
    };
  }
  if (kinds[path]) {
    const resources = kinds[path].map((kind) => ({ kind, name: plural(kind), namespaced: true,
      verbs: ["get", "list"] }));
    return { kind: "APIResourceList", groupVersion: path.slice(path.indexOf("/") + 1), resources };
  }
  const [namespace, resource, name] = path.replace(/^.*?\/namespaces\//, "").split("/"); // …/NAMESPACE/RESOURCE/NAME
  const all = objects.filter((one) => one.metadata.namespace === namespace && plural(one.kind) === resource);
  return name ? all.find((one) => one.metadata.name === name) : { kind: "List", apiVersion: "v1", items: all };
}

/** Starts it and returns its URL and the function that sets its objects. */
export async function startCluster() {
  const worker = new Worker(new URL(import.meta.url));
  worker.unref();
  const port = await new Promise((resolve) => worker.once("message", resolve));
  return { url: `http://127.0.0.1:${port}`, keep: (objects) => worker.postMessage(objects) };
}

if (!isMainThread) {
  let objects = [];
  const server = createServer((request, response) => {
    for (let given; (given = receiveMessageOnPort(parentPort)); ) objects = given.message;
    const found = respond(new URL(request.url, "http://cluster").pathname.slice(1), objects);
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ?? { kind: "Status", status: "Failure", reason: "NotFound", code: 404 }));
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
}
