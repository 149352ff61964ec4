using Gateway.Limits;
using Gateway.Limits.Counting;
using Gateway.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Counters;

/// <summary>
/// The activation that owns one counter. Reentrant, so that calls are answered from numbers in hand while a reservation
/// is on its way; placed by hash, because the default placement puts a burst of new counters on one silo; immovable,
/// because its state is numbers that nobody else may have.
/// </summary>
[GrainType("gateway.counter")]
[Reentrant]
[HashBasedPlacement]
[Immovable]
internal sealed partial class CounterGrain(
    IReservationStore store, StoreTally tally, ProcessClock clock, CounterGrainOptions options,
    ILogger<CounterGrain> log) : Grain, ICounterGrain
{
    private CounterDriver? _driver;
    private IGrainTimer? _wake;
    private long _wakeAtMs = long.MaxValue;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var text = this.GetPrimaryKeyString();
        if (!CounterKey.TryParse(text, out var key))
            throw new ArgumentException($"\"{text}\" is not the key of a counter.");

        var rules = new CounterRules
        {
            HasSoleOwner = true,
            MarginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0,
            CallsMax = options.CallsRememberedMax,
        };
        _driver = new CounterDriver(key!, rules, store, tally, clock, options) { WakeAt = WakeAt, Fail = Fail };
        tally.Open();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_driver is null) return;
        tally.Close();
        await _driver.HandBackAsync();
        if (store is GrainStorageReservations kept) await kept.ForgetAsync(_driver.Key, cancellationToken);
    }

    public ValueTask<CounterAnswers> AskAsync(CounterMessage message)
    {
        var pending = _driver!.Ask(message);
        return pending.IsOpen ? WaitAsync(pending) : ValueTask.FromResult(Answers(pending));
    }

    public ValueTask GiveBackAsync(GivenBack[] given)
    {
        _driver!.TakeBack(given);
        return default;
    }

    private async ValueTask<CounterAnswers> WaitAsync(PendingMessage pending)
    {
        await pending.Done;
        return Answers(pending);
    }

    private CounterAnswers Answers(PendingMessage pending) => new(_driver!.Owner, clock.NowMs(), pending.Answers);

    private void WakeAt(long atMs)
    {
        if (atMs >= _wakeAtMs) return;
        _wakeAtMs = atMs;
        var due = TimeSpan.FromMilliseconds(Math.Max(1, atMs - clock.NowMs()));
        _wake?.Dispose();
        _wake = this.RegisterGrainTimer(
            static (grain, _) => grain.WakeAsync(),
            this,
            new GrainTimerCreationOptions { DueTime = due, Period = Timeout.InfiniteTimeSpan, Interleave = true });
    }

    private Task WakeAsync()
    {
        var wakeAtMs = _wakeAtMs;
        _wakeAtMs = long.MaxValue;
        _driver!.Wake(wakeAtMs);
        return Task.CompletedTask;
    }

    private void Fail(Exception exception)
    {
        LogFailed(this.GetPrimaryKeyString(), exception);
        DeactivateOnIdle();
    }

    [LoggerMessage(1, LogLevel.Error, "The owner of {Counter} ends: its store broke its contract.")]
    private partial void LogFailed(string counter, Exception exception);
}
