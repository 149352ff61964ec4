using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// A background service that removes expired approval requests, finished ones at the end of their history, and other
/// expired documents.
/// </summary>
internal sealed partial class ApprovalExpirer(
    ApprovalRepository book, IEnumerable<IExpiring> others, ApprovalRecord record, ProcessClock clock,
    TimeProvider time, ApprovalOptions options, ILogger<ApprovalExpirer> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private volatile ApprovalStatistics _figures = ApprovalStatistics.None;

    /// <summary>The open approval requests, as of the last sweep.</summary>
    public ApprovalStatistics Statistics => _figures;

    /// <summary>Runs one sweep. Every frontend of a fleet may run it; each document is removed once.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var entries = ApprovalRepository.All(await book.ReadAsync(cancellationToken));
        // Later than every document: an older time would take a new request for one that a wrong clock has dated.
        var nowMs = clock.NowMs();
        _figures = ApprovalStatistics.Of(entries, nowMs);
        foreach (var entry in entries)
        {
            var current = EndRecords.DueAt(entry.Approval, nowMs) is { } became
                ? await EndRecords.TakeAsync(book, record, entry, became, nowMs) : entry;
            if (current is null)
                continue;
            if (IsOver(current.Approval, nowMs))
                await book.DeleteAsync(current, cancellationToken);
            else
                await DropResultAsync(current, nowMs, cancellationToken);
        }

        foreach (var other in others)
            await other.SweepAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(Every, TrySweepAsync, stoppingToken);

    /// <summary>Removes the result of a task at the end of its time, where the request stays in the history.</summary>
    private async ValueTask DropResultAsync(ApprovalEntry entry, long nowMs, CancellationToken cancellationToken)
    {
        if (entry.Approval.Task is not null && IsTaskOver(entry.Approval, nowMs))
            await book.WriteAsync(
                entry.Name, entry.Version, entry.Approval with { Task = null }, cancellationToken);
    }

    // A decided request is kept for the history, and one with a task as long as its client may request the result.
    private bool IsOver(Approval approval, long nowMs) =>
        approval.UnrecordedEnd is null && approval.IsOverAt(nowMs) && IsTaskOver(approval, nowMs)
        && (approval.State == ApprovalState.Open
            || nowMs >= (approval.AnsweredMs ?? 0) + (long)options.History.TotalMilliseconds);

    private static bool IsTaskOver(Approval approval, long nowMs) => approval.Task is null
        || (nowMs >= approval.TaskKeptUntilMs() && !approval.HasOpenTaskAt(nowMs));

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (ControlStoreException e)
        {
            // Expired requests are refused anyway; only their removal is delayed. The store's own condition is raised.
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Expired approvals and retry tokens were not removed; will try again: {Why}")]
    private partial void LogFailed(string why);
}
