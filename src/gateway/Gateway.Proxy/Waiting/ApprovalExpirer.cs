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
        var nowMs = clock.NowMs();
        var entries = ApprovalRepository.All(await book.ReadAsync(cancellationToken));
        _figures = ApprovalStatistics.Of(entries, nowMs);
        foreach (var entry in entries)
        {
            var isUnused = IsUnused(entry.Approval, nowMs);
            if (IsOver(entry.Approval, nowMs) ? !await book.DeleteAsync(entry, cancellationToken)
                : isUnused ? !await MarkUnusedAsync(entry, nowMs, cancellationToken)
                : !await TryDropResultAsync(entry, nowMs, cancellationToken))
            {
                continue;
            }

            // A request that was withdrawn is on record already.
            if (entry.Approval is { State: ApprovalState.Open, UnusedRecordedMs: null })
                await record.ExpiredAsync(entry.Approval, nowMs);
            else if (isUnused)
                await record.UnusedAsync(entry.Approval, nowMs);
        }

        foreach (var other in others)
            await other.SweepAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(Every, TrySweepAsync, stoppingToken);

    private static bool IsUnused(Approval approval, long nowMs) => approval.UnusedRecordedMs is null
        && (approval.State == ApprovalState.Approved || approval is { State: ApprovalState.Open, Task: not null })
        && approval.IsOverAt(nowMs);

    // With several frontends, the one whose write succeeds records the event. Arguments are no longer needed.
    private async ValueTask<bool> MarkUnusedAsync(ApprovalEntry entry, long nowMs, CancellationToken cancellationToken)
    {
        var marked = entry.Approval with
        {
            UnusedRecordedMs = nowMs,
            Arguments = null,
            SealedArguments = null,
            Task = entry.Approval.Task is { } task ? task with { SealedCall = null } : null,
        };
        return await book.WriteAsync(entry.Name, entry.Version, marked, cancellationToken) is not null;
    }

    /// <summary>Removes the result of a task at the end of its time, where the request stays in the history.</summary>
    private async ValueTask<bool> TryDropResultAsync(
        ApprovalEntry entry, long nowMs, CancellationToken cancellationToken) =>
        IsTaskOver(entry.Approval, nowMs) && entry.Approval.Task is not null
        && await book.WriteAsync(
            entry.Name, entry.Version, entry.Approval with { Task = null }, cancellationToken) is not null;

    // A decided request is kept for the history, and one with a task as long as its client may request the result.
    private bool IsOver(Approval approval, long nowMs) =>
        approval.IsOverAt(nowMs) && IsTaskOver(approval, nowMs)
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
