using System.CommandLine;
using System.Globalization;
using Gateway.Admin.Pausing;
using Gateway.Admin.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway status</c>: the state of a running gateway on one screen.</summary>
internal static class StatusCommand
{
    private const int RowsMax = 10;

    public static Command Create() => RemoteVerb.Create("status",
        "Show the status of a running gateway, and what needs attention. In a fleet, the gateway that responds "
        + "shows its own status.\nExits with 1 if that gateway is not ready and therefore denies calls.\n\nExample:\n"
        + "  gateway status", RunAsync);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var reply = await client.GetAsync("status", ClientJson.Default.StatusView, cancellation);
        if (output.IsJson)
            output.Json(reply.Json);
        else
            Print(client.Gateway, reply, output);
        return reply.Value.Ready ? ExitCode.Well : ExitCode.No;
    }

    private static void Print(Uri gateway, Reply<StatusView> reply, Output output)
    {
        var status = reply.Value;
        output.Facts(reply.Json,
        [
            ("gateway", $"{gateway} {status.Version}, up {Times.Between(status.StartedAt, status.Now)}"),
            ("status", status.State),
            ("because", status.Problem),
            ("paused", Pauses(status.Pauses)),
            ("engine", status.Engine is { } engine ? $"{engine.Kind}, {engine.Fault ?? "ok"}" : null),
            ("file", File(status.Config)),
            ("fleet", status.Fleet is { Since: var since }
                ? $"configuration files DIFFER since {Times.Show(since)}: give all gateways the same file" : null),
            ("stored", $"{Spelling.Count(status.Servers, "server")}, "
                + $"{Spelling.Count(status.Policies, "policy", "policies")}, {Spelling.Count(status.Grants, "grant")}; "
                + $"revision {status.Revision}{Warnings(status)}"),
            ("audit", Audit(status.Audit)),
            .. (status.Audit?.Sinks ?? []).Select(static sink => ($"sink {sink.Name}", Sink(sink))),
            ("approvals", Approvals(status.Approvals)),
        ]);
        foreach (var line in Attention(status))
            output.Line(line);
        output.Line("");
        Servers(status, output);
        Refused(status, output);
    }

    private static string? Pauses(PausesView? pauses) => pauses is null ? null : ResourceText.Joined(
    [
        .. pauses.Gateway is null ? (string[])[] : ["every call (gateway resume --all)"],
        .. pauses.Servers.Select(static name => $"server {name}"),
        .. pauses.Grants.Select(static name => $"grant {name}"),
        .. (pauses.Subjects ?? []).Select(static one => $"{one.Subject} of {one.Issuer} ({one.Status})"),
    ]);

    private static string File(ConfigView? config)
    {
        if (config is null)
            return "none";
        var loaded = Times.Show(config.LoadedAt);
        var state = config.InForce
            ? $"active since {loaded}"
            : config.IsWaiting
            ? $"CHANGED but not applied yet; the version of {loaded} is active"
            : $"NOT VALID in its current form; the version of {loaded} is active";
        return $"{config.Path}, {state}"
            + (config.Warnings.Count == 0 ? "" : $"; {Spelling.Count(config.Warnings.Count, "warning")}");
    }

    private static string Warnings(StatusView status) =>
        status.PolicyWarnings.Count is > 0 and var count ? $"; {Spelling.Count(count, "warning")}" : "";

    private static string? Audit(AuditStateView? audit)
    {
        if (audit is null)
            return null;
        var free = audit.FreeBytes is { } bytes ? $"; {Size(bytes)} free on its volume" : "";
        var lost = audit.Lost > 0 ? $"; {audit.Lost} not recorded" : "";
        return $"{audit.Fault ?? "ok"}; {audit.Queued} of at most {audit.QueueMax} queued{lost}{free}" + Kept(audit);
    }

    private static string Sink(AuditSinkView sink) =>
        $"{Size(sink.LagBytes)} behind"
        + (sink.LostBytes > 0 ? $", {Size(sink.LostBytes)} lost" : "")
        + (sink.Rejected > 0 ? $", {Spelling.Count((int)sink.Rejected, "record")} rejected" : "")
        + (sink.Problem is { } problem ? $"; {problem}" : "");

    private static string Kept(AuditStateView audit)
    {
        // A gateway of an earlier release sends no maximum.
        if (audit.BytesMax == 0)
            return "";
        var since = audit.Oldest is { } oldest ? $" since {Times.Show(oldest)}" : "";
        var dropped = audit.DroppedFiles > 0 ? $"; {Spelling.Count(audit.DroppedFiles, "file")} deleted to free "
            + "space" : "";
        var folded = audit.Folded > 0 ? $"; {Spelling.Count(audit.Folded, "refusal")} recorded only as a count" : "";
        return $"; keeps {Size(audit.KeptBytes)} of {Size(audit.BytesMax)}{since}{dropped}{folded}";
    }

    private static string Size(long bytes)
    {
        var (unit, name) = bytes >= 1_000_000_000 ? (1e9, "GB") : bytes >= 1_000_000 ? (1e6, "MB") : (1e3, "kB");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:0.0} {name}");
    }

    private static string? Approvals(OpenApprovalsView? approvals) => approvals is null ? null
        : approvals.Open == 0 ? "none open"
        : $"{Spelling.Count(approvals.Open, "request waits", "requests wait")} for a decision, the oldest since "
            + $"{Times.Show(approvals.OldestAsked)}: "
            + "gateway approvals list";

    // A gateway of an earlier release sends an empty list.
    private static IEnumerable<string> Attention(StatusView status) =>
    [
        .. status.Attention.Select(static one => $"{one.Severity}: {one.Text}"
            + (one.Detail is { } detail ? $": {detail}" : "")
            + (one.Since is { } since ? $" (since {Times.Show(since)})" : "")
            + (one.Until is { } end ? $" (until {Times.Show(end)})" : "")
            + (one.Note?.Assignee is { } assignee ? $", assigned to {assignee}" : "")
            + (one.Note?.SnoozedUntil is { } until ? $", snoozed until {Times.Show(until)}" : "")),
        .. (status.Config?.Warnings ?? []).Select(static warning => $"warning: {warning}"),
    ];

    private static void Servers(StatusView status, Output output)
    {
        var servers = status.ServerStates;
        var isPaused = status.Pauses?.Gateway is not null;
        List<(string Head, Func<ServerStateView, string?> Cell)> columns =
        [
            ("SERVER", static server => server.Name),
            ("HEALTH", server => isPaused || server.Paused ? "paused"
                : server is { Fault: null, ListFault: not null } ? "unlisted" : server.Health),
            ("SINCE", static server => Times.Show(server.Since)),
            ("WHY", static server => server.Fault ?? server.ListFault),
        ];
        // Most gateways have no outbound proxy.
        if (servers.Any(static server => ResourceText.IsProxied(server.Route)))
            columns.Insert(3, ("ROUTE", static server => server.Route));
        output.Table(servers, "There are no servers. See: gateway server add", [.. columns]);
        output.Line("");
    }

    // A gateway counts refusals in memory, so it does not know those before its start.
    private static void Refused(StatusView status, Output output)
    {
        var refused = status.RefusedLastHour;
        var isPart = status.StartedAt != default && status.Now - status.StartedAt < TimeSpan.FromHours(1);
        var start = $"the start of the gateway at {Times.Show(status.StartedAt)}";
        output.Table(
            refused.Take(RowsMax),
            isPart ? $"No grant was refused since {start}." : "No grant was refused in the last hour.",
            ("REFUSED IN THE LAST HOUR", static grant => grant.Grant),
            ("TIMES", static grant => $"{grant.Count}"),
            ("LAST", static grant => Times.Show(grant.LastAt)),
            ("BY", static grant => grant.LastRule));
        if (refused.Count > RowsMax)
            output.Line($"and {Spelling.Count(refused.Count - RowsMax, "further grant")}; see --json");
        if (isPart && refused.Count > 0)
            output.Line($"Refusals are counted since {start}.");
    }
}
