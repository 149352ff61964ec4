using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// Takes out requests that nobody answered in time and, later, those that are done; and what else has its time.
/// </summary>
internal sealed partial class ApprovalExpirer(
    ApprovalRepository book, IEnumerable<IExpiring> others, ApprovalRecord record, ProcessClock clock,
    TimeProvider time, ApprovalOptions options, ILogger<ApprovalExpirer> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private volatile ApprovalStatistics _figures = ApprovalStatistics.None;

    /// <summary>The requests that nobody has answered yet, as of the last round.</summary>
    public ApprovalStatistics Statistics => _figures;

    /// <summary>One round; every frontend of a fleet may do it, and each document goes once.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var nowMs = clock.NowMs();
        var entries = ApprovalRepository.All(await book.ReadAsync(cancellationToken));
        _figures = ApprovalStatistics.Of(entries, nowMs);
        foreach (var entry in entries)
        {
            if (IsOver(entry.Approval, nowMs) ? !await book.DeleteAsync(entry, cancellationToken)
                : !IsUnused(entry.Approval, nowMs) || !await MarkUnusedAsync(entry, nowMs, cancellationToken))
            {
                continue;
            }

            if (entry.Approval.State is ApprovalState.Open)
                await record.ExpiredAsync(entry.Approval, nowMs);
            else if (IsUnused(entry.Approval, nowMs))
                await record.UnusedAsync(entry.Approval, nowMs);
        }

        foreach (var other in others)
            await other.SweepAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TrySweepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private static bool IsUnused(Approval approval, long nowMs) =>
        approval is { State: ApprovalState.Approved, UnusedRecordedMs: null } && approval.IsOverAt(nowMs);

    // Of several frontends the one records it that writes so; nobody has to see the arguments any more.
    private async ValueTask<bool> MarkUnusedAsync(ApprovalEntry entry, long nowMs, CancellationToken cancellationToken)
    {
        var marked = entry.Approval with { UnusedRecordedMs = nowMs, Arguments = null, SealedArguments = null };
        return await book.WriteAsync(entry.Name, entry.Version, marked, cancellationToken) is not null;
    }

    // One that was answered is kept for the history.
    private bool IsOver(Approval approval, long nowMs) => approval.IsOverAt(nowMs)
        && (approval.State == ApprovalState.Open
            || nowMs >= (approval.AnsweredMs ?? 0) + (long)options.History.TotalMilliseconds);

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken);
        }
        catch (ControlStoreException e)
        {
            // What has expired is refused all the same; it is only not yet taken out.
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Expired approvals and tickets are removed later: {Why}")]
    private partial void LogFailed(string why);
}
