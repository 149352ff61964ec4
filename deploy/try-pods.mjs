// Runs the pods of each profile of the chart with podman, from the images of a release, with a PostgreSQL of its own.
// Under a bounded load, it replaces each pod in the Deployment's order: surge, readiness, preStop, SIGTERM, grace.
//   node deploy/try-pods.mjs HELM CHART GATEWAY_IMAGE CLUSTER_IMAGE [PROFILE...]    3 if something it needs is missing
// podman has no replicas, Services or probes: the script plays each pod once per replica, nginx replaces the Services,
// and the script itself probes the pods. docs/how-to/kubernetes.md lists what only a real cluster shows.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startServer } from './trial-server.mjs';

const [helm, chart, gatewayImage, clusterImage, ...chosen] = process.argv.slice(2);
const profiles = chosen.length > 0 ? chosen : ['single', 'fleet', 'cluster'];
const max = 2000;
// Several times as long as a pod takes alone, because pods start while others run on the same processors.
const readyMsMax = 45_000;
const limits = [{ counter: 'sent', window: 'day', max }];
const network = `try-pods-${process.pid}`;
const prefix = '172.31.53';
const host = `${prefix}.1`;
const testImage = `localhost/${network}:1`;
const token = 'a-token-of-the-trial-that-is-long-enough';

const missing = (what) => { console.log(what); process.exit(3); };
const postgresRoot = '/usr/lib/postgresql';
if (process.getuid() !== 0) missing('it needs root');
for (const one of ['podman', 'nginx', 'curl', 'runuser']) {
  try { execFileSync('sh', ['-c', `command -v ${one}`]); } catch { missing(`${one} is not installed`); }
}
if (!existsSync(postgresRoot)) missing('PostgreSQL is not installed');
let parseAllDocuments;
try {
  ({ parseAllDocuments } = createRequire(new URL('../tests/chart/package.json', import.meta.url))('yaml'));
} catch { missing('it needs npm ci in tests/chart'); }

const folder = mkdtempSync(join(tmpdir(), 'try-pods-'));
chmodSync(folder, 0o755);
const path = (...names) => join(folder, ...names);
// Without CAP_SYS_RESOURCE, a container cannot have other limits than this process. Besides, crun refuses cgroup
// controllers in two hierarchies.
writeFileSync(path('crun'), `#!/bin/sh
file=; previous=
for word in "$@"; do
  case "$previous" in --bundle | -b) file=$word/config.json ;; --process | -p) file=$word ;; esac
  previous=$word
done
if [ -f "$file" ]; then
  node -e 'const f = process.argv[1], c = JSON.parse(fs.readFileSync(f)); delete (c.process ?? c).rlimits;
    fs.writeFileSync(f, JSON.stringify(c))' "$file"
fi
exec unshare --mount sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec crun "$@"' crun "$@"
`, { mode: 0o755 });
writeFileSync(path('containers.conf'), `[engine]\ncgroup_manager = "cgroupfs"\nruntime = "${path('crun')}"\n`);
const environment = { ...process.env, CONTAINERS_CONF: path('containers.conf') };
const podman = async (...args) => {
  try {
    return (await promisify(execFile)('podman', args, { env: environment, maxBuffer: 1 << 26 })).stdout.trim();
  } catch (error) { throw new Error(`podman ${args.join(' ')}: ${error.stderr || error.message}`); }
};
const names = async (kind) => (await podman(kind, 'ls', '--format', '{{.Name}}')).split('\n').filter(Boolean);

// --- beside the pods: PostgreSQL, an MCP server, and nginx in place of the Services

