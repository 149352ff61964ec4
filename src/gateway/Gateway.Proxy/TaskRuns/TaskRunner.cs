using System.Collections.Concurrent;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.TaskRuns;

/// <summary>
/// A background service that makes the approved calls of tasks, whether or not their clients request the state, ends
/// the tasks of long calls with their results, and ends the tasks of runs that stopped. Every frontend of a fleet may
/// run it; each task is claimed once at a time.
/// </summary>
internal sealed partial class TaskRunner(
    SnapshotUpdater control, TaskEnds ends, TaskRun run, LongCalls longCalls, PinnedTools pinned, TimeProvider time,
    ILogger<TaskRunner> logger) : BackgroundService
{
    /// <summary>The maximum number of concurrent runs; others wait, or another frontend takes them.</summary>
    public const int RunsMax = 32;

    /// <summary>The maximum number of concurrent runs of calls that waited for room of a limit.</summary>
    public const int TurnsMax = 64;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LongCall> _long = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskClaim> _turns = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _due = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private CancellationToken _leaving;
    private bool _isDisposed;

    /// <summary>Waits for the runs that are under way, and then ends them.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // A host may be stopped again after its end.
        if (_isDisposed)
            return;
        await Task.WhenAll(_running.Values).WaitAsync(StopWithin, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(StopWithin, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _isDisposed = true;
        _stopping.Dispose();
        _due.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        control.Changed += Signal;
        longCalls.Tasks.Due += Signal;
        longCalls.Detached = Take;
        _leaving = stoppingToken;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var nextMs = await SweepAsync();
                var inMs = Math.Clamp(nextMs - ends.NowMs, 0, (long)Every.TotalMilliseconds);
                await _due.WaitAsync(TimeSpan.FromMilliseconds(inMs), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is shutting down.
        }
        finally
        {
            control.Changed -= Signal;
            longCalls.Tasks.Due -= Signal;
            longCalls.Detached = null;
        }
    }

    private void Signal()
    {
        try
        {
            if (_due.CurrentCount == 0)
                _due.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another change came at the same moment.
        }
    }

    /// <summary>
    /// Starts the runs that are due, and ends the tasks of those that stopped; returns the next time at which a call
    /// that waits for room of a limit is due.
    /// </summary>
    private async Task<long> SweepAsync()
    {
        var nextMs = long.MaxValue;
        var documents = control.State.Documents;
        foreach (var call in _long.Values.Where(call => IsCanceled(call.Claim.Entry, documents)))
            await call.End.CancelAsync();
        try
        {
            foreach (var entry in ApprovalRepository.WithOpenTasks(documents))
            {
                if (TaskClaim.IsInterrupted(entry.Approval, ends.NowMs))
                    await ends.InterruptedAsync(entry);
                else if (TaskClaim.IsDue(entry.Approval, ends.NowMs) && IsToolKnown(entry.Approval)
                    && _running.Count - _long.Count - _turns.Count < RunsMax
                    && await ends.TryClaimAsync(entry) is { } claim)
                    Start(claim, documents);
            }

            foreach (var entry in ends.TurnsDue(documents, out nextMs))
            {
                if (_turns.Count < TurnsMax && IsToolKnown(entry.Approval)
                    && await ends.TryClaimAsync(entry) is { } claim)
                    StartTurn(claim, documents);
            }
        }
        catch (ControlStoreException e)
        {
            // The next sweep tries again. The store's own condition is raised.
            LogFailed(e.Message);
        }

        return nextMs;
    }

    // A frontend that has just started may not know the tools yet.
    private bool IsToolKnown(Approval approval) =>
        approval.KnownContract is null || pinned.ContractOf(approval.Server, approval.Tool) is not null;

    // A task that was removed, because its person was erased, is found with the next renewal.
    private static bool IsCanceled(ApprovalEntry written, ControlSnapshot documents) =>
        ApprovalRepository.Find(documents, written.Name) is { Approval.Task.WithdrawnMs: not null };

    private void Start(TaskClaim claim, ControlSnapshot documents) =>
        Start(claim.Approval.Id, () => CompleteAsync(claim, RunAsync(claim, documents)));

    private void StartTurn(TaskClaim claim, ControlSnapshot documents)
    {
        _turns[claim.Approval.Id] = claim;
        Start(claim.Approval.Id, async () =>
        {
            await CompleteAsync(claim, RunAsync(claim, documents));
            _turns.TryRemove(KeyValuePair.Create(claim.Approval.Id, claim));
            Signal();
        });
    }

    private async Task<byte[]?> RunAsync(TaskClaim claim, ControlSnapshot documents)
    {
        for (; ; )
        {
            var end = await run.RunAsync(claim, documents, _stopping.Token);
            if (end.Postponed is not { } postponed || !await ends.WaitOnAsync(claim, postponed, _leaving))
                return end.Response;
        }
    }

    private void Start(string id, Func<Task> complete)
    {
        var running = Task.Run(complete);
        _running[id] = running;
        // A run that has ended already finds its entry here.
        _ = running.ContinueWith(_ => _running.TryRemove(KeyValuePair.Create(id, running)), TaskScheduler.Default);
    }

    /// <summary>Takes over a long call that has become a task.</summary>
    private void Take(LongCall call)
    {
        var id = call.Claim.Approval.Id;
        _long[id] = call;
        Start(id, async () =>
        {
            await using var stop = _stopping.Token.UnsafeRegister(
                static end => ((CancellationTokenSource)end!).Cancel(), call.End);
            await CompleteAsync(call.Claim, call.Response, call.End);
            _long.TryRemove(id, out _);
        });
    }

    /// <summary>Keeps the claim until the response arrives, and ends the task with it.</summary>
    private async Task CompleteAsync(TaskClaim claim, Task<byte[]?> response, CancellationTokenSource? end = null)
    {
        using (claim)
        {
            while (await Task.WhenAny(response, Task.Delay(RenewEvery, time)) != response)
            {
                await claim.RenewAsync();
                if (claim.IsLost && end is not null)
                    await end.CancelAsync();
            }

            try
            {
                // Nothing was sent if there is no response. The claim expires, and another run tries again.
                if (await response is { } ended)
                    await ends.EndAsync(claim, ended);
                else if (!claim.IsLost)
                    LogPostponed(claim.Approval.Id, "a part of the gateway is unavailable");
            }
            catch (IssuerException e)
            {
                LogPostponed(claim.Approval.Id, e.Message);
            }
            catch (Exception e)
            {
                LogBroken(e, claim.Approval.Id);
                await ends.EndAsync(claim, TaskRun.Unanswered(claim.MayHaveRun, "the gateway could not complete it"));
            }
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Approved calls were not made; will try again: {Why}")]
    private partial void LogFailed(string why);

    [LoggerMessage(2, LogLevel.Warning, "Approval {Id}: the call is postponed: {Why}")]
    private partial void LogPostponed(string id, string why);

    [LoggerMessage(3, LogLevel.Error, "Approval {Id}: running the approved call failed")]
    private partial void LogBroken(Exception e, string id);
}
