using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Text;
using Gateway.Proxy.Upstreams;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>
/// The output of audit records for people, one per line, or as JSON Lines in the form of the log. Remarks about the
/// result go to standard error, or into a first line of the kind <c>answer</c>.
/// </summary>
internal static class AuditText
{
    private const int IdLength = 16;
    private const int ChangesShown = 3;

    /// <summary>The members that are columns in CSV; the last column is the sentence for people.</summary>
    private static readonly string[] Columns =
    [
        "time", "kind", "grant", "server", "tool", "outcome", "became", "rule", "reason", "by", "action", "object",
        "from", "credential", "credentialId", "origin", "frontend", "callId", "caller", "callerIssuer",
    ];

    /// <summary>Prints the header of CSV, whose other lines are all records.</summary>
    public static void Head(Output output)
    {
        if (output.IsCsv)
            output.CsvRow([.. Columns, "text"]);
    }

    /// <param name="output">The output.</param>
    /// <param name="search">The result of the search.</param>
    /// <param name="options">The options that would show more records.</param>
    public static void Print(Output output, AuditSearch search, string options)
    {
        if (output.IsJson && (search.HasOthers || search.IsCut))
        {
            output.Line(new JsonObject
            {
                ["kind"] = "answer",
                ["frontend"] = search.Frontend,
                ["others"] = search.HasOthers,
                ["shown"] = search.Records.Count,
                ["matched"] = search.Matched,
                ["counted"] = search.IsCounted,
            }.ToJsonString());
        }
        else if (search.HasOthers)
        {
            Console.Error.WriteLine(
                $"These are only the records of the frontend {search.Frontend}. To include the others, name all "
                + "frontends with --frontends.");
        }

        foreach (var record in search.Records)
            Print(output, record);
        if (!output.IsJson && search.IsCut && search.Records.Count > 0)
        {
            var least = search.IsCounted ? "" : "at least ";
            Console.Error.WriteLine($"{search.Records.Count:N0} of {least}{search.Matched:N0} shown; see more with "
                + $"{options}");
        }
    }

    /// <summary>Prints the newest records of several frontends in the order of their times.</summary>
    /// <param name="output">The output.</param>
    /// <param name="searches">The result of each frontend.</param>
    /// <param name="away">The frontends that did not respond.</param>
    /// <param name="limit">The maximum number of records.</param>
    public static void Print(
        Output output, IReadOnlyList<AuditSearch> searches, IReadOnlyList<(Uri Gateway, string Why)> away, int limit)
    {
        var records = searches.SelectMany(static search => search.Records)
            .OrderBy(static record => (string?)record["time"], StringComparer.Ordinal).TakeLast(limit).ToList();
        var (matched, isCounted) = (
            searches.Sum(static search => search.Matched), searches.All(static search => search.IsCounted));
        if (output.IsJson)
        {
            output.Line(new JsonObject
            {
                ["kind"] = "answer",
                ["frontends"] = new JsonArray([.. searches.Select(static one => (JsonNode?)one.Frontend)]),
                ["away"] = new JsonArray([.. away.Select(static one =>
                    (JsonNode)new JsonObject { ["gateway"] = $"{one.Gateway}", ["why"] = one.Why })]),
                ["shown"] = records.Count,
                ["matched"] = matched,
                ["counted"] = isCounted,
            }.ToJsonString());
        }

        foreach (var record in records)
            Print(output, record);
        if (!output.IsJson && (matched > records.Count || !isCounted) && records.Count > 0)
        {
            Console.Error.WriteLine(
                $"{records.Count:N0} of {(isCounted ? "" : "at least ")}{matched:N0} shown; "
                + "see more with --limit or --since");
        }
    }

    public static void Print(Output output, JsonNode record)
    {
        if (output.IsJson)
        {
            output.Line(record.ToJsonString());
            return;
        }

        var (state, said) = Line(record);
        if (output.IsCsv)
        {
            output.CsvRow([.. Columns.Select(column => column == "time"
                ? Times.Show((string?)record[column])
                : record[column]?.ToString()), (state + said).Trim()]);
            return;
        }

        output.Line($"{Times.Show((string?)record["time"])}  ", state, said);
    }

    private static string Caller(JsonNode record) =>
        record["caller"] is { } caller ? $" ({caller} of {record["callerIssuer"]})" : "";

