#!/usr/bin/env python3
"""Collects real tool definitions from public directories into JSON lines. The definitions stay out of the project.

    collect.py OUT.jsonl [--repositories FOLDER] [--npm FILE.jsonl]

FOLDER holds bare git repositories as OWNER+NAME/repo or OWNER+NAME; one that is missing is cloned (bare) into it. A
repository is read at the commit below, or at HEAD with a warning where that commit is absent. --npm adds what
list-npm.js wrote. A line has: id (source|server|tool|hash), key, source, repository, author, server, package (npm:NAME,
pypi:NAME or oci:NAME), transport, name, title, description, listed (a directory's placeholder, where that stood
instead), schema, annotations, also (other servers that have the same definition). Needs PyYAML.
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata

import yaml

SOURCES = {  # in the order in which they are preferred
    "github/github-mcp-server": "64a49f34",
    "icip-cas/LiveMCPBench": "a928e57",
    "TheAgentArk/Toucan": "a1976de",
    "metorial/mcp-index": "100a2d68",
    "pathintegral-institute/mcpm.sh": "bdd5ed9",
    "docker/mcp-registry": "818bf169",
    "toolsdk-ai/toolsdk-mcp-registry": "4bfe8262",
}
# What a directory shows of a tool without a description.
JUNK = re.compile(r"^(Deploy Server .* Try in Playground \S+\s*|Description not available|No description\.?)$", re.S)
TRANSPORTS = ("streamable-http", "sse")
PLACE = ("source", "server", "author", "repository", "package", "transport")
HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")


Loader = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})  # without dates and a meaning of "="
Loader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if not rule[0].endswith((":timestamp", ":value"))]
    for first, rules in Loader.yaml_implicit_resolvers.items()
}


class Repository:
    def __init__(self, name, folder):
        path = os.path.join(folder, name.replace("/", "+"))
        if not os.path.isdir(path):
            subprocess.run(["git", "clone", "-q", "--bare", f"https://github.com/{name}", path], check=True)
        self.git = ["git", f"--git-dir={path + '/repo' if os.path.isdir(path + '/repo') else path}"]
        self.commit = SOURCES[name]
        if subprocess.run([*self.git, "cat-file", "-e", self.commit], stderr=subprocess.DEVNULL).returncode:
            print(f"{name}: {self.commit} is absent, HEAD is read", file=sys.stderr)
            self.commit = "HEAD"

    def files(self, pattern):
        """Path and bytes of each file that matches."""
        rows = subprocess.run([*self.git, "ls-tree", "-r", "-z", self.commit], stdout=subprocess.PIPE, check=True)
        parts = [row.partition("\t") for row in rows.stdout.decode().split("\0") if row]
        wanted = [(path, facts.split()[2]) for facts, _, path in parts if re.search(pattern, path)]
        with subprocess.Popen([*self.git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
            for path, blob in wanted:
                cat.stdin.write(blob.encode() + b"\n")
                cat.stdin.flush()
                size = int(cat.stdout.readline().split()[2])
                yield path, cat.stdout.read(size + 1)[:-1]
            cat.stdin.close()


def github(text):
    """owner/name of an address at a forge, in lower case; empty where it is none."""
    found = re.search(r"(?:github|gitlab|gitee|bitbucket)\.(?:com|org)[/:]([\w.-]+)/([\w.-]+)", str(text or ""))
    return f"{found[1]}/{found[2].removesuffix('.git')}".lower() if found else ""


def started(command, arguments):
    """The package that a command line starts, and its transport."""
    names = [str(part) for part in arguments or []]
    kind = {"npx": "npm", "bunx": "npm", "uvx": "pypi", "pipx": "pypi", "docker": "oci"}.get(str(command))
    if kind is None:
        return None, "stdio" if command else None
    while names and (names[0].startswith("-") or names[0] == "run"):
        # These options have a value. "docker run" has more such options, so only the value of "--from" is a name.
        option = names.pop(0)
        if option == "--from" and names:
            break
        if option in ("-e", "-v", "-p", "--env", "--mount", "--network", "--name", "--python", "--with") and names:
            names.pop(0)
    return package(kind, names[0] if names else None), "stdio"


def package(kind, name):
    """A package without its version; nothing where the name has another form, such as a placeholder."""
    if not isinstance(name, str):
        return None
    if kind != "oci":
        name = re.sub(r"(?<=.)@[^/]*$", "", re.split(r"[=<>\[]", name)[0])
    name = re.sub(r"[:@][\w.:-]+$", "", name) if kind == "oci" else name
    return f"{kind}:{name}" if re.fullmatch(r"@?[\w.-]+(/[\w.-]+)*", name) else None


def items(tools):
    if isinstance(tools, dict):
        return [{"name": key, **value} for key, value in tools.items() if isinstance(value, dict)]
    return [tool for tool in tools or [] if isinstance(tool, dict)]


def toucan(repository):
    for path, data in repository.files(r"^mcp_servers/.*\.json$"):
        meta = json.loads(data)["metadata"]
        crawled = meta.get("server_info_crawled") or {}
        remote = items((meta.get("remote_server_response") or {}).get("tools"))
        names = {tool.get("name") for tool in remote}
        own = path.split("/")[1].split(".", 1)[1].removesuffix("_labeled.json")
        server = (crawled.get("author") or "").replace("Not found", "") or own
        author = server.split("/")[0].lstrip("@") if server.startswith("@") else ""
        yield (
            server,
            author,
            crawled.get("repository_url"),
            remote + [tool for tool in items(crawled.get("tools")) if tool.get("name") not in names],
            (None, "streamable-http" if crawled.get("remote_or_local") == "Remote" else "stdio"),
        )


def metorial(repository):
    servers = {path.rsplit("/", 1)[0]: data for path, data in repository.files(r"^catalog/.*/server\.yaml$")}
    for path, data in repository.files(r"^catalog/.*/tools\.yaml$"):
        folder = path.rsplit("/", 1)[0]
        facts = yaml.load(servers.get(folder, b"{}"), Loader) or {}
        server = folder.removeprefix("catalog/")
        yield (
            server,
            server.split("/")[0],
            (facts.get("repo") or {}).get("url"),
            items((yaml.load(data, Loader) or {}).get("tools")),
            (None, None),
        )


def toolsdk(repository):
    packages = {path.removeprefix("packages/"): data for path, data in repository.files(r"^packages/.*\.json$")}
    for _, data in repository.files(r"^indexes/packages-list\.json$"):
        for name, facts in json.loads(data).items():
            entry = json.loads(packages.get(facts.get("path"), b"{}"))
            author = name.split("/")[0].lstrip("@") if name.startswith("@") else ""
            kind = {"node": "npm", "python": "pypi"}.get(entry.get("runtime"))
            made = (package(kind, entry.get("packageName")) if kind else None, "stdio")
            yield name, "" if author == "toolsdk.ai" else author, entry.get("url"), items(facts.get("tools")), made


def mcpm(repository):
    for path, data in repository.files(r"^mcp-registry/servers/.*\.json$"):
        facts = json.loads(data)
        repo = facts.get("repository")
        url = repo.get("url") if isinstance(repo, dict) else repo
        ways = [one for one in (facts.get("installations") or {}).values() if isinstance(one, dict)]
        made = [started(one.get("command"), one.get("args")) for one in ways]
        made += [(None, "streamable-http") for one in ways if one.get("url")]
        made = next((one for one in made if one[0]), made[0] if made else (None, None))
        yield facts.get("name") or path, "", url or facts.get("homepage"), items(facts.get("tools")), made


def docker(repository):
    servers = {path.split("/")[1]: data for path, data in repository.files(r"^servers/[^/]+/server\.yaml$")}
    for path, data in repository.files(r"^servers/[^/]+/tools\.json$"):
        name = path.split("/")[1]
        facts = yaml.load(servers.get(name, b"{}"), Loader) or {}
        remote = (facts.get("remote") or {}).get("transport_type")
        made = (package("oci", facts.get("image")), remote if remote in TRANSPORTS else "stdio")
        yield name, "", (facts.get("source") or {}).get("project"), items(json.loads(data)), made


def bench(repository):
    for _, data in repository.files(r"^tools/LiveMCPTool/tools\.json$"):
        for facts in json.loads(data):
            ways = (facts.get("config") or {}).get("mcpServers") or {}
            for key, server in (facts.get("tools") or {}).items():
                way = ways.get(key) or next(iter(ways.values()), {})
                made = started(way.get("command"), way.get("args"))
                yield key, facts.get("organization") or "", facts.get("web"), items(server.get("tools")), made


def snaps(repository):
    tools = [json.loads(data) for _, data in repository.files(r"^pkg/github/__toolsnaps__/.*\.snap$")]
    made = ("oci:ghcr.io/github/github-mcp-server", "stdio")
    yield "github-mcp-server", "github", "https://github.com/github/github-mcp-server", tools, made


READERS = dict(zip(SOURCES, (snaps, bench, toucan, metorial, mcpm, docker, toolsdk)))


def plain(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def stringed(value):
    """YAML may have members that are no strings."""
    if isinstance(value, dict):
        return {str(key): stringed(part) for key, part in value.items()}
    return [stringed(part) for part in value] if isinstance(value, list) else value


def digest(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def tool_of(source, server, author, url, tool, made):
    name = tool.get("name")
    if not isinstance(name, str) or not name.strip():
        return None
    description = tool["description"] if isinstance(tool.get("description"), str) else ""
    listed, description = description, JUNK.sub("", description)
    schema = stringed(
        next(
            (tool[key] for key in ("inputSchema", "input_schema", "parameters") if isinstance(tool.get(key), dict)),
            None,
        )
    )
    hints = tool.get("annotations") if isinstance(tool.get("annotations"), dict) else {}
    hints = {key: hints[key] for key in HINTS if isinstance(hints.get(key), bool)}
    said = [name.strip().casefold(), plain(description).casefold()]
    # Without a description the schema tells tools of one name apart.
    key = digest(said if said[1] else [*said, schema])
    repo = github(url)
    return {
        "id": f"{source}|{server}|{name}|{digest([name, plain(description), schema])}",
        "key": key,
        "source": source,
        "repository": repo,
        "author": (repo.split("/")[0] or author).lower(),
        "server": server,
        "package": made[0],
        "transport": made[1],
        "name": name,
        "title": tool.get("title") if isinstance(tool.get("title"), str) else None,
        "description": description,
        "listed": listed if listed != description else None,
        "schema": schema,
        "annotations": hints or None,
        "also": [],
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("out")
    options.add_argument("--repositories", default="repositories")
    options.add_argument("--npm")
    given = options.parse_args()
    found = []
    if given.npm:
        for line in open(given.npm, encoding="utf-8"):
            server = json.loads(line)
            author = server["server"].split("/")[0].lstrip("@") if server["server"].startswith("@") else ""
            url = server.get("repository")
            made = (package("npm", server["server"]), "stdio")
            found += [tool_of("npm", server["server"], author, url, tool, made) for tool in server["tools"]]
    for source, reader in READERS.items():
        for server, author, url, tools, made in reader(Repository(source, given.repositories)):
            found += [tool_of(source, server, author, url, tool, made) for tool in tools]
    kept = {}
    for tool in filter(None, found):  # the first that has a schema stays, and gets the hints and places of the others
        other = kept.setdefault(tool["key"], tool)
        if other is tool:
            continue
        best, rest = (tool, other) if tool["schema"] and not other["schema"] else (other, tool)
        best["annotations"] = best["annotations"] or rest["annotations"]
        best["also"] += rest["also"] + [[rest[part] for part in PLACE]]
        kept[tool["key"]] = best
    with open(given.out, "w", encoding="utf-8") as out:
        for tool in kept.values():
            out.write(json.dumps(tool, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
    print(f"{len(kept)} distinct of {sum(tool is not None for tool in found)} tools", file=sys.stderr)


if __name__ == "__main__":
    main()