const binaries = join(postgresRoot, readdirSync(postgresRoot).toSorted((a, b) => b - a)[0], 'bin');
const postgres = (name, ...args) => execFileSync('runuser', ['-u', 'postgres', '--', join(binaries, name), ...args],
  { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
const startDatabase = () => {
  const data = path('database');
  mkdirSync(data);
  execFileSync('chown', ['postgres', data]);
  postgres('initdb', '--pgdata', data, '--username', 'gateway', '--auth', 'trust', '--no-sync');
  writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhost all all all trust\n');
  postgres('pg_ctl', '--pgdata', data, '--wait', '--log', join(data, 'log'), '--options',
    `-h ${host} -p 5432 -k ${data}`, 'start');
  return {
    empty: (name) => postgres('createdb', '--host', data, '--username', 'gateway', name),
    stop: () => postgres('pg_ctl', '--pgdata', data, '--mode', 'immediate', 'stop'),
  };
};

// As with kube-proxy, a connection goes to one pod and is never retried, and it survives a change of the configuration.
const nginx = (...args) => execFileSync('nginx', ['-c', path('nginx.conf'), '-p', folder, ...args],
  { stdio: 'ignore' });
// A reload closes idle connections, even one on which a request is arriving, so clients keep no connection open.
const route = (services, isStarted) => {
  const servers = services.map(({ port, targets }, number) => {
    // Nothing listens at port 1. "return 503" would close the connection before the request has been read.
    if (targets.length === 0) return `server { listen ${host}:${port}; location / { proxy_pass http://${host}:1; } }`;
    return `upstream pods${number} { ${targets.map((one) => `server ${one} max_fails=0;`).join(' ')} }
      server { listen ${host}:${port}; location / { proxy_pass http://pods${number}; } }`;
  });
  writeFileSync(path('nginx.conf'), `pid ${path('nginx.pid')};
    error_log ${path('nginx.log')}; worker_processes 1; events {}
    http { access_log off; keepalive_timeout 0; proxy_http_version 1.1; proxy_next_upstream off;
    proxy_set_header Host $http_host;
    proxy_temp_path ${path('t1')}; client_body_temp_path ${path('t2')}; fastcgi_temp_path ${path('t3')};
    uwsgi_temp_path ${path('t4')}; scgi_temp_path ${path('t5')}; proxy_set_header Connection "";
    ${servers.join('\n')} }`);
  if (isStarted) nginx('-s', 'reload');
  else nginx();
};

// --- the chart's objects, adapted for podman

const render = (profile, server) => {
  const values = {
    profile, serviceMonitor: { enabled: true }, test: { image: testImage },
    // The images are loaded from their archives, whichever registry the chart names.
    image: { registry: '' },
    store: { postgres: { host, database: profile, password: 'of-the-trial', sslMode: 'disable' } },
    config: {
      allowedHosts: [host],
      servers: { trial: { url: server.url } },
      policies: {
        trial: { version: '1', default: 'deny', tools: { send: { limits } } },
      },
      grants: { agent: { server: 'trial', policy: 'trial', token: '${AGENT_TOKEN}' } },
    },
    secretEnv: { AGENT_TOKEN: token },
  };
  writeFileSync(path('values.json'), JSON.stringify(values));
  const text = execFileSync(helm, ['template', profile, chart, '--namespace', 'gateway',
    '--values', path('values.json'), '--api-versions', 'monitoring.coreos.com/v1'],
  { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: '/dev/null' } });
  return parseAllDocuments(text).map((one) => one.toJS()).filter(Boolean);
};

const play = async (objects, ...options) => {
  const file = path('play.yaml');
  writeFileSync(file, objects.map((one) => JSON.stringify(one)).join('\n---\n'));
  await podman('kube', 'play', ...options, file);
};

// Removes the fields that podman 4.3 handles differently: it publishes containerPort on the host, runs probes with the
// image's shell, does not know status.podIP, and shares an emptyDir between all pods that use the same name for it.
const podOf = (name, template, ip) => {
  const spec = structuredClone(template.spec);
  for (const key of ['serviceAccountName', 'topologySpreadConstraints', 'affinity']) delete spec[key];
  for (const volume of (spec.volumes ?? []).filter((one) => one.emptyDir)) {
    const mounts = spec.containers.flatMap((one) => one.volumeMounts ?? []).filter((one) => one.name === volume.name);
    for (const one of [volume, ...mounts]) one.name = `${name}-${one.name}`;
  }
  for (const volume of spec.volumes ?? []) if (volume.secret) volume.secret.optional ??= false; // else it panics
  for (const container of spec.containers) {
    for (const key of ['ports', 'startupProbe', 'readinessProbe', 'livenessProbe', 'lifecycle']) delete container[key];
    container.imagePullPolicy = 'Never';
    for (const variable of container.env ?? []) {
      const field = variable.valueFrom?.fieldRef?.fieldPath;
      if (!field) continue;
      delete variable.valueFrom;
      variable.value = { 'metadata.name': name, 'status.podIP': ip }[field];
    }
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: template.metadata?.labels }, spec };
};

