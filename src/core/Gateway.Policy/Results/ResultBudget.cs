using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Results;

/// <summary>
/// The budget for evaluating result rules: one for all messages of a call, so that a server cannot obtain more work by
/// sending more messages. A stream that belongs to no call may last for days; its budget refills with time.
/// </summary>
public sealed class ResultBudget
{
    /// <summary>A tenth of a processor, as a step is about a tenth of a microsecond.</summary>
    private const int StepsPerMs = 1_000;

    private readonly Func<long>? _nowMs;
    private readonly WorkBudget _work = new(PolicyBounds.ResultStepsMax);
    private long _filledMs;

    private ResultBudget(Func<long>? nowMs)
    {
        _nowMs = nowMs;
        _filledMs = nowMs?.Invoke() ?? 0;
    }

    /// <summary>Steps charged since the budget was created or last full.</summary>
    public int Spent => _work.Spent;

    /// <summary>Creates the budget of one call.</summary>
    public static ResultBudget OfCall() => new(nowMs: null);

    /// <summary>Creates the budget of a stream that belongs to no call.</summary>
    /// <param name="nowMs">A clock in milliseconds that never goes back.</param>
    public static ResultBudget OfStream(Func<long> nowMs)
    {
        ArgumentNullException.ThrowIfNull(nowMs);
        return new ResultBudget(nowMs);
    }

    /// <summary>Returns the current budget, to be charged for the next message.</summary>
    internal WorkBudget ForMessage(CancellationToken cancellation)
    {
        _work.Cancellation = cancellation;
        if (_nowMs is not null)
        {
            var nowMs = _nowMs();
            _work.Refill((nowMs - _filledMs) * StepsPerMs);
            _filledMs = nowMs;
        }

        return _work;
    }
}