    private static (string State, string Said) Line(JsonNode record) => (string?)record["kind"] switch
    {
        "decision" => ($"{record["outcome"]}", $"  {record["grant"]}{Caller(record)} → {record["server"]}  "
            + $"{record["tool"] ?? record["name"] ?? record["method"]}  by {record["rule"]}" + Reason(record)),
        "outcome" => (Ended((string?)record["ended"]), $"  {record["grant"]}{Caller(record)} → {record["server"]}  "
            + ((record["tool"] ?? record["name"]) is { } name ? $"{name}  " : "")
            + ((int?)record["status"] is 0 ? "" : $"{record["status"]}, {Count(record, "bytes", "byte")}, ")
            + $"{record["durationMs"]} ms, {record["counted"]}" + Results(record) + $"  call {record["callId"]}"),
        "stream" => ("stream", $"  {record["grant"]}{Caller(record)} → {record["server"]}" + Results(record)),
        "approval" => ("", Approval(record)),
        "charge" => ($"{record["outcome"]}", $"  {record["by"]} → {Costs(record)}  id {record["id"]}"
            + ((bool?)record["repeated"] == true ? ", charged before" : "") + Reason(record)),
        "event" => ("", $"{record["event"]} {record["became"]}"
            + (record["channel"] is { } channel ? $" to {channel}" : "") + $": {record["reason"]}"),
        "change" => ("", record["failed"] is { } why
            ? $"change {record["changeId"]} failed: {why}"
            : $"{record["by"]} {record["action"]} {record["object"]}{Caller(record)}" + Identity(record)
                + Changes(record)),
        "access" => ("", $"{record["by"]}{Caller(record)} {record["action"]}" + Access(record)),
        "erasure" => ("", $"{record["by"]} {record["became"]} values of a person"
            + (record["records"] is { } count ? $" in {count} records" : "") + Identity(record)
            + $"  erasure {record["erasureId"]}" + Reason(record)),
        "gap" => ("", $"not recorded since {Times.Show((string?)record["since"])}: "
            + $"{Count(record, "decisions", "decision")}, {Count(record, "outcomes", "outcome")}, "
            + $"{Count(record, "approvals", "approval")}, {Count(record, "changes", "change")}; {record["cause"]}"),
        "folded" => ($"{record["outcome"]}", $"  {record["grant"]}{Caller(record)} → {record["server"]}  "
            + $"{Count(record, "decisions", "more decision")} by {record["rule"]} since "
            + $"{Times.Show((string?)record["since"])}"),
        var kind => ($"{kind}", Others(record)),
    };

    /// <summary>
    /// Returns the text for an outcome that the record names by its kind; other values already are text.
    /// </summary>
    private static string Ended(string? ended) => ended switch
    {
        "no_response" => "the gateway can no longer receive a response",
        $"upstream {nameof(UpstreamFailure.Connect)}" => "the server could not be reached",
        $"upstream {nameof(UpstreamFailure.ConnectTimeout)}" => "the server could not be reached in time",
        $"upstream {nameof(UpstreamFailure.Tls)}" => "no TLS connection to the server",
        $"upstream {nameof(UpstreamFailure.Broken)}" => "the connection broke before the response",
        $"upstream {nameof(UpstreamFailure.InvalidAnswer)}" => "the response is not HTTP",
        $"upstream {nameof(UpstreamFailure.NotStarted)}" => "the program could not be started",
        $"upstream {nameof(UpstreamFailure.BackingOff)}" => "the program failed recently and is not started again yet",
        $"upstream {nameof(UpstreamFailure.Ended)}" => "the program ended before it responded",
        $"upstream {nameof(UpstreamFailure.NoCredential)}" => "no credential for the server",
        $"upstream {nameof(UpstreamFailure.AtBound)}" => "a maximum of the gateway was reached",
        $"upstream {nameof(UpstreamFailure.NoMemory)}" => "no memory for the response",
        _ => ended ?? "",
    };

    /// <summary>Returns the effect of the policy on the result of a call.</summary>
    private static string Results(JsonNode record)
    {
        var results = record["results"];
        var redacted = results?["redacted"]?.AsArray()
            .Select(static rule => $", {(rule!["shadow"] is null ? "redacted" : "would redact")} {rule["count"]} by "
                + $"{rule["rule"]}");
        return string.Concat(redacted ?? [])
            + (results?["denied"] is { } denied ? $", denied by {denied["rule"]}" : "")
            + (results?["shadow"] is { } shadow ? $", would be denied by {shadow["rule"]}" : "");
    }

