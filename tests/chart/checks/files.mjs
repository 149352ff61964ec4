// The files around the chart: its README, Chart.yaml and workflows.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { read, repository } from "../chart.mjs";
import { check, none } from "../suite.mjs";
import { rows } from "../values.mjs";

const workflows = () =>
  readdirSync(join(repository, ".github", "workflows")).map((name) => `.github/workflows/${name}`);

async function readme() {
  await check("every value has a description", () =>
    none(
      rows()
        .filter(({ description }) => !description)
        .map(({ key }) => key),
    ),
  );
  await check("the README names every profile, and has a section on upgrading", () =>
    none(
      ["## Upgrading", "`single`", "`fleet`", "`cluster`"].filter(
        (words) => !read("deploy/k8s/README.md").includes(words),
      ),
    ),
  );
  await check("every variable of gateway-cluster is explained in the README", () => {
    const command = read("src/hosts/Gateway.Cluster/Settings/ClusterCommand.cs");
    const source = read("deploy/k8s/templates/_environment.tpl") + command;
    const names = [...new Set([...source.matchAll(/\b(?:GATEWAY|POD|DOTNET)_[A-Z_]+/g)].map(([name]) => name))];
    const elsewhere = "GATEWAY_PRIMARY_PORT"; // of a cluster on one machine
    none(names.filter((name) => name !== elsewhere && !read("deploy/k8s/README.md").includes(`\`${name}\``)));
  });
}

/** Every file of text below a folder of the repository, or the file itself. */
function* below(path) {
  const entry = join(repository, path);
  if (!statSync(entry).isDirectory()) yield path;
  else for (const name of readdirSync(entry)) yield* below(`${path}/${name}`);
}

async function paths() {
  const maps = [...below("src")].filter((path) => path.endsWith(".cs") && /Map\w+\(\s*"\/console/.test(read(path)));
  await check("nothing leads to /console while the gateway has none", () => {
    const told = [...below("deploy"), ...below("docs"), "README.md", "SECURITY.md"];
    if (maps.length === 0) none(told.filter((path) => /(?<!\/)\/console\b|\bthe console\b/.test(read(path))));
  });
}

async function versions() {
  const chart = parse(read("deploy/k8s/Chart.yaml"));
  await check("Chart.yaml carries the product's version and what catalogues ask for", () => {
    const [, version] = read("Directory.Build.props").match(/<Version>(.+)<\/Version>/);
    if (chart.appVersion !== version) throw new Error(`appVersion is ${chart.appVersion}, the product's is ${version}`);
    none(
      ["kubeVersion", "icon", "home", "sources", "maintainers", "keywords"]
        .filter((key) => !chart[key])
        .map((key) => `no ${key}`),
    );
    none(["license", "links", "category"].filter((key) => !chart.annotations[`artifacthub.io/${key}`]));
  });
}

async function images() {
  await check("images and charts are published only as .ci/release made and tried them", () => {
    const otherWays = /\b(docker|podman|buildah) build\b|build-push-action|\bhelm (package|push)\b/;
    none(workflows().filter((file) => otherWays.test(read(file))));
    if (!read(".github/workflows/release.yml").includes("deploy/oci/publish artifacts/release "))
      throw new Error("release.yml does not push what is in artifacts/release");
    if (!/\n {2}tried_publish\n/.test(read(".ci/release")))
      throw new Error(".ci/release does not try deploy/oci/publish");
  });
}

function* steps(file) {
  for (const [job, { steps: all = [] }] of Object.entries(parse(read(file)).jobs))
    for (const step of all) yield { job, step };
}

async function pipelines() {
  for (const file of workflows()) {
    await check(`${file} has sound scripts`, () => {
      for (const { job, step } of steps(file)) {
        if (!step.run) continue;
        const script = step.run.replaceAll(/\$\{\{.*?\}\}/g, "expression");
        try {
          execFileSync("bash", ["-n"], { input: script, stdio: ["pipe", "ignore", "pipe"] });
        } catch (error) {
          throw new Error(`${job}: ${step.name}: ${error.stderr}`);
        }
      }
    });
    await check(`${file} grants least rights and pins its actions`, () => {
      const document = parse(read(file));
      const problems = [];
      if (!document.permissions || Object.values(document.permissions).includes("write"))
        problems.push("rights belong to jobs");
      for (const { job, step } of steps(file)) {
        if (step.uses && !/@(v\d|[0-9a-f]{40}$)/.test(step.uses)) problems.push(`${job}: ${step.uses}`);
        if (/\$\{\{ *github\.(event|head_ref)/.test(step.run ?? ""))
          problems.push(`${job}: an outsider's text in a script`);
      }
      none(problems);
    });
    await check(`${file} names paths that are there`, () => {
      const named = [...read(file).matchAll(/(?<![\w/.-])(?:deploy|tests)\/[\w./-]*\w/g)].map(([path]) => path);
      none([...new Set(named)].filter((path) => !existsSync(join(repository, path))));
    });
  }
}

export async function files() {
  await readme();
  await paths();
  await versions();
  await images();
  await pipelines();
}
