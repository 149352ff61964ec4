using System.Diagnostics.CodeAnalysis;

namespace Gateway.Limits.Model;

/// <summary>A permit, or the refusal that says why not: never both, never neither.</summary>
public readonly record struct LimitDecision
{
    private const long NoWaitHelps = -1;

    private readonly long _retryAfterMs;

    private LimitDecision(Permit permit, LimitRefusal? refusal, long retryAfterMs)
    {
        Permit = permit;
        Refusal = refusal;
        _retryAfterMs = retryAfterMs;
    }

    /// <summary>What was taken, when admitted; else it is missing, and pays for nothing.</summary>
    public Permit Permit { get; }

    /// <summary>Why nothing was taken, when refused.</summary>
    public LimitRefusal? Refusal { get; }

    /// <summary>
    /// When refused: how long to wait, in milliseconds, with a little jitter; null only where no wait would help.
    /// </summary>
    public long? RetryAfterMs => _retryAfterMs == NoWaitHelps ? null : _retryAfterMs;

    /// <summary>True if every cost was taken.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAdmitted => !Permit.IsMissing;

    /// <summary>Every cost was taken.</summary>
    public static LimitDecision Admit(Permit permit) => new(permit, null, NoWaitHelps);

    /// <summary>Nothing was taken.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="retryAfterMs">How long to wait; null only where no wait would help.</param>
    public static LimitDecision Refuse(LimitRefusal refusal, long? retryAfterMs) =>
        new(default, refusal, retryAfterMs ?? NoWaitHelps);
}
