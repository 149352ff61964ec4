using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Gateway.Orleans.Grains;

/// <summary>
/// The activation that owns one counter. Reentrant, so that calls are answered from numbers in hand while a reservation
/// is on its way; placed by hash, because the default placement puts a burst of new counters on one silo; immovable,
/// because its state is numbers that nobody else may have. Its silo's desk asks it too.
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

    /// <summary>Null where this silo has as many counters as it may: then every question is refused.</summary>
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
        foreach (var settled in message.Settled ?? []) driver.Commit(settled);
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

    /// <summary>Nothing was counted: this activation goes, and the next may find room.</summary>
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
        new(_driver!.Owner, silo.Clock.NowMs(), pending.Tell(), silo.BatchGrain);

    /// <summary>Called from any thread.</summary>
    private void Evict() => GrainContext.Deactivate(new DeactivationReason(
        DeactivationReasonCode.ActivationIdle, "Nobody asked for a while, and memory runs short."));

    /// <summary>Called from any thread.</summary>
    private void Fail(Exception exception)
    {
        LogFailed(this.GetPrimaryKeyString(), exception);
        GrainContext.Deactivate(new DeactivationReason(
            DeactivationReasonCode.ApplicationError, exception, "The store of reservations broke its contract."));
    }

    [LoggerMessage(1, LogLevel.Error, "The owner of {Counter} ends: its store broke its contract.")]
    private partial void LogFailed(string counter, Exception exception);
}
