#!/usr/bin/env python3
"""Writes the attacks and harmless definitions of public scanners as a corpus for `measure DEFINITIONS --findings`.

    corpora.py OUT.jsonl [--repositories FOLDER]

FOLDER is as for collect.py. The texts belong to those projects and stay out of this one. Corpora that are not public,
such as MCPTox, are not read.
"""
import argparse
import ast
import json

from collect import Repository, SOURCES

PROXY = "smart-mcp-proxy/mcpproxy-go"
CISCO = "cisco-ai-defense/mcp-scanner"
SOURCES.update({PROXY: "20a3e509", CISCO: "HEAD"})
# Its other servers are openly malicious programs, not poisoned definitions.
POISONED = {
    "server.py": ["add", "send_email"],
    "line_jumping_server.py": ["send_mail", "retrieve_logs", "get_workstation_environment"],
    "malicious_mcp_streamable_server.py": ["execute_system_command", "run_injection_code"],
}


def entry(identity, kind, is_bad, server, tools, peers=()):
    servers = {peer: {"tools": [tool]} for peer, tool in peers}
    servers.setdefault(server, {"tools": []})["tools"] += tools
    return {"id": identity, "kind": kind, "split": "dev", "servers": servers,
            "bad": [f"{server}/tool {tools[0]['name']}"] if is_bad else []}


def of_proxy(repository):
    for path, text in repository.files(r"datasets/(detect|security)_corpus_v1\.json$"):
        for one in json.loads(text)["entries"]:
            is_bad = one["label"] == "malicious"
            if "tool" not in one and one["category"] in ("shadowing", "rug_pull"):
                continue  # a description without the other server, or without what it was before
            tool = one.get("tool") or {"name": one["id"], "description": one["description"]}
            tool.setdefault("inputSchema", {"type": "object"})
            peers = [(peer["server"], peer["tool"]) for peer in one.get("peers", [])]
            yield entry(one["id"], one["category"] if is_bad else "benign", is_bad, one.get("server", "one"), [tool],
                        peers)


def of_cisco(repository):
    for path, text in repository.files(r"^examples/example-malicious-servers/.*\.py$"):
        wanted = POISONED.get(path.rsplit("/", 1)[1], [])
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and function.name in wanted:
                names = [argument.arg for argument in function.args.args]
                tool = {"name": function.name, "description": ast.get_docstring(function),
                        "inputSchema": {"type": "object", "properties": {name: {"type": "string"} for name in names}}}
                yield entry(f"{path}:{function.name}", "tool_poisoning", True, "one", [tool])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--repositories", default=".")
    options = parser.parse_args()
    with open(options.out, "w", encoding="utf-8") as out:
        for name, read in ((PROXY, of_proxy), (CISCO, of_cisco)):
            for one in read(Repository(name, options.repositories)):
                out.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    main()
