using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.Calls;

/// <summary>
/// One attempt of a call that its limits admitted. Its permits are settled once, by how the call ended.
/// </summary>
/// <param name="limiter">The limiter that gave the permits.</param>
/// <param name="approved">The call.</param>
/// <param name="permit">The permit of the enforced limits; the first byte spends it.</param>
/// <param name="shadow">The permit of the limits in shadow mode, which stop nothing.</param>
/// <param name="singleUse">The approval or retry token that was used up for the call; null if it needed none.</param>
internal sealed class AdmittedCall(
    ILimiter limiter, in ApprovedCall approved, Permit permit, Permit shadow, ISingleUse? singleUse)
{
    public CallContext Call { get; } = approved.Call;

    public PolicyDecision Decision { get; } = approved.Decision;

    /// <summary>The instant of this attempt, Unix milliseconds; the first is that of the decision.</summary>
    public required long AttemptMs { get; init; }

    /// <summary>The refusal that shadow mode would have given.</summary>
    public Refusal? ShadowRefusal { get; init; }

    /// <summary>The approval or retry token that was used up for the call.</summary>
    public ISingleUse? SingleUse => singleUse;

    public Permit Permit => permit;

    public Permit Shadow => shadow;

    /// <summary>Its numbers on the counters of a candidate; they stop nothing.</summary>
    public Permit Candidate
    {
        get;
        set
        {
            field = value;
            _isCandidateRefundable = RefundableUntilMs(value) != long.MinValue;
        }
    } = Permit.None;

    /// <summary>What the candidate said of the call; null while it was not asked.</summary>
    public CandidateVerdict? CandidateVerdict { get; set; }

    // Looked at now, since a permit says nothing any more once it has ended.
    private readonly bool _isCounted = !permit.Parts.IsEmpty;
    private readonly bool _isOwnRefundable =
        RefundableUntilMs(permit) != long.MinValue || RefundableUntilMs(shadow) != long.MinValue;

    private readonly long _refundableUntilMs = RefundableUntilMs(permit);
    private bool _isCandidateRefundable;
    private string? _refunded;

    /// <summary>Whether an error in the answer gives something back, so that somebody has to look for one.</summary>
    public bool HasRefundable => _isOwnRefundable || _isCandidateRefundable;

    /// <summary>Whether it took anything that a retry of the same call should not take again.</summary>
    public bool IsPaid { get; } = singleUse is not null || !permit.Parts.IsEmpty || !shadow.Parts.IsEmpty;

    /// <summary>The free retries since the call that was counted, this one included.</summary>
    public int FreeRetries { get; } = approved.Priced.FreeRetries;

    /// <summary>Whether a retry with the input that the server asks for goes free.</summary>
    public bool MayRetry => IsPaid && FreeRetries < Decision.Rounds;

    /// <summary>What the record says of a call that came to its end.</summary>
    public string Counted => _refunded ?? (_isCounted ? "counted" : "nothing");

    /// <summary>No byte was written: whatever the policy says, the call counted nowhere.</summary>
    public async ValueTask GiveBackAsync()
    {
        _refunded = "released";
        await limiter.ReleaseAsync(permit, CancellationToken.None);
        await limiter.ReleaseAsync(shadow, CancellationToken.None);
        await limiter.ReleaseAsync(Candidate, CancellationToken.None);
        if (singleUse is not null)
            await singleUse.ReleaseAsync();
    }

    /// <summary>The server answered with an error.</summary>
    public async ValueTask RefundAsync(long nowMs)
    {
        await limiter.RefundAsync(permit, CancellationToken.None);
        await limiter.RefundAsync(shadow, CancellationToken.None);
        await limiter.RefundAsync(Candidate, CancellationToken.None);
        if (_refundableUntilMs != long.MinValue)
            _refunded = nowMs < _refundableUntilMs ? "refunded" : "counted, since the window had ended";
    }

    /// <summary>Nothing of it comes back any more.</summary>
    public void Complete()
    {
        permit.Complete();
        shadow.Complete();
        Candidate.Complete();
    }

    /// <summary>When the last of its windows ends that takes something back; the least number if none does.</summary>
    private static long RefundableUntilMs(Permit permit)
    {
        var untilMs = long.MinValue;
        foreach (var part in permit.Parts)
        {
            if (part.Refundable > Amount.Zero)
                untilMs = Math.Max(untilMs, part.WindowEndMs);
        }

        return untilMs;
    }
}
