using Gateway.Proxy.Approvals.Requests;
using Gateway.Audit.Records;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Calls;

/// <summary>A call with the decision of its policy.</summary>
internal readonly record struct DecidedCall(CallContext Call, PolicyDecision Decision);

/// <summary>A decided call after the check for a retry token, which exempts a retry from all costs.</summary>
/// <param name="Call">The call.</param>
/// <param name="Decision">The decision, without costs if a token was redeemed.</param>
/// <param name="Token">The token; null if the call has none.</param>
/// <param name="FreeRetries">The free retries since the call that was counted, this one included.</param>
internal readonly record struct PricedCall(
    CallContext Call, PolicyDecision Decision, ISingleUse? Token = null, int FreeRetries = 0);

/// <summary>A call that needs no approval, or that has one, which is used up once the limits have room.</summary>
internal readonly record struct ApprovedCall(PricedCall Priced, GivenApproval? Approval)
{
    public CallContext Call => Priced.Call;

    public PolicyDecision Decision => Priced.Decision;
}

/// <summary>A call that is ready for the limits.</summary>
/// <param name="Approved">The call.</param>
/// <param name="Before">
/// The previous attempt, if its permit expired before the first byte, or if the server refused the access token.
/// </param>
/// <param name="IsResend">True if the previous attempt was sent, so that it keeps its permit.</param>
internal readonly record struct LimitAttempt(ApprovedCall Approved, AdmittedCall? Before, bool IsResend = false)
{
    /// <summary>Returns the attempt to send a call once more. Its approval or retry token stays used.</summary>
    public static LimitAttempt Resend(AdmittedCall first) => After(first) with { IsResend = true };

    /// <summary>
    /// Returns the attempt after a failed one, which has already used up its approval or retry token.
    /// </summary>
    public static LimitAttempt After(AdmittedCall before) => new(
        new ApprovedCall(new PricedCall(before.Call, before.Decision, null, before.FreeRetries), null), before);
}

/// <summary>A call whose admission is recorded; only such a call may be sent.</summary>
internal readonly record struct AuditedCall(AdmittedCall Admitted);

/// <summary>A call that was sent, or was about to be, with the response or the reason for its absence.</summary>
internal readonly record struct ForwardedCall(CallLife Life, UpstreamResponse? Answer, MissingAnswer? Missing)
{
    public AdmittedCall Admitted => Life.Admitted;

    /// <summary>
    /// The call to send once more, if the server refused the token of a first delivery; null otherwise. A call that
    /// runs later as a task is claimed for one delivery.
    /// </summary>
    public ResendableCall? Resendable =>
        Answer is { RenewToken: { } renew } && Admitted is { IsResend: false, Call.Claim: null }
            ? new ResendableCall(this, Answer, renew) : null;
}

/// <summary>A call whose server refused the access token of its first delivery.</summary>
/// <param name="Forwarded">The call.</param>
/// <param name="Answer">The server's refusal.</param>
/// <param name="RenewToken">Requests another token; returns false if there is none.</param>
internal readonly record struct ResendableCall(
    ForwardedCall Forwarded, UpstreamResponse Answer, Func<CancellationToken, ValueTask<bool>> RenewToken);

/// <summary>A call whose response was relayed.</summary>
/// <param name="Forwarded">The call.</param>
/// <param name="Outcome">The end of the relay; the default if there was no response.</param>
/// <param name="Results">The effect of the policy on the response, for the record; null if it had none.</param>
/// <param name="Handshake">The agreement on a revision; only for <c>initialize</c>.</param>
internal readonly record struct RelayedCall(
    ForwardedCall Forwarded, RelayOutcome Outcome, ResultRecord? Results = null, Handshake? Handshake = null);
