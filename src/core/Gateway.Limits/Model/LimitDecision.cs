using System.Diagnostics.CodeAnalysis;

namespace Gateway.Limits.Model;

/// <summary>A permit, or the refusal with its reason; exactly one of the two.</summary>
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

    /// <summary>The permit, if admitted; otherwise a missing permit, which pays for nothing.</summary>
    public Permit Permit { get; }

    /// <summary>The reason why nothing was taken, if refused.</summary>
    public LimitRefusal? Refusal { get; }

    /// <summary>
    /// For a refusal, how long to wait, in milliseconds, with a little jitter; null only if waiting does not help.
    /// </summary>
    public long? RetryAfterMs => _retryAfterMs == NoWaitHelps ? null : _retryAfterMs;

    /// <summary>True if every cost was taken.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAdmitted => !Permit.IsMissing;

    /// <summary>Returns a decision that admits the call.</summary>
    public static LimitDecision Admit(Permit permit) => new(permit, null, NoWaitHelps);

    /// <summary>Returns a decision that refuses the call.</summary>
    /// <param name="refusal">The reason.</param>
    /// <param name="retryAfterMs">How long to wait, in milliseconds; null only if waiting does not help.</param>
    public static LimitDecision Refuse(LimitRefusal refusal, long? retryAfterMs) =>
        new(default, refusal, retryAfterMs ?? NoWaitHelps);
}
