// Secrets stand in Secrets only; what was made once is kept; other components roll when a secret or a file changes.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { named, objectsOf, podOf, render } from "../chart.mjs";
import { startCluster } from "../cluster.mjs";
import { check, none } from "../suite.mjs";

const base64 = (text) => Buffer.from(text).toString("base64");
const plain = (secret, key) => Buffer.from(secret.data[key], "base64").toString();

function* texts(value) {
  if (typeof value === "string") yield value;
  else if (value !== null && typeof value === "object") for (const inner of Object.values(value)) yield* texts(inner);
}

function* leaks(objects, values) {
  const secrets = [...texts(values)].filter((text) => text.includes("planted-secret"));
  for (const object of objects.filter(({ kind }) => kind !== "Secret")) {
    const text = JSON.stringify(object);
    for (const secret of [...secrets, "planted-secret"]) {
      if ([secret, base64(secret), encodeURIComponent(secret)].some((form) => text.includes(form)))
        yield `${named(object)} holds ${secret}`;
    }
  }
  const kept = objects
    .filter(({ kind }) => kind === "Secret")
    .flatMap(({ data }) => Object.values(data).map((one) => atob(one)))
    .join("\n");
  for (const secret of secrets) if (!kept.includes(secret)) yield `${secret} is in no Secret`;
}

const cluster = await startCluster();

