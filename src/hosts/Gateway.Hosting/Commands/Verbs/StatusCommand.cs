using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway status</c>: how a running gateway stands, on one screen.</summary>
internal static class StatusCommand
{
    private const int RowsMax = 10;

    public static Command Create() => RemoteVerb.Create("status",
        "Show how a running gateway stands, and what needs you. Of a fleet it is the one that answers.\n"
        + "Exits with 1 where it is not ready, so that it denies calls.\n\nExample:\n  gateway status", RunAsync);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var status = (await client.GetAsync("status", cancellation)).Object;
        if (output.IsJson)
            output.Json(status);
        else
            Print(client.Gateway, status, output);
        return (bool)status["ready"]! ? ExitCode.Well : ExitCode.No;
    }

    private static void Print(Uri gateway, JsonObject status, Output output)
    {
        var (ready, problem) = ((bool)status["ready"]!, (string?)status["problem"]);
        output.Facts(status,
        [
            ("gateway", $"{gateway} {status["version"]}, up "
                + Times.Between((string?)status["startedAt"], (string?)status["now"])),
            ("status", ready ? "ready" : "not ready"),
            ("because", problem),
            ("paused", Pauses(status["pauses"])),
            ("engine", Engine(status["engine"])),
            ("file", File(status["config"])),
            ("fleet", Fleet(status["fleet"])),
            ("stored", $"{Count(status, "servers", "server")}, {Count(status, "policies", "policy", "policies")}, "
                + $"{Count(status, "grants", "grant")}; revision {status["revision"]}{Warnings(status)}"),
            ("audit", Audit(status["audit"])),
            .. (status["audit"]?["sinks"]?.AsArray() ?? [])
                .Select(static sink => ($"sink {sink!["name"]}", Sink(sink))),
            ("approvals", Approvals(status)),
        ]);
        foreach (var line in Attention(status))
            output.Line(line);
        output.Line("");
        Servers(status, output);
        Refused(status, output);
    }

    private static string? Pauses(JsonNode? pauses)
    {
        if (pauses is null)
            return null;
        List<string> all =
        [
            .. pauses["gateway"] is null ? (string[])[] : ["every call (gateway resume --all)"],
            .. Names(pauses["servers"], "server"), .. Names(pauses["grants"], "grant"),
        ];
        return all.Count == 0 ? null : string.Join(", ", all);

        static IEnumerable<string> Names(JsonNode? names, string kind) =>
            names is JsonArray array ? array.Select(name => $"{kind} {name}") : [];
    }

    private static string? Engine(JsonNode? engine) => engine is null ? null
        : $"{engine["kind"]}, {(string?)engine["fault"] ?? "ok"}";

    private static string File(JsonNode? config)
    {
        if (config is null)
            return "none";
        var loaded = Times.Show((string?)config["loadedAt"]);
        var warnings = config["warnings"]!.AsArray().Count;
        var state = (bool)config["inForce"]!
            ? $"in force since {loaded}"
            : (bool?)config["isWaiting"] == true
            ? $"CHANGED and not applied yet; the one of {loaded} is in force"
            : $"REFUSED as it is now; the one of {loaded} is in force";
        return $"{config["path"]}, {state}" + (warnings == 0 ? "" : $"; {Spelling.Count(warnings, "warning")}");
    }

    private static string? Fleet(JsonNode? fleet) => fleet is null ? null
        : $"configuration files DIFFER since {Times.Show((string?)fleet["since"])}: give all gateways the same file";

    private static string Warnings(JsonObject status) =>
        status["policyWarnings"]?.AsArray() is { Count: > 0 and var count }
            ? $"; {Spelling.Count(count, "warning")}" : "";

    private static string? Audit(JsonNode? audit)
    {
        if (audit is null)
            return null;
        var free = (long?)audit["freeBytes"] is { } bytes ? $"; {Size(bytes)} free on its volume" : "";
        var lost = (long)audit["lost"]! is > 0 and var n ? $"; {n} not on record" : "";
        return $"{(string?)audit["fault"] ?? "ok"}; {audit["queued"]} of at most {audit["queueMax"]} wait{lost}{free}"
            + Kept(audit);
    }

    private static string? Sink(JsonNode sink) =>
        $"{Size((long)sink["lagBytes"]!)} behind"
        + ((long)sink["lostBytes"]! is > 0 and var lost ? $", {Size(lost)} lost" : "")
        + ((long?)sink["rejected"] is > 0 and var rejected
            ? $", {Spelling.Count((int)rejected, "record")} rejected" : "")
        + (sink["problem"] is { } problem ? $"; {problem}" : "");

    private static string Kept(JsonNode audit)
    {
        if ((long?)audit["bytesMax"] is not { } most)
            return "";
        var since = (string?)audit["oldest"] is { } oldest ? $" since {Times.Show(oldest)}" : "";
        var dropped = (long)audit["droppedFiles"]! is > 0 and var files
            ? $"; {Spelling.Count(files, "file")} dropped for room" : "";
        var folded = (long)audit["folded"]! is > 0 and var n ? $"; {Spelling.Count(n, "refusal")} counted only" : "";
        return $"; keeps {Size((long)audit["keptBytes"]!)} of {Size(most)}{since}{dropped}{folded}";
    }

    private static string Size(long bytes)
    {
        var (unit, name) = bytes >= 1_000_000_000 ? (1e9, "GB") : bytes >= 1_000_000 ? (1e6, "MB") : (1e3, "kB");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:0.0} {name}");
    }

    private static string? Approvals(JsonObject status)
    {
        if (status["approvals"] is not { } approvals)
            return null;
        var open = (int)approvals["open"]!;
        return open == 0
            ? "none waits"
            : $"{Spelling.Count(open, "request waits", "requests wait")} for an answer, the oldest since "
                + $"{Times.Show((string?)approvals["oldestAsked"])}: "
                + "gateway approvals list";
    }

    private static IEnumerable<string> Attention(JsonObject status)
    {
        // Earlier releases have no such list.
        if (status["attention"] is not JsonArray all)
            return [];
        return all.Select(static one => $"{one!["severity"]}: {one["text"]}"
            + (one["detail"] is { } detail ? $": {detail}" : "")
            + ((string?)one["since"] is { } since ? $" (since {Times.Show(since)})" : ""))
            .Concat(status["config"]?["warnings"]?.AsArray().Select(static warning => $"warning: {warning}") ?? []);
    }

    private static void Servers(JsonObject status, Output output)
    {
        var servers = status["serverStates"]!.AsArray();
        List<(string Head, Func<JsonNode, string?> Cell)> columns =
        [
            ("SERVER", static server => (string?)server["name"]),
            ("HEALTH", static server => (bool)server["paused"]! ? "paused" : (string?)server["health"]),
            ("SINCE", static server => Times.Show((string?)server["since"])),
            ("WHY", static server => (string?)server["fault"]),
        ];
        // Most gateways have no outbound proxy.
        if (servers.Any(static server => ServerShow.IsProxied((string?)server!["route"])))
            columns.Insert(3, ("ROUTE", static server => (string?)server["route"]));
        output.Table(servers, "No server is registered. See: gateway server add", [.. columns]);
        output.Line("");
    }

    private static void Refused(JsonObject status, Output output)
    {
        var refused = status["refusedLastHour"]!.AsArray();
        var first = new JsonArray([.. refused.Take(RowsMax).Select(static grant => grant!.DeepClone())]);
        output.Table(first, "No grant was refused in the last hour.",
            ("REFUSED IN THE LAST HOUR", static grant => (string?)grant["grant"]),
            ("TIMES", static grant => grant["count"]!.ToString()),
            ("LAST", static grant => Times.Show((string?)grant["lastAt"])),
            ("BY", static grant => (string?)grant["lastRule"]));
        if (refused.Count > first.Count)
            output.Line($"and {Spelling.Count(refused.Count - first.Count, "further grant")}: --json");
    }

    private static string Count(JsonObject status, string member, string one, string? many = null) =>
        Spelling.Count((int)status[member]!, one, many);
}
