using Gateway.Control.Documents;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Documents.Wire;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Documents;

/// <summary>
/// The activation that serves the control documents to frontends. It is reentrant, because most callers wait for a
/// change. An activation that finds another activation's write deactivates itself: the fleet's directory may not know
/// it anymore.
/// </summary>
[GrainType("gateway.control")]
[Reentrant]
[HashBasedPlacement]
[Immovable]
internal sealed partial class ControlGrain : Grain, IControlGrain, IDisposable
{
    /// <summary>Maximum delay until a change by another activation is found.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly ILogger<ControlGrain> _log;
    private readonly DocumentReplica _keeper;
    private TaskCompletionSource _changed = NewSignal();

    public ControlGrain(
        ControlRecords records, ControlGrainOptions options, TimeProvider time, ILogger<ControlGrain> log)
    {
        (_time, _log) = (time, log);
        _keeper = new DocumentReplica(records, time, options.BytesMax, log) { Changed = Signal, Overtaken = End };
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == IControlGrain.GrainKey
            ? Task.CompletedTask
            : throw new ArgumentException($"There is only one control grain, \"{IControlGrain.GrainKey}\".");

    public async ValueTask<ControlDocuments> ReadAsync(long knownRevision)
    {
        try
        {
            await _keeper.LookAsync(_time.GetTimestamp());
            var replica = _keeper.State;
            // A store that was reset to an earlier state may have used these versions for other contents.
            var known = knownRevision > replica.Revision ? 0 : knownRevision;
            var items = replica.Items.Select(item => item.Version > known ? item : item with { Content = null });
            return new ControlDocuments(replica.Revision, [.. items], null);
        }
        catch (ControlStoreException exception)
        {
            return new ControlDocuments(0, [], exception.Message);
        }
    }

    public async ValueTask<ControlOutcome> ChangeAsync(ControlChange change) => await _keeper.ChangeAsync(change);

    public async ValueTask<ControlRevision> WaitAsync(long revision, TimeSpan atMost)
    {
        var began = _time.GetTimestamp();
        var until = atMost < WaitMax ? atMost : WaitMax;
        try
        {
            while (true)
            {
                // Take the signal before reading the state, so that a change in between completes the awaited signal.
                var changed = _changed.Task;
                var left = until - _time.GetElapsedTime(began);
                if (_keeper.State.Revision == revision && left > TimeSpan.Zero)
                {
                    await changed.WaitAsync(left < LookEvery ? left : LookEvery, _time).ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                }

                // One look serves all callers that were waiting before it, so many frontends cost storage no more than
                // one.
                await _keeper.LookAsync(Math.Max(began, Ago(LookEvery)));
                if (_keeper.State.Revision != revision || _time.GetElapsedTime(began) >= until)
                    return new ControlRevision(_keeper.State.Revision, null);
            }
        }
        catch (ControlStoreException exception)
        {
            return new ControlRevision(0, exception.Message);
        }
    }

    public void Dispose() => _keeper.Dispose();

    private long Ago(TimeSpan span) =>
        _time.GetTimestamp() - (long)(span.TotalSeconds * _time.TimestampFrequency);

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private void End()
    {
        LogOvertaken();
        DeactivateOnIdle();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1, LogLevel.Information, "Another silo changed the control documents; this activation stops.")]
    private partial void LogOvertaken();
}
