using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp.Reading;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The process of approval: it requests a person's decision on one call, waits for it as long as the rule allows, and
/// lets an approval be used once. Without the control store, no request is opened and no call goes through.
/// </summary>
internal sealed class ApprovalRequester(
    ApprovalRepository book, WaitingCalls waitingCalls, ApprovalRecord record, ProcessClock clock,
    StandingUses standing, ArgumentsDigest digests, ApprovalTasks tasks) : IDisposable
{
    private const int ArgumentsBytesMax = 64 * 1024;
    // Includes approved requests whose call has not been made yet.
    private const int OpenPerGrantMax = 32;

    /// <summary>The longest time in milliseconds between a denial and its suggestion, which are two writes.</summary>
    private const long SuggestionAfterMs = 5000;

    // One opening at a time in this process, so that the bounds on open requests and on tasks are exact within it. Each
    // further frontend may exceed them by one at the same time.
    private readonly SemaphoreSlim _opening = new(1);

    public CallWait Hold(CallContext call, PolicyDecision decision) =>
        waitingCalls.Hold(call, (decision.Approval ?? ApprovalTerms.Default).WaitAtMost);

    public async ValueTask<ApprovalAnswer> AskAsync(CallContext call, PolicyDecision decision, CallWait hold)
    {
        if (call.Message.Arguments.Length > ArgumentsBytesMax)
            return ApprovalAnswer.No(ApprovalRefusals.TooLarge(decision, ArgumentsBytesMax));
        try
        {
            return await FollowAsync(call, decision, hold);
        }
        catch (ControlStoreException)
        {
            return ApprovalAnswer.No(ApprovalRefusals.Unavailable);
        }
    }

    /// <summary>
    /// Uses up an approval for this call; returns null if another call used it first or it has expired.
    /// </summary>
    public async ValueTask<ISingleUse?> TryUseAsync(CallContext call, PolicyDecision decision, GivenApproval given)
    {
        // A run uses the approval under its claim, so that a run that was taken over cannot.
        if (call.Claim is { } claim)
            return await claim.TryUseAsync(call.IdText) ? claim : null;
        try
        {
            if (given.Standing is null)
                return await TryUseAsync(call, decision, given.Own!);
            var used = await standing.TryUseAsync(call, decision, given.Standing);
            if (used?.Used is { } by && given.Own is { } asked)
                await WithdrawAsync(call, asked, by);
            return used;
        }
        catch (ControlStoreException)
        {
            // The approval may or may not have been used up, so this call must not proceed on it.
            return null;
        }
    }

    /// <summary>
    /// Returns the reason why a call that waited as a task is not made; null if it may be. The policy has been
    /// evaluated again.
    /// </summary>
    public Refusal? WhyNotRun(CallContext call, PolicyDecision decision, TaskClaim claim) =>
        claim.IsLost ? ApprovalRefusals.Withdrawn
        // An earlier release stored no contract with long calls.
        : claim.Approval is not { ToolContract: null, Task.IsLongCall: true }
            && claim.Approval.KnownContract != standing.ContractOf(call)
            ? claim.Approval.KnownContract is null ? ApprovalRefusals.ToolUnknown : ApprovalRefusals.ToolChanged
        : decision.Outcome == DecisionOutcome.Ask
            && (claim.Approval.Task is { Turn: not null } or { Round: not null } || !IsEnough(claim.Approval, decision))
            ? ApprovalRefusals.NotEnough(decision, claim.Approval)
        : call.Server.OAuth?.Exchange is not null ? ApprovalRefusals.NeedsCaller
        : null;

    public void Dispose() => _opening.Dispose();

    private async ValueTask<ApprovalConsumption?> TryUseAsync(
        CallContext call, PolicyDecision decision, ApprovalEntry entry)
    {
        var nowMs = clock.NowMs();
        if (entry.Approval.StateAt(nowMs) != ApprovalState.Approved || !IsEnough(entry.Approval, decision))
            return null;
        var approval = entry.Approval with
        {
            State = ApprovalState.Used,
            UsedMs = nowMs,
            CallId = call.IdText,
            Arguments = null,
            SealedArguments = null,
        };
        var used = await book.WriteAsync(entry.Name, entry.Version, approval, CancellationToken.None);
        return used is null ? null : new ApprovalConsumption(book, used, entry.Approval);
    }

    private async ValueTask<ApprovalAnswer> FollowAsync(CallContext call, PolicyDecision decision, CallWait hold)
    {
        var name = CallDigest.Of(
            ApprovalRepository.Purpose, call.Grant, call.Server, call.Message, McpReadBounds.Default.DepthMax);
        string? asked = null;
        // Each iteration either opens a request or waits; the rule's time limit ends the waiting.
        for (var openings = 0; openings < WriteAttempts.Max;)
        {
            var documents = await book.ReadAsync(call.Http.RequestAborted);
            var entry = ApprovalRepository.Find(documents, name);
            if (entry is not null && TaskOf(call, decision, entry) is { } running)
                return ApprovalAnswer.No(running);
            switch (entry?.Approval.StateAt(clock.NowMs()))
            {
                case ApprovalState.Approved when IsEnough(entry.Approval, decision):
                    return ApprovalAnswer.Yes(entry);
                case ApprovalState.Denied when await WaitForSuggestionAsync(call, entry.Approval, documents):
                    break;
                case ApprovalState.Denied:
                    return ApprovalAnswer.No(ApprovalRefusals.Denied(
                        decision.Rule, entry.Approval, book.SuggestionOf(entry.Approval, documents, clock.NowMs())));
                case var _ when standing.Find(call, decision, name, documents) is { } leave:
                    return ApprovalAnswer.Yes(
                        leave, entry?.Approval.StateAt(clock.NowMs()) == ApprovalState.Open ? entry : null);
                case ApprovalState.Open when ApprovalTasks.Offers(call, documents):
                    openings++;
                    if (await AddTaskAsync(call, decision, entry) is { } uncertain)
                        return ApprovalAnswer.No(uncertain);
                    break;
                case ApprovalState.Open:
                    asked = entry.Approval.Id;
                    var pending = ApprovalRefusals.Pending(
                        decision, entry.Approval, waitingCalls.Links.To(entry.Approval));
                    if (await waitingCalls.Links.StateAsync(call, entry.Approval, name) is { } state)
                        return ApprovalAnswer.No(pending with { RequestState = state });
                    if (LinkQuestions.IsDeclined(call)
                        || !await hold.WaitAsync(book, documents.Revision, entry.Approval))
                        return ApprovalAnswer.No(pending);
                    break;
                case null or ApprovalState.Expired when asked is not null:
                    return ApprovalAnswer.No(ApprovalRefusals.Unanswered(decision.Rule, asked));
                case null or ApprovalState.Approved or ApprovalState.Used or ApprovalState.Expired:
                    openings++;
                    if (await OpenAsync(call, decision, name) is { } refusal)
                        return ApprovalAnswer.No(refusal);
                    break;
                default:
                    throw new NotSupportedException($"ApprovalState of {entry.Approval.Id} has no case here.");
            }
        }

        throw WriteAttempts.Exceeded("The approval request");
    }

    /// <summary>
    /// Returns the task that an identical call waits for, to a client that accepts one. Any other client waits for the
    /// same decision, and must not repeat a call that is being made.
    /// </summary>
    private Refusal? TaskOf(CallContext call, PolicyDecision decision, ApprovalEntry entry)
    {
        var nowMs = clock.NowMs();
        if (!entry.Approval.HasOpenTaskAt(nowMs))
            return null;
        if (ApprovalTasks.Offers(call))
            return tasks.Created(call, decision, entry);
        return entry.Approval.StateAt(nowMs) == ApprovalState.Used
            || (entry.Approval.StateAt(nowMs) == ApprovalState.Approved && !IsEnough(entry.Approval, decision))
            ? ApprovalRefusals.HasTask(decision, entry.Approval) : null;
    }

    /// <summary>Lets the open request of an identical call wait as a task.</summary>
    private async ValueTask<Refusal?> AddTaskAsync(CallContext call, PolicyDecision decision, ApprovalEntry entry)
    {
        await _opening.WaitAsync(call.Http.RequestAborted);
        try
        {
            // Others may have become tasks since.
            if (!ApprovalTasks.Offers(call, await book.ReadAsync(call.Http.RequestAborted)))
                return null;
            var waiting = entry.Approval with { Task = await tasks.NewAsync(call, entry.Approval.Id) };
            return (await book.StoreAsync(entry.Name, entry.Version, waiting)).IsUncertain ? MayBeMade(decision) : null;
        }
        finally
        {
            _opening.Release();
        }
    }

    private static Refusal MayBeMade(PolicyDecision decision) => ApprovalRefusals.MayBeMade(
        decision.Rule,
        "The call may still be made after a person approves it. Call again with the same arguments to get the task of "
            + "the call.");

    /// <summary>
    /// Waits until the suggestion of a new denial is stored, so that a pending call receives both together.
    /// </summary>
    /// <returns>
    /// False if nothing was suggested, the suggestion is already stored, or the time for it has passed.
    /// </returns>
    private async ValueTask<bool> WaitForSuggestionAsync(CallContext call, Approval denied, ControlSnapshot documents)
    {
        var sinceMs = Math.Max(0, clock.NowMs() - (denied.AnsweredMs ?? 0));
        if (sinceMs >= SuggestionAfterMs || !ApprovalRepository.IsSuggestionMissing(denied, documents))
            return false;
        var left = TimeSpan.FromMilliseconds(SuggestionAfterMs - sinceMs);
        await book.WaitAsync(documents.Revision, left, call.Http.RequestAborted);
        return true;
    }

    /// <summary>
    /// Closes a request that no longer needs a decision because its call proceeds under a standing approval.
    /// </summary>
    private async ValueTask WithdrawAsync(CallContext call, ApprovalEntry asked, UsedApproval by)
    {
        var nowMs = clock.NowMs();
        try
        {
            await book.WriteAsync(
                asked.Name, asked.Version,
                asked.Approval with
                {
                    State = ApprovalState.Used,
                    AnsweredMs = nowMs,
                    AnsweredBy = by.By,
                    StandingId = by.StandingId,
                    UsedMs = nowMs,
                    CallId = call.IdText,
                    Arguments = null,
                    SealedArguments = null,
                },
                CancellationToken.None);
        }
        catch (ControlStoreException)
        {
            // The request stays open until it expires; the call has been counted.
        }
    }

    // The policy may since have been changed to require more approvals or other approvers. A suggestion is valid only
    // under the rule that requested the approval.
    private static bool IsEnough(Approval approval, PolicyDecision decision) =>
        (approval.Votes?.Count ?? 1) >= (decision.Approval ?? ApprovalTerms.Default).Approvals
        && (approval.IsApartFromCaller == true || decision.Approval?.IsBarredToCaller != true)
        && (approval.SuggestedFor is null || approval.RuleSha256 == decision.RuleSha256);

    /// <summary>
    /// Opens a new request in place of an expired or used one; does nothing if an open request exists.
    /// </summary>
    private async ValueTask<Refusal?> OpenAsync(CallContext call, PolicyDecision decision, string name)
    {
        await _opening.WaitAsync(call.Http.RequestAborted);
        try
        {
            var documents = await book.ReadAsync(call.Http.RequestAborted);
            var nowMs = clock.NowMs();
            if (await EndRecords.TryTakeReplacedAsync(book, record, documents, name, nowMs))
            {
                documents = await book.ReadAsync(call.Http.RequestAborted);
                // Later than every document of this snapshot: an older time would take a new request for one that
                // a wrong clock has dated.
                nowMs = clock.NowMs();
            }

            // Another frontend may have opened it since.
            if (ApprovalRepository.Find(documents, name)?.Approval is { } present
                && (present.StateAt(nowMs) == ApprovalState.Open || present.HasOpenTaskAt(nowMs)))
                return null;
            var open = ApprovalRepository.All(documents).Count(entry => entry.Approval.Grant == call.Grant.Name
                && entry.Approval.StateAt(nowMs) is ApprovalState.Open or ApprovalState.Approved);
            if (open >= OpenPerGrantMax)
                return ApprovalRefusals.TooMany(decision, OpenPerGrantMax);
            var approval = Request(call, decision, nowMs) with
            {
                ArgumentsHmac = await digests.OfAsync(call.Message.Arguments, call.Http.RequestAborted),
            };
            if (ApprovalTasks.Offers(call, documents))
                approval = approval with { Task = await tasks.NewAsync(call, approval.Id) };
            await KeepResultAsync(documents, name, nowMs);
            var version = ApprovalRepository.VersionOf(documents, name);
            var (stored, isUncertain) = await book.StoreAsync(name, version, approval);
            if (stored is not null)
                await record.AskedAsync(approval, nowMs);
            return !isUncertain ? null : approval.Task is null ? ApprovalRefusals.Unavailable : MayBeMade(decision);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>
    /// Keeps the result of an identical call's task, whose client may still request it, under its id. Without the call,
    /// no run can claim the copy.
    /// </summary>
    private async ValueTask KeepResultAsync(ControlSnapshot documents, string name, long nowMs)
    {
        if (ApprovalRepository.Find(documents, name)?.Approval is { Task: not null } ended
            && nowMs < ended.TaskKeptUntilMs())
            await book.WriteAsync(
                ended.Id, 0, ended with { Task = ended.Task with { SealedCall = null } }, CancellationToken.None);
    }

    private Approval Request(CallContext call, PolicyDecision decision, long nowMs)
    {
        var terms = decision.Approval ?? ApprovalTerms.Default;
        var holdsForMs = (long)terms.ExpiresAfter.TotalMilliseconds;
        var arguments = call.Message.Arguments;
        return new Approval
        {
            Id = CallId.New().ToString(),
            State = ApprovalState.Open,
            Grant = call.Grant.Name,
            Server = call.Server.Name,
            Method = call.Message.Method,
            Tool = call.Message.Name ?? "",
            Rule = decision.Rule,
            Reason = decision.Reason,
            Arguments = arguments.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(arguments.Span),
            AskedMs = nowMs,
            HoldsForMs = holdsForMs,
            ExpiresMs = nowMs + holdsForMs,
            GrantToken = call.Grant.CallerToken,
            RuleSha256 = decision.RuleSha256,
            ToolContract = standing.ContractOf(call),
            ApprovalsNeeded = terms.Approvals > 1 ? terms.Approvals : null,
            IsBarredToGrantor = terms.IsBarredToGrantor ? true : null,
            IsBarredToCaller = terms.IsBarredToCaller ? true : null,
            Caller = call.Grant.Identity?.Subject,
            CallerClient = call.Grant.Identity?.Caller.Client,
            CallerActor = call.Grant.Identity?.Caller.Actor,
            EscalatesMs = nowMs + (long?)terms.Escalation?.After.TotalMilliseconds,
            EscalatesTo = terms.Escalation?.Channel,
        };
    }
}
