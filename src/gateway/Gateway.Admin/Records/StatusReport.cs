using Gateway.Admin.Pausing;
using Gateway.Audit.Shipping;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Admin.Records;

/// <summary>
/// Reports the state of this gateway from what it already knows. It sends no requests, so it works even during an
/// outage.
/// </summary>
internal sealed class StatusReport(
    Readiness readiness, IEngineHealth engine, AuditLog audit, ConfigFileWatcher config, ServerStates servers,
    RecentRefusals refusals, ProcessClock clock)
{
    /// <summary>The maximum number of refused grants in the list.</summary>
    public const int RefusedMax = 100;

    /// <summary>The maximum number of policy warnings in the list.</summary>
    public const int WarningsMax = 100;

    // As for certificates and keys: time enough to create another grant.
    private const long ExpiringWithinMs = 7 * 24 * 3_600_000L;

    private readonly DateTimeOffset _startedAt = Time(clock.NowMs());

    public StatusView Of(ControlState state)
    {
        var nowMs = clock.NowMs();
        var file = config.Status;
        return new StatusView(
            ProductRelease.Version,
            readiness.Problem is null,
            readiness.Problem,
            state.Objects.Servers.Count,
            state.Objects.Policies.Count,
            state.Objects.Grants.Count,
            state.Documents.Revision,
            state.Problems,
            file.Path is null ? null : new ConfigView(
                file.Path, file.IsInForce, Time(file.LoadedAtMs), file.Problems, file.Warnings)
            {
                IsWaiting = file.IsWaiting,
            })
        {
            StartedAt = _startedAt,
            StoreProblem = readiness.ServesLastKnown ? readiness.ControlStale : null,
            Now = Time(nowMs),
            PolicyWarnings =
            [
                .. state.Objects.Policies.Values.SelectMany(static policy => policy.Warnings).Take(WarningsMax),
            ],
            Engine = new EngineView(
                engine.Kind, engine.Fault, engine.IsClockTrusted, engine.ClockAhead.TotalMilliseconds),
            Audit = new AuditStateView(
                audit.IsHealthy ? null : audit.Fault ?? "it cannot be written",
                audit.Queued, audit.QueueMax, audit.Lost, audit.Archive.FreeBytes)
            {
                VolumeBytes = audit.Archive.VolumeBytes,
                KeptBytes = audit.Archive.KeptBytes,
                BytesMax = audit.Archive.BytesMax,
                Oldest = audit.Archive.Oldest,
                DroppedFiles = audit.Archive.DroppedFiles,
                Folded = audit.Archive.Folded,
                Sinks = audit.Shippers.Count == 0 ? null : [.. audit.Shippers.Select(static sink => new AuditSinkView(
                    sink.Name, sink.LagBytes, sink.Shipped, sink.LostBytes, sink.Problem, sink.Rejected))],
            },
            ServerStates =
            [
                .. state.Objects.Servers.Values.OrderBy(static server => server.Name, StringComparer.Ordinal)
                    .Select(server => servers.Of(state, server)),
            ],
            RefusedLastHour =
            [
                .. refusals.Read(nowMs).Take(RefusedMax).Select(static refused => new RefusedGrantView(
                    refused.Name, refused.Count, refused.Rule, Time(refused.LastMs))),
            ],
            Approvals = Approvals(state, nowMs),
            Pauses = PausesView.Of(state, nowMs),
            ExpiringGrants =
            [
                .. state.Objects.Grants.Values
                    .Where(grant => grant.OAuth is null && grant.ExpiresMs - nowMs is > 0 and < ExpiringWithinMs)
                    .OrderBy(static grant => grant.ExpiresMs)
                    .Select(static grant => (grant.Name, Time(grant.ExpiresMs ?? 0))),
            ],
        };
    }

    private static OpenApprovalsView Approvals(ControlState state, long nowMs)
    {
        var figures = ApprovalStatistics.Of(ApprovalRepository.All(state.Documents), nowMs);
        return new OpenApprovalsView(
            figures.Open, figures.OldestAskedMs is { } asked ? Time(asked) : null);
    }

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}

/// <summary>The open requests for approval.</summary>
/// <param name="Open">Their number.</param>
/// <param name="OldestAsked">The time of the oldest one.</param>
internal sealed record OpenApprovalsView(int Open, DateTimeOffset? OldestAsked);