/** Renders values with objects that are there already. */
function renderWith(values, objects = []) {
  const folder = mkdtempSync(join(tmpdir(), "chart-"));
  try {
    const file = join(folder, "values.yaml");
    writeFileSync(file, stringify(values));
    cluster.keep(objects);
    const options = ["--is-upgrade", "--dry-run=server", "--disable-openapi-validation", "--kube-apiserver",
      cluster.url];
    return objectsOf(render([file], { options }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const secret = (name, data) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: "gateway", name },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});
const find = (objects, kind, name) => objects.find((one) => one.kind === kind && one.metadata.name === name);
const equal = (found, expected) => {
  if (found !== expected) throw new Error(`expected ${expected}\nfound ${found}`);
};
const random = /^[0-9A-Za-z]{48}$/;
const matches = (found, pattern) => {
  if (!pattern.test(found)) throw new Error(`${found} does not match ${pattern}`);
};
const fleet = (postgres) => ({ profile: "fleet", store: { postgres: { host: "db", ...postgres } } });
const checksums = (values, existing, component = "") =>
  podOf(renderWith(values, existing).find((one) => one.kind === "Deployment" && one.metadata.name.endsWith(component)))
    .metadata.annotations ?? {};
const secretChecksum = (...given) => checksums(...given)["checksum/secret"];
const salted = (salt) => [secret("gw-policy-gateway-salt", { salt })];

async function kept() {
  const name = "gw-policy-gateway-admin-key";
  await check("an admin key of 48 characters is made on the first install", () =>
    matches(plain(find(renderWith({}), "Secret", name), "admin-key"), random),
  );
  await check("the admin key that was made is kept over an upgrade", () =>
    equal(
      plain(find(renderWith({}, [secret(name, { "admin-key": "made-once" })]), "Secret", name), "admin-key"),
      "made-once",
    ),
  );
  await check("an admin key in the values wins over the kept one", () =>
    equal(
      plain(
        find(
          renderWith({ adminKey: { value: "a-key-of-mine-123" } }, [secret(name, { "admin-key": "made-once" })]),
          "Secret",
          name,
        ),
        "admin-key",
      ),
      "a-key-of-mine-123",
    ),
  );
  await check("the database password is kept over an upgrade that leaves it out", () => {
    const store = secret("gw-policy-gateway-store", {
      password: "kept",
      url: "postgres://gateway:kept@old:5432/gateway",
    });
    equal(
      plain(find(renderWith(fleet({}), [store]), "Secret", "gw-policy-gateway-store"), "url"),
      "postgres://gateway:kept@db:5432/gateway?sslmode=require",
    );
  });
  await check("the connection string is kept over an upgrade that leaves it out", () => {
    const store = secret("gw-policy-gateway-store", { "connection-string": "AccountKey=kept" });
    const objects = renderWith({ profile: "cluster", store: { type: "azure" } }, [store]);
    equal(plain(find(objects, "Secret", "gw-policy-gateway-store"), "connection-string"), "AccountKey=kept");
  });
  await check("user, password and database are escaped in the store's URL", () => {
    const objects = renderWith(fleet({ user: "a:b", password: "p@ss/w rd+%?#é", database: "x/y" }));
    const url = new URL(plain(find(objects, "Secret", "gw-policy-gateway-store"), "url"));
    equal(
      [url.username, url.password, url.pathname, url.hostname].map(decodeURIComponent).join(" | "),
      "a:b | p@ss/w rd+%?#é | /x/y | db",
    );
  });
}

async function certificates() {
  const values = (source) => ({ ...fleet({ existingSecret: "db" }), profile: "cluster", clusterTls: { source } });
  const names = { silo: "gw-policy-gateway-silo-tls", frontend: "gw-policy-gateway-frontend-tls" };
  const made = { "ca.crt": "kept ca", "tls.crt": "kept crt", "tls.key": "kept key" };
  await check("the chart makes one authority, and a certificate for each role with the role's own name", () => {
    const objects = renderWith(values("generate"));
    const authorities = new Set();
    for (const [role, name] of Object.entries(names)) {
      const one = find(objects, "Secret", name);
      const [authority, own] = ["ca.crt", "tls.crt"].map((key) => new X509Certificate(plain(one, key)));
      equal(authority.subject, "CN=policy-gateway gw-policy-gateway");
      equal(authority.ca, true);
      equal(own.subject, `CN=${role}`);
      equal(own.subjectAltName, `DNS:${role}.gw-policy-gateway.policy-gateway.internal`);
      equal(own.verify(authority.publicKey), true);
      equal(own.checkPrivateKey(createPrivateKey(plain(one, "tls.key"))), true);
      equal(authority.checkPrivateKey(createPrivateKey(plain(one, "tls.key"))), false);
      authorities.add(authority.fingerprint256);
    }
    equal(authorities.size, 1);
  });
  await check("certificates that the chart made are kept over an upgrade", () => {
    const objects = renderWith(values("generate"), Object.values(names).map((name) => secret(name, made)));
    for (const name of Object.values(names))
      for (const [key, text] of Object.entries(made)) equal(plain(find(objects, "Secret", name), key), text);
  });
  await check("a role's lost certificate is made again together with the other's, by one authority", () => {
    const objects = renderWith(values("generate"), [secret(names.silo, made)]);
    matches(plain(find(objects, "Secret", names.silo), "tls.key"), /PRIVATE KEY/);
    equal(
      plain(find(objects, "Secret", names.silo), "ca.crt"),
      plain(find(objects, "Secret", names.frontend), "ca.crt"),
    );
  });
  await check("no pod reads the other role's key, and without certificates the process is told so", () => {
    for (const [source, isSecure] of [["generate", true], ["none", false]]) {
      for (const [role, name] of Object.entries(names)) {
        const objects = renderWith(values(source));
        const pod = podOf(find(objects, "Deployment", `gw-policy-gateway-${role}`));
        const used = pod.spec.volumes.map((volume) => volume.secret?.secretName).filter(Boolean);
        equal(used.join(), isSecure ? name : "");
        const env = pod.spec.containers[0].env.map((one) => one.name);
        equal(env.includes("GATEWAY_CLUSTER_CA"), isSecure);
        equal(env.includes("GATEWAY_INSECURE_CLUSTER"), !isSecure);
      }
    }
  });
}

const configName = (objects) =>
  podOf(objects.find(({ kind }) => kind === "Deployment")).spec.volumes.find(({ name }) => name === "config").configMap
    .name;

/** The ReplicaSet of a Deployment that was rendered, with so many pods. */
function replicaSet(objects, name, replicas) {
  const { metadata, spec } = structuredClone(find(objects, "Deployment", "gw-policy-gateway-single"));
  const { labels } = spec.template.metadata;
  return { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { ...metadata, name, labels },
    spec: { ...spec, replicas } };
}

async function keptConfigurations() {
  const rendered = (text) => renderWith({ policyFiles: { "a.json": `{"n":${text}}` } });
  const configMap = (objects) => find(objects, "ConfigMap", configName(objects));
  const [first, second, third] = ["1", "2", "3"].map(rendered);
  const existing = [configMap(first), configMap(second)];
  const after = (...sets) => renderWith({ policyFiles: { "a.json": '{"n":3}' } }, [...existing, ...sets]);
  const namesOf = (objects) => objects
    .filter(({ kind, metadata }) => kind === "ConfigMap" && !metadata.annotations?.["helm.sh/hook"])
    .map(({ metadata }) => metadata.name);
  const expect = (objects, ...expected) => equal(namesOf(objects).sort().join(),
    expected.map(configName).sort().join());
  await check("an upgrade keeps the files of pods that run, also where the upgrade before has failed", () => {
    const objects = after(replicaSet(first, "one", 2), replicaSet(second, "two", 1));
    expect(objects, first, second, third);
    equal(find(objects, "ConfigMap", configName(first)).data["a.json"], configMap(first).data["a.json"]);
  });
  await check("an upgrade leaves out the files of revisions without pods", () =>
    expect(after(replicaSet(first, "one", 0), replicaSet(second, "two", 1)), second, third),
  );
  await check("an upgrade keeps no files of other releases, or ConfigMaps of other owners", () => {
    const other = replicaSet(first, "one", 1);
    other.metadata.labels["app.kubernetes.io/instance"] = "another";
    const own = replicaSet(second, "two", 1);
    own.spec.template.spec.volumes.find(({ name }) => name === "config").configMap.name = "mine";
    expect(after(other, own, { ...existing[0], metadata: { ...existing[0].metadata, name: "mine" } }), third);
  });
  await check("an upgrade keeps the file of the chart before, whose name has no hash", () => {
    const before = replicaSet(first, "one", 1);
    before.spec.template.spec.volumes.find(({ name }) => name === "config").configMap.name = "gw-policy-gateway-config";
    const old = { ...existing[0], metadata: { ...existing[0].metadata, name: "gw-policy-gateway-config" } };
    equal(namesOf(renderWith({}, [before, old])).includes("gw-policy-gateway-config"), true);
  });
}

async function rolls() {
  await check("a changed policy file rolls the pods, to a ConfigMap of another name", () => {
    const names = ["{}", "{ }"].map((text) => configName(renderWith({ policyFiles: { "a.json": text } })));
    if (names[0] === names[1]) throw new Error("same name");
    const values = { policyFiles: { "a.json": "{}" }, restartOnConfigChange: false };
    equal(configName(renderWith(values)), "gw-policy-gateway-config");
  });
  await check("a changed variable rolls the pods", () => {
    const one = checksums({ secretEnv: { A: "one" } })["checksum/secret"];
    if (one === checksums({ secretEnv: { A: "two" } })["checksum/secret"]) throw new Error("same checksum");
  });
  await check("a changed password rolls frontends and silos, a changed variable no silo", () => {
    const cluster = (password, secretEnv) => ({ ...fleet({ password }), profile: "cluster", secretEnv });
    for (const component of ["frontend", "silo"]) {
      const of = (values) => secretChecksum(values, salted("s".repeat(48)), component);
      if (of(cluster("one", {})) === of(cluster("two", {}))) throw new Error(`${component}: same checksum`);
    }
    const silo = (variable) => secretChecksum(cluster("one", { A: variable }), salted("s".repeat(48)), "silo");
    equal(silo("one"), silo("two"));
  });
  await check("a password that an upgrade leaves out rolls nothing", () => {
    const store = secret("gw-policy-gateway-store", { password: "one", url: "" });
    equal(
      secretChecksum(fleet({}), [store, ...salted("s".repeat(48))]),
      secretChecksum(fleet({ password: "one" }), salted("s".repeat(48))),
    );
  });
  await check("the key that the chart makes rolls nothing", () => equal(secretChecksum({}), undefined));
  await check("nobody guesses a password by its checksum: a salt in a Secret goes before it", () => {
    const values = fleet({ password: "one" });
    const one = secretChecksum(values, salted("a".repeat(48)));
    if (one === secretChecksum(values, salted("b".repeat(48)))) throw new Error("same checksum with another salt");
    equal(secretChecksum(values, salted("a".repeat(48))), one);
    equal(secretChecksum({ ...values, secretSalt: "a".repeat(48) }), one);
  });
  await check("the salt is made once, with the first secret that is given, and kept", () => {
    const name = "gw-policy-gateway-salt";
    matches(plain(find(renderWith({ secretEnv: { A: "one" } }), "Secret", name), "salt"), random);
    equal(plain(find(renderWith({ secretEnv: { A: "one" } }, salted("kept")), "Secret", name), "salt"), "kept");
    equal(find(renderWith({}), "Secret", name), undefined);
    equal(find(renderWith({ secretEnv: { A: "one" }, secretSalt: "s".repeat(16) }), "Secret", name), undefined);
  });
}

async function configuration() {
  await check("gateway.json holds the values, the admin key as a variable, and the accepted hosts", () => {
    const servers = { afip: { url: "https://afip.example.com/mcp" } };
    const objects = renderWith({
      config: { servers, allowedHosts: ["own.example.com"] },
      ingress: { enabled: true, hosts: [{ host: "mcp.example.com" }] },
    });
    const file = JSON.parse(find(objects, "ConfigMap", configName(objects)).data["gateway.json"]);
    equal(JSON.stringify(file.servers), JSON.stringify(servers));
    equal(file.admin.key, "${GATEWAY_ADMIN_KEY}");
    equal("publicUrl" in file, false);
    const hosts = ["own.example.com", "mcp.example.com", "gw-policy-gateway", "gw-policy-gateway-admin.gateway.svc"];
    none(hosts.filter((host) => !file.allowedHosts.includes(host)).map((host) => `${host} is not accepted`));
  });
  await check("a policy file arrives unchanged where the configuration reads it", () => {
    const text = '{\n  "version": "1",\n\n  "default": "deny"\n}\n';
    const objects = renderWith({ policyFiles: { "a.json": text } });
    equal(find(objects, "ConfigMap", configName(objects)).data["a.json"], text);
    const { volumes } = podOf(objects.find(({ kind }) => kind === "Deployment")).spec;
    const items = volumes.find(({ name }) => name === "config").configMap.items;
    equal(items.find(({ key }) => key === "a.json").path, "policies/a.json");
  });
}

export async function secrets(cases) {
  for (const { name, objects, values } of cases) {
    await check(`${name}: secrets stand in Secrets only`, () => none(leaks(objects, values)));
  }
  await kept();
  await certificates();
  await rolls();
  await keptConfigurations();
  await configuration();
}
