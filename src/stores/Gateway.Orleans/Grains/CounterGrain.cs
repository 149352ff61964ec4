using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Grains;

/// <summary>
/// The activation that owns one counter. It is reentrant, so that calls are served from numbers in hand while a
/// reservation is under way. It is placed by hash, because the default placement puts a burst of new counters on one
/// silo. It is immovable, because its numbers must exist only once. The silo's batch grain calls it as well.
/// </summary>
[GrainType("gateway.counter")]
[Reentrant]
[HashBasedPlacement]
[Immovable]
internal sealed partial class CounterGrain(ActivationDirectory silo, ILogger<CounterGrain> log) : Grain, ICounterGrain
{
    private static readonly CounterAnswer TooMany = new()
    {
        Kind = CounterAnswerKind.Refused,
        WindowStartMs = long.MinValue,
        Refusal = RefusalKind.AtBound,
    };

    private static readonly CounterAnswer Gone = new() { Kind = CounterAnswerKind.Gone };

    /// <summary>Null if this silo has reached its maximum of counters; every request is then refused.</summary>
    private CounterActivation? _driver;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var text = this.GetPrimaryKeyString();
        if (!CounterKeyReader.TryRead(text, out var key))
            throw new ArgumentException($"\"{text}\" is not the key of a counter.");

        if (silo.HasLeft || !silo.TryEnter(key!)) return Task.CompletedTask;
        _driver = new CounterActivation(key!, silo) { Fail = Fail, Evict = Evict };
        silo.Add(_driver);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_driver is null) return;
        silo.Remove(_driver);
        silo.Leave(_driver.Key);
        await _driver.ReturnUnissuedAsync();
        if (silo.Expiry is { } expiry) await expiry.ExpireAsync(_driver.Key, cancellationToken);
    }

    public ValueTask<CounterAnswers> AskAsync(CounterMessage message)
    {
        if (_driver is not { } driver) return ValueTask.FromResult(Refuse(message));
        foreach (var committed in message.Committed ?? []) driver.Commit(committed);
        var questions = message.Questions;
        var pending = new ReplyCollector(questions.Length);
        var nowMs = silo.Clock.NowMs();
        for (var i = 0; i < questions.Length; i++) driver.Handle(questions[i], nowMs, pending, i);
        return pending.IsOpen ? WaitAsync(pending) : ValueTask.FromResult(Answers(pending));
    }

    public ValueTask ReleaseAsync(ReleaseMessage[] given)
    {
        _driver?.Release(given);
        return default;
    }

    /// <summary>
    /// Refuses all requests without counting. This activation deactivates, and the next one may find room.
    /// </summary>
    private CounterAnswers Refuse(CounterMessage message)
    {
        var answers = new CounterAnswer[message.Questions.Length];
        Array.Fill(answers, silo.HasLeft ? Gone : TooMany);
        DeactivateOnIdle();
        return new CounterAnswers(0, silo.Clock.NowMs(), answers);
    }

    private async ValueTask<CounterAnswers> WaitAsync(ReplyCollector pending)
    {
        await pending.DoneAsync();
        return Answers(pending);
    }

    private CounterAnswers Answers(ReplyCollector pending) =>
        new(_driver!.Owner, silo.Clock.NowMs(), pending.Seal(), silo.BatchGrain);

    /// <summary>Deactivates an idle counter; called from any thread.</summary>
    private void Evict() => GrainContext.Deactivate(new DeactivationReason(
        DeactivationReasonCode.ActivationIdle, "The counter is idle, and memory is short."));

    /// <summary>Deactivates the counter after a contract violation; called from any thread.</summary>
    private void Fail(Exception exception)
    {
        LogFailed(this.GetPrimaryKeyString(), exception);
        GrainContext.Deactivate(new DeactivationReason(
            DeactivationReasonCode.ApplicationError, exception, "The reservation store violated its contract."));
    }

    [LoggerMessage(1, LogLevel.Error, "The owner of {Counter} stops, because the reservation store violated its "
        + "contract.")]
    private partial void LogFailed(string counter, Exception exception);
}
