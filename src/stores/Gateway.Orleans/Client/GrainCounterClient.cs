using System.Collections.Immutable;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>
/// The owners of a cluster, behind grain references. Fails closed: what is not answered in time, or cannot be reached,
/// is refused, and the call's id is closed, so that whatever is answered later counts for nothing.
/// </summary>
internal sealed class GrainCounterClient(CounterChannels lines) : ICounterClient
{
    private static CounterReply AtBound { get; } =
        CounterReply.Refused(new CounterRefusal(RefusalKind.AtBound, default, long.MinValue));

    /// <summary>Nothing is known here at once.</summary>
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
            // A call that waited over a window's edge is judged by the time that it is now, not by when it came.
            if (IsAhead(answer, nowMs) && nowMs + line.AgeMs(asked) is var answeredMs && IsAhead(answer, answeredMs))
            {
                // A little later the caller asks again, with the same call id, and is given the same numbers.
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

    /// <summary>Whether the numbers are of a window that this process's clock is far from.</summary>
    private static bool IsAhead(in RequestResult line, long nowMs) =>
        line is { Outcome: RequestStatus.Answered, Answer.Kind: CounterAnswerKind.Granted }
        && line.Answer.WindowStartMs > nowMs + (2 * ClockBounds.EpsilonMs);

    /// <summary>Whether a caller waits until it is no longer so.</summary>
    private static bool IsSoon(in RequestResult line, long nowMs) =>
        line.Answer.WindowStartMs <= nowMs + (4 * ClockBounds.EpsilonMs);

    /// <summary>
    /// If an owner gave numbers to a call that is closed here, it takes them back; nobody waits for that. Not what a
    /// renewal got: its call may be open, and the place that it had is gone.
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
        // A silo of an older release takes every limit for a fixed one, which numbers what it gives: that is no permit.
        // One of a later release may have further kinds of refusal. Whichever it is, the call is refused.
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
