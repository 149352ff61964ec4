using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.Calls;

/// <summary>
/// One attempt of a call that its limits admitted. Its permits end once, depending on how the call ended.
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

    /// <summary>
    /// The instant of this attempt, in Unix milliseconds; the first attempt's is that of the decision.
    /// </summary>
    public required long AttemptMs { get; init; }

    /// <summary>True if an earlier attempt was sent, which used up the approval or retry token.</summary>
    public bool IsResend { get; init; }

    /// <summary>The refusal that shadow mode would have given.</summary>
    public Refusal? ShadowRefusal { get; init; }

    /// <summary>The approval or retry token that was used up for the call.</summary>
    public ISingleUse? SingleUse => singleUse;

    public Permit Permit => permit;

    public Permit Shadow => shadow;

    /// <summary>The call's permit for the counters of a candidate, which stop nothing.</summary>
    public Permit Candidate
    {
        get;
        set
        {
            field = value;
            _isCandidateRefundable = RefundableUntilMs(value) != long.MinValue;
        }
    } = Permit.None;

    /// <summary>The candidate's decision on the call; null until it is evaluated.</summary>
    public CandidateDecision? CandidateDecision { get; set; }

    // Read now, because a permit that has ended has no parts any more.
    private readonly bool _isCounted = !permit.Parts.IsEmpty;
    private readonly bool _isOwnRefundable =
        RefundableUntilMs(permit) != long.MinValue || RefundableUntilMs(shadow) != long.MinValue;

    private readonly long _refundableUntilMs = RefundableUntilMs(permit);
    private bool _isCandidateRefundable;

    // The effect of a refund or release on the counters, or the later end: one reference, because every call has it.
    private object? _ended;

    /// <summary>True if an error in the response causes a refund, so that the response must be inspected.</summary>
    public bool HasRefundable => _isOwnRefundable || _isCandidateRefundable;

    /// <summary>True if the call used anything that a retry of it should not use again.</summary>
    public bool IsPaid { get; } = singleUse is not null || !permit.Parts.IsEmpty || !shadow.Parts.IsEmpty;

    /// <summary>The free retries since the call that was counted, this one included.</summary>
    public int FreeRetries { get; } = approved.Priced.FreeRetries;

    /// <summary>True if a retry with the input that the server requests is free.</summary>
    public bool MayRetry => IsPaid && FreeRetries < Decision.Rounds;

    /// <summary>The effect on the counters, as the record of a completed call shows it.</summary>
    public string Counted => _ended as string ?? (_isCounted ? "counted" : "nothing");

    private CallPermits Permits => new(limiter, permit, shadow, Candidate);

    /// <summary>The later end of the permits; null if they end with the response.</summary>
    public LaterEnd? Later => _ended as LaterEnd;

    /// <summary>
    /// Releases everything because no byte was written: regardless of the policy, the call counts nowhere.
    /// </summary>
    public async ValueTask GiveBackAsync()
    {
        _ended = "released";
        await limiter.ReleaseAsync(permit, CancellationToken.None);
        await limiter.ReleaseAsync(shadow, CancellationToken.None);
        await limiter.ReleaseAsync(Candidate, CancellationToken.None);
        if (singleUse is not null && !IsResend)
            await singleUse.ReleaseAsync();
    }

    /// <summary>Refunds the call because the server responded with an error.</summary>
    public async ValueTask RefundAsync(long nowMs)
    {
        await Permits.RefundAsync();
        if (_refundableUntilMs != long.MinValue)
            _ended = LaterEnd.Refunded(nowMs, _refundableUntilMs);
    }

    /// <summary>Commits the call: nothing of it can be released or refunded any more.</summary>
    public void Complete()
    {
        if (Later is null)
            Permits.Complete();
    }

    /// <summary>Keeps the permits beyond the response, until the returned object ends them.</summary>
    public LaterEnd EndLater()
    {
        var later = new LaterEnd(
            Permits, _refundableUntilMs, new[] { permit, shadow, Candidate }.Max(RefundableUntilMs), Counted);
        _ended = later;
        return later;
    }

    /// <summary>Returns the end of the last window that allows a refund; the smallest number if none does.</summary>
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

/// <summary>The permits of one attempt of a call, which end together.</summary>
internal readonly record struct CallPermits(ILimiter Limiter, Permit Permit, Permit Shadow, Permit Candidate)
{
    /// <summary>Gives back what the limits refund on an error.</summary>
    public async ValueTask RefundAsync()
    {
        await Limiter.RefundAsync(Permit, CancellationToken.None);
        await Limiter.RefundAsync(Shadow, CancellationToken.None);
        await Limiter.RefundAsync(Candidate, CancellationToken.None);
    }

    /// <summary>Commits the permits: nothing of them can be released or refunded any more.</summary>
    public void Complete()
    {
        Permit.Complete();
        Shadow.Complete();
        Candidate.Complete();
    }
}

/// <summary>
/// The end of a call after its response: the task that the response created may fail, which refunds the call.
/// </summary>
/// <param name="permits">The permits.</param>
/// <param name="countedUntilMs">The end of the last enforced window that allows a refund.</param>
/// <param name="untilMs">The same with the limits in shadow mode and of a candidate.</param>
/// <param name="counted">The effect on the counters unless the call is refunded.</param>
internal sealed class LaterEnd(CallPermits permits, long countedUntilMs, long untilMs, string counted)
{
    // The task may end before its creation has been relayed.
    private readonly TaskCompletionSource<Func<bool, string, ValueTask>> _record = new();

    /// <summary>The time from which a failure refunds nothing, in Unix milliseconds.</summary>
    public long UntilMs => untilMs;

    /// <summary>
    /// Sets the recorder of the end once the response has been relayed. It receives true for a failure, and the effect
    /// on the counters.
    /// </summary>
    public void RecordBy(Func<bool, string, ValueTask> record) => _record.TrySetResult(record);

    /// <summary>Returns the effect of a refund on the counters, as the record shows it.</summary>
    public static string Refunded(long nowMs, long untilMs) =>
        nowMs < untilMs ? "refunded" : "counted, since the window had ended";

    /// <summary>Ends the permits and records the end of the call.</summary>
    public async ValueTask EndAsync(bool hasFailed, long nowMs)
    {
        if (hasFailed)
            await permits.RefundAsync();
        else
            permits.Complete();
        await (await _record.Task)(
            hasFailed, hasFailed && countedUntilMs != long.MinValue ? Refunded(nowMs, countedUntilMs) : counted);
    }
}
