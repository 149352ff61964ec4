using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Proxy.Configuration;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

/// <summary><c>gateway audit</c>: what was decided, and what was changed.</summary>
internal static class AuditCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Option<int> Count = new("--lines", "-n")
    {
        Description = "How many of the last records.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };

    private static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Wait for more; Ctrl-C ends it.",
    };

    private static readonly Option<string?>[] Filters =
    [
        Filter("--kind", "decision, outcome, approval, change or gap."), Filter("--grant", "A grant's name."),
        Filter("--server", "A server's name."), Filter("--tool", "A tool's name."),
        Filter("--outcome", "allowed, denied, rate_limited, approval_required or unavailable."),
        Filter("--rule", "A rule, as records name it."), Filter("--call-id", "One call."),
    ];

    private static readonly Option<string?> From = Filter("--from", "An instant, or a length back: 2h, 7d.");
    private static readonly Option<string?> To = Filter("--to", "An instant, or a length back.");

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "At most this many.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    public static Command Create() => new("audit", "Read the record of decisions and changes.")
    {
        RemoteVerb.Create("tail",
            "Show the last records, and go on.\n\nExample:\n  gateway audit tail -f --outcome rate_limited",
            TailAsync, [Count, Follow, .. Filters]),
        RemoteVerb.Create("query",
            "Search the record, oldest first.\n\nExample:\n  gateway audit query --grant support-bot --from 2h --json",
            QueryAsync, [From, To, Limit, .. Filters]),
    };

    private static Option<string?> Filter(string name, string help) => new(name) { Description = help, HelpName = "X" };

    private static async Task<int> TailAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var filter = Query(parsed);
        var page = (await client.GetAsync($"audit?tail={parsed.GetValue(Count)}{filter}", cancellation)).Object;
        Print(output, page);
        while (parsed.GetValue(Follow) && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellation);
            page = (await client.GetAsync($"audit?cursor={page["next"]}{filter}", cancellation)).Object;
            Print(output, page);
        }

        return ExitCode.Well;
    }

    private static async Task<int> QueryAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (!TryTime(parsed.GetValue(From), now, "from", out var from)
            || !TryTime(parsed.GetValue(To), now, "to", out var to))
        {
            return ExitCode.Usage;
        }

        var left = parsed.GetValue(Limit);
        var found = 0;
        for (var cursor = ""; left > 0;)
        {
            var path = $"audit?limit={Math.Min(left, 500)}&cursor={cursor}{from}{to}{Query(parsed)}";
            var page = (await client.GetAsync(path, cancellation)).Object;
            Print(output, page);
            var count = page["items"]!.AsArray().Count;
            (left, found, cursor) = (left - count, found + count, (string)page["next"]!);
            if (!(bool)page["more"]!)
                break;
        }

        if (found > 0)
            return ExitCode.Well;
        Console.Error.WriteLine("No record matches.");
        return ExitCode.No;
    }

    private static bool TryTime(string? text, DateTimeOffset now, string name, out string query)
    {
        query = "";
        if (text is null)
            return true;
        if (!WrittenTime.TryBack(text, now, out var time))
        {
            Console.Error.WriteLine($"--{name} \"{text}\" is no time: write {WrittenTime.Rule}.");
            return false;
        }

        query = $"&{name}={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}";
        return true;
    }

    private static string Query(ParseResult parsed) => string.Concat(Filters
        .Select(option => (Name: option.Name.TrimStart('-'), Value: parsed.GetValue(option)))
        .Where(static filter => filter.Value is not null)
        .Select(static filter =>
            $"&{(filter.Name == "call-id" ? "callId" : filter.Name)}={Uri.EscapeDataString(filter.Value!)}"));

    /// <summary>JSON Lines where JSON was asked for: a record a line, as they stand in the log.</summary>
    private static void Print(Output output, JsonObject page)
    {
        foreach (var record in page["items"]!.AsArray())
            output.Line(output.IsJson ? record!.ToJsonString() : Line(record!));
    }

    private static string Line(JsonNode record)
    {
        var time = Times.Show((string?)record["time"]);
        return (string?)record["kind"] switch
        {
            "decision" => $"{time}  {record["outcome"]}  {record["grant"]} → {record["server"]}  "
                + $"{record["tool"] ?? record["name"] ?? record["method"]}  by {record["rule"]}"
                + (record["reason"] is { } reason ? $"  {reason}" : ""),
            "outcome" => $"{time}  {record["ended"]}  {record["grant"]} → {record["server"]}  "
                + $"{record["status"]}, {record["bytes"]} bytes, {record["durationMs"]} ms, {record["counted"]}",
            "change" => record["failed"] is { } why
                ? $"{time}  change {record["changeId"]} failed: {why}"
                : $"{time}  {record["by"]} {record["action"]} {record["object"]}  from {record["from"]}",
            "gap" => $"{time}  not on record since {Times.Show((string?)record["since"])}: "
                + $"{record["decisions"]} decisions, "
                + $"{record["outcomes"]} outcomes, {record["approvals"]} approvals, {record["changes"]} changes; "
                + $"{record["cause"]}",
            var kind => $"{time}  {kind}",
        };
    }
}