    /// <summary>
    /// Returns the address, credential and client behind a change or decision; empty for records of earlier releases,
    /// which have none of them.
    /// </summary>
    public static string Identity(JsonNode record) =>
        (record["onBehalfOf"] is { } absent ? $" for {absent}" : "")
        + (record["from"] is { } from ? $"  from {from}" : "")
        + (record["via"] is { } proxy ? $" via {proxy}" : "")
        + (record["credential"] is { } credential ? $", {credential}" : "")
        + (record["credentialId"] is { } id ? $" {id}" : "")
        + (record["origin"] is { } origin ? $", {origin}" : "")
        + (record["claimedBy"] is { } claimed ? $", claimed to be {claimed}" : "");

    /// <summary>Returns the budgets of a charge with the amounts.</summary>
    private static string Costs(JsonNode record) => string.Join(
        ", ", record["costs"]?.AsArray().Select(static cost => $"{cost!["budget"]} {cost["cost"]}".TrimEnd()) ?? []);

    private static string Access(JsonNode record) =>
        (record["became"] is { } became ? $" {became}" : "")
        + (record["object"] is { } about ? $"  {about}" : "")
        + $"{Identity(record)}  {record["method"]} {record["path"]}"
        + (record["unrecorded"] is { } more ? $"; {more} more before it were refused and not recorded" : "");

    /// <summary>Returns the first few changes of a configuration file, and the frontend that read it.</summary>
    private static string Changes(JsonNode record)
    {
        var changes = record["changes"]?.AsArray().Select(static one => (string?)one).ToList() ?? [];
        return (record["frontend"] is { } frontend ? $"  at {frontend}" : "")
            + (changes.Count > 0 ? $": {string.Join("; ", changes.Take(ChangesShown))}" : "")
            + (changes.Count > ChangesShown ? $"; {changes.Count - ChangesShown} more" : "");
    }

    private static string Reason(JsonNode record) =>
        (record["reason"] is { } reason ? $"  {reason}" : "")
        + ((string?)record["approvalId"] is { } id ? $"  approval {Short(id)}" : "")
        + ((string?)record["standingApprovalId"] is { } standing ? $"  standing approval {Short(standing)}" : "")
        + (record["approvedBy"] is { } by ? $", approved by {by}" : "");

    /// <summary>Returns the request, the person who decided it, and the id for <c>approvals show</c>.</summary>
    private static string Approval(JsonNode record)
    {
        var call = $"{record["tool"]} on {record["server"]}";
        var said = (string?)record["became"] switch
        {
            "asked" => $"{record["grant"]} wants to call {call}  by {record["rule"]}",
            "approved" or "denied" => $"{record["by"]} {record["became"]} {call} for {record["grant"]}"
                + ((string?)record["comment"] is { Length: > 0 } comment ? $": {comment}" : ""),
            "viewed" => $"{record["by"]} viewed {call} for {record["grant"]}",
            "told" => $"channel {record["channel"]} was notified of {call} for {record["grant"]}",
            "untold" => $"channel {record["channel"]} could not be notified of {call} for {record["grant"]}",
            "voted" => $"{record["by"]} approved {call} for {record["grant"]}, "
                + $"{record["approvals"]} of {record["approvalsNeeded"]}",
            "standing" => $"{record["by"]} approved the next {record["next"]} calls of {call} for {record["grant"]}, "
                + $"until {Times.Show((string?)record["until"])}",
            "revoked" or "ended" => $"standing approval of {call} for {record["grant"]} {record["became"]} after "
                + $"{record["used"]} of {record["next"]} calls" + (record["by"] is { } by ? $", by {by}" : ""),
            var became => $"{call} for {record["grant"]} {became}",
        };
        return $"{said}{Identity(record)}  approval {Short((string?)record["approvalId"] ?? "")}";
    }

    private static string Count(JsonNode record, string member, string one) =>
        Spelling.Count((long?)record[member] ?? 0, one);

    private static string Short(string id) => id.Length <= IdLength ? id : id[..IdLength];

    /// <summary>Returns the plain members of a record of an unknown kind.</summary>
    private static string Others(JsonNode record) => string.Concat(record.AsObject()
        .Where(static member => member.Key is not ("kind" or "time") && member.Value is JsonValue)
        .Select(static member => $"  {member.Key} {member.Value}"));
}