const matches = (selector, labels) => Object.entries(selector).every(([key, value]) => labels[key] === value);

class Release {
  pods = [];
  #next = 10;

  constructor(objects) { this.objects = objects; }

  of(kind) { return this.objects.filter((one) => one.kind === kind); }

  /** Silos come first, because a frontend becomes ready only with a silo. */
  get deployments() { return this.of('Deployment').toSorted((a, b) => b.metadata.name.localeCompare(a.metadata.name)); }

  /** Routes the Services that have an address of their own, where nginx listens. */
  route(isStarted = true) {
    const services = this.of('Service').filter((one) => one.spec.clusterIP !== 'None');
    route(services.flatMap(({ spec }) => spec.ports.map(({ port, targetPort }) => ({
      port,
      targets: this.pods.filter((pod) => pod.isServed && matches(spec.selector, pod.labels))
        .map((pod) => `${pod.ip}:${pod.port(targetPort)}`),
    }))), isStarted);
  }

  async start(deployment) {
    const ip = `${prefix}.${this.#next++}`;
    const name = `${deployment.metadata.name}-${this.#next}`;
    const { template } = deployment.spec;
    const [container] = template.spec.containers;
    const pod = {
      name, ip, deployment, labels: template.metadata.labels, isServed: false,
      port: (named) => container.ports.find((one) => one.name === named).containerPort,
    };
    this.pods.push(pod);
    const began = Date.now();
    await play([...this.of('ConfigMap'), podOf(name, template, ip)], '--network', network, '--ip', ip);
    const { path: readyPath, port } = container.readinessProbe.httpGet;
    for (const end = Date.now() + 120_000; ;) {
      try {
        const url = `http://${ip}:${pod.port(port)}${readyPath}`;
        if ((await fetch(url, { signal: AbortSignal.timeout(2000) })).ok) break;
      } catch { /* it does not listen yet */ }
      if (Date.now() > end) {
        throw new Error(`${name} did not become ready:\n${await podman('logs', `${name}-${container.name}`)}`);
      }
      await sleep(250);
    }
    pod.readyMs = Date.now() - began;
    pod.isServed = true;
    this.route();
    return pod;
  }

  /** As in a cluster: removal from the Service and preStop at once, then SIGTERM, and SIGKILL after the grace. */
  async stop(pod) {
    const { terminationGracePeriodSeconds: grace, containers: [container] } = pod.deployment.spec.template.spec;
    pod.isServed = false;
    this.route();
    const preStop = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    await sleep(preStop * 1000);
    const name = `${pod.name}-${container.name}`;
    await podman('stop', '--time', `${grace - preStop}`, name);
    const code = await podman('inspect', '--format', '{{.State.ExitCode}}', name);
    if (code !== '0') throw new Error(`${pod.name} ended with ${code}:\n${await podman('logs', '--tail', '20', name)}`);
    await this.remove(pod);
  }

  async remove(pod) {
    this.pods = this.pods.filter((one) => one !== pod);
    await podman('pod', 'rm', '--force', pod.name);
  }

  async replaceAll() {
    for (const deployment of this.deployments) {
      const { strategy, minReadySeconds = 0 } = deployment.spec;
      for (const old of this.pods.filter((one) => one.deployment === deployment)) {
        if (strategy.type === 'Recreate') await this.stop(old);
        await this.start(deployment);
        if (strategy.type === 'Recreate') continue;
        if (strategy.rollingUpdate.maxUnavailable !== 0) throw new Error('maxUnavailable is not 0');
        await sleep(minReadySeconds * 1000);
        await this.stop(old);
      }
    }
  }

