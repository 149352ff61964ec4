using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pinning;

namespace Gateway.Proxy.Waiting;

/// <summary>The lookup of the standing approval that covers a call, which also counts the call against it.</summary>
internal sealed class StandingUses(
    StandingRepository book, IApprovers approvers, PinnedTools pinned, ProcessClock clock)
{
    /// <summary>
    /// Returns the standing approval that ends first of those that cover the call, or null if none does.
    /// </summary>
    public StandingApproval? Find(CallContext call, PolicyDecision decision, string digest, ControlSnapshot documents)
    {
        var nowMs = clock.NowMs();
        return StandingRepository.All(documents).Select(static entry => entry.Standing)
            .Where(standing => IsFor(standing, call, decision, nowMs) && Takes(standing, call, digest, documents)
                && IsApart(standing, call, decision, documents))
            .MinBy(static standing => standing.ExpiresMs);
    }

    /// <summary>Returns the hash of the called tool's current definition, or null if it is unknown.</summary>
    public string? ContractOf(CallContext call) => pinned.ContractOf(call.Server.Name, call.Message.Name ?? "");

    /// <summary>
    /// Counts the call before its first byte is sent; returns null if the approval has ended since it was found.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the call may have been counted.</exception>
    public async ValueTask<ISingleUse?> TryUseAsync(CallContext call, PolicyDecision decision, string id) =>
        await book.TryUseAsync(id, standing => IsFor(standing, call, decision, clock.NowMs())) is { } used
            ? new StandingConsumption(book, used)
            : null;

    private bool IsFor(StandingApproval standing, CallContext call, PolicyDecision decision, long nowMs) =>
        standing.Grant == call.Grant.Name && standing.Server == call.Server.Name
        && standing.Tool == call.Message.Name && standing.Rule == decision.Rule
        && standing.StateAt(nowMs) == StandingState.Active
        && standing.Holds(
            call.Grant.CallerToken, decision.RuleSha256, ContractOf(call), approvers);

    // An approver may have been linked to the caller's subject only after the approval.
    private static bool IsApart(
        StandingApproval standing, CallContext call, PolicyDecision decision, ControlSnapshot documents) =>
        decision.Approval?.IsBarredToCaller != true || standing.Makers.All(maker =>
            IsApart(standing, call, maker.Account, maker.AccountId, documents)
            && (maker.For is not { } absent || IsApart(standing, call, absent.Account, absent.AccountId, documents)));

    private static bool IsApart(
        StandingApproval standing, CallContext call, string? account, string? accountId, ControlSnapshot documents) =>
        CallerSeparation.Refused(
            standing.Grant, call.Grant.Identity?.Subject, account, accountId, documents) is null;

    // Conditions that cannot be decrypted match no call.
    private bool Takes(StandingApproval standing, CallContext call, string digest, ControlSnapshot documents) =>
        standing.Call is { } one
            ? one == digest
            : book.Opened(standing.Terms, documents)?.Where is { } where
                && WhereConditions.Match(where, standing.Tool, call.Message.Arguments);
}
