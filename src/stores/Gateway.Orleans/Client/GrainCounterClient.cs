using System.Collections.Immutable;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>
/// Access to the owners of a cluster through grain references. It fails closed: a request without a timely reply is
/// refused and its call id is closed, so that a late reply counts for nothing.
/// </summary>
internal sealed class GrainCounterClient(CounterChannels lines) : ICounterClient
{
    private static CounterReply AtBound { get; } =
        CounterReply.Refused(new CounterRefusal(RefusalKind.AtBound, default, long.MinValue));

    /// <summary>Returns <see cref="CounterReply.Waiting"/>, because a frontend knows no counts locally.</summary>
    public CounterReply TryAcquire(CounterKey key, in CounterRequest ask, long nowMs) => CounterReply.Waiting;

    public async ValueTask<CounterReply> AcquireAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (lines.To(key) is not { } line) return AtBound;
        var asked = line.Send(Question(ask, isPeek: false));
        try
        {
            var answer = await asked.Answer.WaitAsync(cancellationToken);
            if (answer.Outcome != RequestStatus.Answered) Abandon(line, ask);
            var issue = new RemotePermitIssuer(line, ask.CallId, answer.Owner);
            // A call that waited across a window's edge is evaluated by the present time, not by its arrival.
            if (IsAhead(answer, nowMs) && nowMs + line.AgeMs(asked) is var answeredMs && IsAhead(answer, answeredMs))
            {
                // The caller retries a little later with the same call id and receives the same numbers.
                if (!IsSoon(answer, answeredMs) && ask.RenewsMs == 0) await issue.ReleaseAsync(ask.Cost);
                return CounterReply.Refused(
                    new CounterRefusal(RefusalKind.ClockBehind, default, answer.Answer.WindowStartMs));
            }

            return Reply(key, ask, answer, issue);
        }
        catch (OperationCanceledException)
        {
            asked.End(new RequestResult(RequestStatus.TimedOut));
            Abandon(line, ask);
            throw;
        }
    }

    public async ValueTask<CounterReply> PeekAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken)
    {
        if (lines.To(key) is not { } line) return AtBound;
        var asked = line.Send(Question(ask, isPeek: true));
        return Reply(key, ask, await asked.Answer.WaitAsync(cancellationToken), issue: null);
    }

    public async ValueTask ReleaseAsync(
        CounterPermit part, Amount amount, long nowMs, CancellationToken cancellationToken)
    {
        if (part.Issuer is RemotePermitIssuer issue && part.TryClose())
            await issue.ReleaseAsync(amount).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Returns true if the numbers belong to a window that this process's clock has not nearly reached.
    /// </summary>
    private static bool IsAhead(in RequestResult line, long nowMs) =>
        line is { Outcome: RequestStatus.Answered, Answer.Kind: CounterAnswerKind.Granted }
        && line.Answer.WindowStartMs > nowMs + (2 * ClockBounds.EpsilonMs);

    /// <summary>Returns true if a caller waits until the window is reached.</summary>
    private static bool IsSoon(in RequestResult line, long nowMs) =>
        line.Answer.WindowStartMs <= nowMs + (4 * ClockBounds.EpsilonMs);

    /// <summary>
    /// Returns the numbers that an owner may have given to a call that is closed here, without waiting. A renewal is
    /// excluded: its call may be open, and its previous place is gone.
    /// </summary>
    private static void Abandon(CounterChannel line, in CounterRequest ask)
    {
        if (ask.RenewsMs == 0) _ = line.ReleaseAsync(new ReleaseMessage(ask.CallId.Bits, 0, ask.Cost.Nano));
    }

    private static CounterQuestion Question(in CounterRequest ask, bool isPeek) =>
        new(ask.CallId.Bits, ask.Max.Nano, ask.Cost.Nano, ask.Refundable.Nano, isPeek)
        {
            RenewsMs = ask.RenewsMs,
        };

    private static CounterReply Reply(CounterKey key, in CounterRequest ask, in RequestResult line,
        RemotePermitIssuer? issue)
    {
        var answer = line.Answer;
        var isOlder = !key.Kind.IsNumbered && answer.High != answer.Low;
        if (line.Outcome == RequestStatus.Answered && answer.Kind == CounterAnswerKind.Granted && !isOlder)
            return CounterReply.Granted(Part(key, ask, answer, issue));
        // A silo of an older release treats every limit as fixed and numbers what it grants; that is not a valid permit
        // here. A silo of a later release may have further kinds of refusal. Either way the call is refused.
        var isLater = answer.Refusal > RefusalKind.TooManyValues;
        if (line.Outcome != RequestStatus.Answered || answer.Kind == CounterAnswerKind.Closed || isOlder || isLater)
            return CounterReply.Unavailable;
        return CounterReply.Refused(new CounterRefusal(
            answer.Refusal, Amount.FromNano(answer.UsedNano), answer.WindowStartMs, answer.IsFinal)
        {
            WindowEndMs = answer.WindowEndMs,
        });
    }

    private static CounterPermit Part(
        CounterKey key, in CounterRequest ask, in CounterAnswer answer, RemotePermitIssuer? issue)
    {
        var only = new NumberRange(answer.Low, answer.High);
        ImmutableArray<NumberRange> all = key.Kind.IsNumbered ? default : [];
        if (answer.More is { } more)
        {
            var intervals = ImmutableArray.CreateBuilder<NumberRange>(1 + (more.Length / 2));
            intervals.Add(only);
            for (var i = 0; i < more.Length; i += 2) intervals.Add(new NumberRange(more[i], more[i + 1]));
            all = intervals.MoveToImmutable();
        }

        var used = Amount.FromNano(answer.UsedNano);
        var part = new CounterPermit(key, ask.Max, ask.Cost, answer.WindowStartMs, only, all, used)
        {
            Refundable = ask.Refundable,
            Issuer = issue,
        };
        if (answer.WindowEndMs != 0) part.WindowEndMs = answer.WindowEndMs;
        return part;
    }
}

/// <summary>Represents, in the frontend, the owner that issued one part of a permit.</summary>
internal sealed class RemotePermitIssuer(CounterChannel line, CallId callId, UInt128 owner) : IPermitIssuer
{
    /// <summary>
    /// Reports that the numbers can no longer be returned, so that the owner may declare a refusal final.
    /// </summary>
    public void Commit(CounterPermit part) =>
        line.Commit(callId, owner, isNearlyFull: part.UsedAfter.Nano * 4 >= part.Max.Nano * 3);

    /// <summary>Returns this amount to the activation that issued it.</summary>
    public Task ReleaseAsync(Amount amount) => line.ReleaseAsync(new ReleaseMessage(callId.Bits, owner, amount.Nano));
}