  /** Counts the targets that Prometheus would find by the ServiceMonitors, and those that respond. */
  async scrape() {
    const counts = { targets: 0, scraped: 0 };
    for (const { spec } of this.of('ServiceMonitor')) {
      const isMeant = ({ metadata: { labels } }) => matches(spec.selector.matchLabels, labels)
        && spec.selector.matchExpressions.every(({ key, values }) => values.includes(labels[key]));
      for (const service of this.of('Service').filter(isMeant)) {
        const { targetPort } = service.spec.ports.find((one) => one.name === spec.endpoints[0].port);
        for (const pod of this.pods.filter(({ labels }) => matches(service.spec.selector, labels))) {
          counts.targets++;
          const response = await fetch(`http://${pod.ip}:${pod.port(targetPort)}${spec.endpoints[0].path}`);
          if (response.ok && (await response.text()).includes('gateway_')) counts.scraped++;
        }
      }
    }
    return counts;
  }

  /** Runs the pod of `helm test` or of the validation hook, and returns its output. */
  async hook(event) {
    const isMeant = ({ metadata }) => metadata.annotations?.['helm.sh/hook']?.split(',').includes(event);
    const object = [...this.of('Job'), ...this.of('Pod')].find(isMeant);
    const pod = podOf(event, object.kind === 'Job' ? object.spec.template : object, '');
    pod.spec.restartPolicy = 'Never';
    pod.spec.hostAliases = [{ ip: host, hostnames: this.of('Service').map((one) => one.metadata.name) }];
    await play([...this.of('ConfigMap'), pod], '--network', network);
    const name = `${pod.metadata.name}-${pod.spec.containers[0].name}`;
    const code = await podman('wait', name);
    const text = await podman('logs', name);
    await podman('pod', 'rm', '--force', pod.metadata.name);
    if (code !== '0') throw new Error(`the hook ${event} ended with ${code}:\n${text}`);
    return text;
  }
}

// --- the load

const load = (address, mayBeRefused) => {
  const outcomes = { admitted: 0, limited: 0, denied: 0, refused: 0, lost: [] };
  let isFast = false;
  const call = async () => {
    let response, text;
    try {
      response = await fetch(`${address}/mcp/trial`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json',
          accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-06-18' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'send', arguments: {} } }),
        signal: AbortSignal.timeout(30_000),
      });
      text = await response.text();
    } catch (error) { return outcomes.lost.push(`${error.message} (${error.cause?.code ?? error.cause?.message
      ?? 'no cause'})`); }
    if (text.includes('"done"')) return outcomes.admitted++;
    if (text.includes('rate_limited')) return outcomes.limited++;
    if (text.includes('policy-gateway') || text.includes('unavailable')) return outcomes.denied++;
    if (mayBeRefused && [502, 503].includes(response.status)) return outcomes.refused++; // nginx has no pod
    return outcomes.lost.push(`${response.status} ${text.slice(0, 200)}`);
  };
  const until = Date.now() + 600_000;
  const agents = Array.from({ length: 4 }, async () => {
    while (outcomes.limited < 20 && outcomes.lost.length < 20 && Date.now() < until) {
      await call();
      await sleep(isFast ? 0 : 500);
    }
  });
  return { outcomes, runDry: () => { isFast = true; return Promise.all(agents); } };
};

