// deploy/compose: how the containers of each profile are confined, and that silos and frontends have mutual TLS.
import { parse } from "yaml";
import { read } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const profiles = { fleet: ["gateway-a", "gateway-b"], cluster: ["silo-a", "silo-b", "frontend-a", "frontend-b"] };
const programs = { fleet: "gateway", cluster: "gateway-cluster" };

function* confined(name, service) {
  if (service.read_only !== true) yield `${name} can write to its root`;
  if (!service.cap_drop?.includes("ALL")) yield `${name} keeps capabilities`;
  if (!service.security_opt?.includes("no-new-privileges:true")) yield `${name} may gain privileges`;
}

function* healthy(name, service, program) {
  const [kind, ...command] = service.healthcheck?.test ?? [];
  if (kind !== "CMD" || command[0] !== program || command[1] !== "ready") yield `${name} has no health check`;
  if (!service.command.some((word) => word.includes("listen=http://0.0.0.0:8080")) && !command[3]?.endsWith(":9090"))
    yield `${name} is checked at a port that it does not serve`;
}

/** A role reads its own certificate from a volume that no other role has. */
function* authenticated(name, service) {
  const role = name.split("-")[0];
  if (!service.volumes.includes(`${role}-certificates:/etc/gateway-cluster:ro`)) yield `${name} has no certificate`;
  if (service.volumes.some((volume) => volume.startsWith("authority:"))) yield `${name} reads the authority's key`;
  for (const [variable, file] of Object.entries({ CERT: `${role}.crt`, KEY: `${role}.key`, CA: "ca.crt" }))
    if (service.environment[`GATEWAY_CLUSTER_${variable}`] !== `/etc/gateway-cluster/${file}`)
      yield `${name} has no GATEWAY_CLUSTER_${variable}`;
  if (service.environment.GATEWAY_INSECURE_CLUSTER) yield `${name} turns TLS off`;
  if (role === "silo" && service.environment.POD_IP !== service.networks.default.ipv4_address)
    yield `${name} tells other silos another address than its own`;
}

export async function compose() {
  const { services, volumes } = parse(read("deploy/compose/compose.yaml"), { merge: true });
  await check("compose selects the profile fleet by default", () => {
    if (read("deploy/compose/.env") !== "COMPOSE_PROFILES=fleet\n") throw new Error("deploy/compose/.env");
  });
  for (const [profile, names] of Object.entries(profiles)) {
    await check(`compose: the services of ${profile} are confined and have health checks`, () => {
      const own = Object.entries(services).filter(([, service]) => service.profiles?.includes(profile));
      none(own.flatMap(([name, service]) => [...confined(name, service)]));
      none(names.flatMap((name) => [...healthy(name, services[name], programs[profile])]));
    });
  }
  await check("compose: silos and frontends authenticate each other by certificates that are made first", () => {
    none(profiles.cluster.flatMap((name) => [...authenticated(name, services[name])]));
    for (const name of profiles.cluster)
      if (services[name].depends_on["certificates-by-role"].condition !== "service_completed_successfully")
        throw new Error(`${name} does not wait for its certificate`);
  });
  await check("compose: the database is healthy only once it accepts connections over TCP", () => {
    if (!services.postgres.healthcheck.test.join(" ").includes("--host 127.0.0.1")) throw new Error("postgres");
  });
  await check("compose: every volume that a service names exists", () => {
    const named = Object.values(services).flatMap((service) => service.volumes ?? []).map((one) => one.split(":")[0]);
    none(named.filter((one) => !one.startsWith(".") && !(one in volumes)));
  });
}