const tryProfile = async (profile, database, server) => {
  if (profile !== 'single') database.empty(profile);
  server.seen.calls = 0;
  const one = new Release(render(profile, server));
  try {
    // podman 4.3 needs only the data, as JSON, for a variable, but the whole object, with plain text, for a volume.
    for (const secret of one.of('Secret')) {
      for (const [key, value] of Object.entries(secret.stringData ?? {})) {
        secret.data = { ...secret.data, [key]: Buffer.from(value).toString('base64') };
      }
      const decode = ([key, value]) => [key, Buffer.from(value, 'base64').toString()];
      writeFileSync(path('secret.json'), JSON.stringify(secret.type === 'kubernetes.io/tls'
        ? { ...secret, data: Object.fromEntries(Object.entries(secret.data).map(decode)) } : secret.data));
      await podman('secret', 'create', secret.metadata.name, path('secret.json'));
    }
    await one.hook('pre-install');
    for (const deployment of one.deployments) {
      for (let count = 0; count < deployment.spec.replicas; count++) await one.start(deployment);
    }
    const test = one.of('Pod').find(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test');
    const commands = test.spec.containers[0].args.join('\n').match(/^ *expect [1-5]\d\d /gm).length;
    const passed = (await one.hook('test')).split('\n').filter((line) => line.startsWith('passed')).length;
    const { targets, scraped } = await one.scrape();
    const started = one.pods.length;
    const slowest = Math.max(...one.pods.map((pod) => pod.readyMs));
    const { outcomes, runDry } = load(`http://${host}`, profile === 'single');
    await sleep(2000); // `single` has no pod while its only one is replaced
    await one.replaceAll();
    const during = outcomes.admitted;
    await runDry();
    const over = Math.max(0, server.seen.calls - max);
    console.log(`-- ${profile}: ${started} pods replaced, ready after at most ${slowest} ms; `
      + `${passed} of ${commands} commands of helm test; ${scraped} of ${targets} targets scraped; `
      + `${during} calls admitted during that and ${outcomes.admitted} in total; `
      + `${outcomes.lost.length} lost, ${over} over, ${outcomes.denied} denied temporarily, `
      + `${outcomes.refused} without a pod`);
    const calls = outcomes.admitted + outcomes.denied;
    if (outcomes.lost.length > 0) throw new Error(`lost: ${outcomes.lost.slice(0, 5).join('; ')}`);
    if (over > 0 || server.seen.calls !== outcomes.admitted)
      throw new Error(`the server received ${server.seen.calls} calls`);
    if (during === 0 || during >= max || outcomes.limited === 0) throw new Error('the load did not last');
    if (outcomes.denied * 200 > calls) throw new Error(`${outcomes.denied} of ${calls} calls were denied`);
    if (passed === 0 || passed !== commands) throw new Error(`${passed} of ${commands} commands of helm test passed`);
    if (targets === 0 || scraped !== targets) throw new Error('a scrape failed');
    if (slowest > readyMsMax) throw new Error(`a pod was ready after ${slowest} ms, more than ${readyMsMax}`);
  } finally {
    for (const pod of one.pods) await podman('pod', 'rm', '--force', pod.name).catch(() => {});
    for (const name of ['pre-install', 'test']) await podman('pod', 'rm', '--force', '--ignore', name).catch(() => {});
  }
};

const loaded = [];
const before = {};
let database, server, code = 1;
try {
  for (const kind of ['volume', 'secret']) before[kind] = await names(kind);
  for (const image of [gatewayImage, clusterImage]) {
    loaded.push((await podman('load', '--quiet', '--input', image)).replace(/^.*: /, ''));
  }
  // An image for `helm test`, with a shell and curl of this machine.
  execFileSync('bash', ['-ec', `files=$(for one in sh curl sleep; do command -v $one; done)
    tar -chPf ${path('test.tar')} --transform 's|^/||' $files \\
      $(ldd $files | grep -oE '/[^ ]+' | grep -v ':$' | sort -u)`]);
  await podman('import', '--quiet', '--change', 'ENV PATH=/usr/bin:/bin', path('test.tar'), testImage);
  await podman('network', 'create', '--subnet', `${prefix}.0/24`, network);
  // The network's bridge exists while a container is in it.
  await podman('run', '--detach', '--name', network, '--network', network, testImage, 'sleep', '3600');
  [database, server] = [startDatabase(), await startServer(host)];
  route([], false);
  for (const profile of profiles) await tryProfile(profile, database, server);
  code = 0;
} catch (error) {
  console.error(error.message);
} finally {
  if (existsSync(path('nginx.pid'))) nginx('-s', 'stop');
  server?.stop();
  database?.stop();
  await podman('rm', '--force', '--time', '0', network).catch(() => {});
  for (const kind of ['volume', 'secret']) {
    const made = (await names(kind)).filter((one) => before[kind] && !before[kind].includes(one));
    if (made.length > 0) await podman(kind, 'rm', ...made).catch(() => {});
  }
  await podman('network', 'rm', '--force', network).catch(() => {});
  await podman('rmi', testImage, ...loaded).catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
