using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The list of approval requests for operators, and their decisions on them. Of two concurrent decisions, only one is
/// stored.
/// </summary>
public sealed class ApprovalService(
    ApprovalRepository book, StandingService standing, ApprovalRecord record, ApprovalSuggestions suggestions,
    ProcessClock clock)
{
    /// <summary>The maximum length of an operator's comment, in characters.</summary>
    public const int CommentLengthMax = 1000;

    /// <summary>The maximum length of an operator's name, in characters.</summary>
    public const int NameLengthMax = 128;

    /// <summary>Returns every stored approval, the oldest request first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<Approval>> ListAsync(
        CancellationToken cancellationToken, bool withTasks = false)
    {
        var documents = await book.ReadAsync(cancellationToken);
        return
        [
            .. (withTasks ? ApprovalRepository.All(documents) : ApprovalRepository.Requests(documents))
                .Select(entry => WithTerms(book.Opened(entry.Approval, documents), documents)),
        ];
    }

    /// <summary>Returns the approval with this id, or null if it is not stored.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<Approval?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var documents = await book.ReadAsync(cancellationToken);
        return Entry(documents, id) is { } entry
            ? WithTerms(book.Opened(entry.Approval, documents), documents)
            : null;
    }

    /// <summary>Approves or denies an open request.</summary>
    /// <param name="id">The id of the request.</param>
    /// <param name="who">The approver; control characters are removed from the names.</param>
    /// <param name="answer">The decision.</param>
    /// <param name="cancellationToken">Stops waiting; the decision may have been stored.</param>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the decision may have been stored.
    /// </exception>
    public async ValueTask<ApprovalReply> AnswerAsync(
        string id, Approver who, GivenAnswer answer, CancellationToken cancellationToken)
    {
        who = who.Plain();
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var documents = await book.ReadAsync(cancellationToken);
            if (Entry(documents, id) is not { } entry)
                return new ApprovalReply(ApprovalReplyKind.NotFound, null);
            var nowMs = clock.NowMs();
            var (problem, about, decider) = Evaluate(entry.Approval, who, answer, nowMs, documents);
            if ((problem ?? ApprovalSuggestions.Refused(entry, answer)) is { } refused)
                return new ApprovalReply(refused, WithTerms(entry.Approval, documents)) { About = about };

            var proposed = answer.Standing is { } terms
                ? entry.Approval.Proposed ?? await standing.SealedAsync(terms, cancellationToken)
                : null;
            var suggested = answer.SuggestedArguments is null ? null : ApprovalSuggestions.NameOf(entry, answer);
            var answered = Answered(entry.Approval, decider, answer, proposed, nowMs) with { Suggestion = suggested };
            if (answered.State == ApprovalState.Denied)
                answered = EndRecords.Unrecorded(answered, "denied", nowMs);
            if (await book.WriteAsync(entry.Name, entry.Version, answered, cancellationToken) is not { } written)
                continue;
            if (written.Approval.StandingId is not null)
                await standing.MakeAsync(written, Makers(written.Approval, decider), nowMs);
            if (suggested is not null)
                await suggestions.MakeAsync(written, decider, answer, nowMs);
            documents = await book.ReadAsync(cancellationToken);
            answered = WithTerms(book.Opened(written.Approval, documents), documents);
            if (await record.AnsweredAsync(answered, book.Opened(entry.Approval, documents).Arguments, nowMs)
                && written.Approval.UnrecordedEnd is not null)
                await EndRecords.UnmarkAsync(book, written);
            return new ApprovalReply(ApprovalReplyKind.Answered, answered);
        }

        throw WriteAttempts.Exceeded("The approval request");
    }

    /// <summary>
    /// Returns the approver that decides. A delegate decides by the right of the first absent person for whom no rule
    /// excludes the decision. Otherwise returns the reason against the first one, and the person that it is about if
    /// that is not the approver.
    /// </summary>
    private (ApprovalReplyKind? Problem, string? About, Approver Decider) Evaluate(
        Approval approval, Approver who, GivenAnswer answer, long nowMs, ControlSnapshot documents)
    {
        if (who.Absent is not { } absent)
        {
            var (problem, about) = Refused(approval, who, answer, nowMs, documents);
            return (problem, about, who);
        }

        // Without an absent person there is no right.
        (ApprovalReplyKind? Problem, string? About, Approver) first = (ApprovalReplyKind.NotFound, null, who);
        foreach (var person in absent)
        {
            var deputy = who with { For = person, Actor = who.Actor with { OnBehalfOf = person.Account } };
            var (problem, about) = Refused(approval, deputy, answer, nowMs, documents);
            if (problem is null)
                return (null, null, deputy);
            if (first.Problem == ApprovalReplyKind.NotFound)
                first = (problem, about, deputy);
        }

        return first;
    }

    private (ApprovalReplyKind? Problem, string? About) Refused(
        Approval approval, Approver who, GivenAnswer answer, long nowMs, ControlSnapshot documents)
    {
        if (StateProblem(approval, nowMs) is { } closed)
            return (closed, null);
        if (answer.IsApproved && approval.Votes?.Select(vote => Repeated(vote, who))
            .FirstOrDefault(static one => one.IsRepeated) is { IsRepeated: true } repeated)
            return (ApprovalReplyKind.ApprovedByThemBefore, repeated.About);
        if (answer.IsApproved || answer.SuggestedArguments is not null)
        {
            if (Barred(approval, who, documents) is { } barred)
                return (barred, null);
            // A delegate must not approve what the absent person may not approve.
            if (who.For is { } absent && Barred(
                approval, new Approver(who.Actor, absent.Account) { AccountId = absent.AccountId }, documents)
                is { } forThem)
                return (forThem, absent.Account);
        }

        return (StandingProblem(approval, answer, documents), null);
    }

    private static ApprovalReplyKind? StateProblem(Approval approval, long nowMs)
    {
        var state = approval.StateAt(nowMs);
        if (state != ApprovalState.Open && approval.State != ApprovalState.Open)
            return ApprovalReplyKind.AlreadyAnswered;
        return state == ApprovalState.Expired ? ApprovalReplyKind.Expired : null;
    }

    /// <summary>
    /// Returns true if a vote and the approver are one person, or use one person's right: that counts once, whether the
    /// person or a delegate uses it.
    /// </summary>
    private static (bool IsRepeated, string? About) Repeated(ApprovalVote vote, Approver who) =>
        vote.Account == who.Account ? (true, null)
        : vote.For is { } before && before.Account == who.Account ? (true, vote.By)
        : who.For is { } absent && (vote.Account == absent.Account || vote.For?.Account == absent.Account)
            ? (true, absent.Account)
            : (false, null);

    private ApprovalReplyKind? StandingProblem(Approval approval, GivenAnswer answer, ControlSnapshot documents)
    {
        if (answer is not { IsApproved: true, Standing: { } wanted })
            return null;
        if (approval.GrantToken is null || approval.RuleSha256 is null)
            return ApprovalReplyKind.NoStanding;
        // Every approver of further calls must approve the same terms as those before them.
        if (approval.Votes is { Count: > 0 }
            && (approval.Proposed is not { } proposed || standing.Opened(proposed, documents) is not { } opened
                || (opened.Uses, opened.ForMs, opened.Where) != (wanted.Uses, wanted.ForMs, wanted.Where)))
            return ApprovalReplyKind.OtherTerms;
        return standing.HasRoom(documents, approval.Grant) ? null : ApprovalReplyKind.TooManyStanding;
    }

    /// <summary>
    /// Returns the reason why the rule does not let the person approve; null if it does. A grant that no client signed
    /// in for has no grantor; a key without an account may belong to anyone.
    /// </summary>
    private static ApprovalReplyKind? Barred(Approval approval, Approver who, ControlSnapshot documents)
    {
        if (approval.IsBarredToGrantor == true && CallerSeparation.OwnerOf(approval.Grant, documents) is { } owner
            && (who.AccountId is null || who.AccountId == owner))
            return ApprovalReplyKind.Grantor;
        return approval.IsBarredToCaller == true
            ? CallerSeparation.Refused(approval.Grant, approval.Caller, who.Account, who.AccountId, documents)
            : null;
    }

    private static Approval Answered(
        Approval open, Approver who, GivenAnswer answer, StandingTerms? proposed, long nowMs)
    {
        var by = who.Actor.Name;
        var needed = open.ApprovalsNeeded ?? 1;
        var votes = open.Votes;
        if (answer.IsApproved && needed > 1)
            votes = [.. votes ?? [], VoteOf(who, nowMs)];
        // Until the last required approval, the request stays open with its original expiry.
        if (answer.IsApproved && votes?.Count < needed)
            return open with { State = ApprovalState.Open, Votes = votes, Proposed = proposed };
        return open with
        {
            State = answer.IsApproved ? ApprovalState.Approved : ApprovalState.Denied,
            IsApartFromCaller = answer.IsApproved ? open.IsBarredToCaller : null,
            Votes = votes,
            Proposed = proposed,
            StandingId = proposed is null ? null : CallId.New().ToString(),
            AnsweredMs = nowMs,
            AnsweredBy = answer.IsApproved && votes is not null
                ? string.Join(", ", votes.Select(static vote => vote.By))
                : by,
            AnsweredAs = who.Actor,
            Comment = answer.Comment is null ? null : Plain(answer.Comment, CommentLengthMax),
            ExpiresMs = nowMs + open.HoldsForMs,
            Arguments = answer.IsApproved ? open.Arguments : null,
            SealedArguments = answer.IsApproved ? open.SealedArguments : null,
            Task = answer.IsApproved || open.Task is not { } task ? open.Task : task with { SealedCall = null },
        };
    }

    internal static ApprovalVote VoteOf(Approver who, long nowMs) =>
        new(who.Actor.Name, who.Account, nowMs)
        {
            AccountId = who.AccountId,
            Actor = who.Actor,
            For = who.For,
        };

    // If one of several approvers proposed no further calls, the first proposal no longer applies.
    private static IReadOnlyList<StandingMaker> Makers(Approval approval, Approver who) =>
        approval.Votes is { } votes
            ?
            [
                .. votes.Select(static vote =>
                    new StandingMaker(vote.By, vote.Account, vote.AccountId) { For = vote.For }),
            ]
            : [new StandingMaker(approval.AnsweredBy!, who.Account, who.AccountId) { For = who.For }];

    private Approval WithTerms(Approval approval, ControlSnapshot documents) =>
        approval.Proposed is { } terms ? approval with { Proposed = standing.Opened(terms, documents) } : approval;

    private static ApprovalEntry? Entry(ControlSnapshot documents, string id) =>
        ApprovalRepository.Requests(documents).FirstOrDefault(entry => entry.Approval.Id == id);

    // The text goes to the agent and into the record: one line of bounded length.
    internal static string Plain(string text, int lengthMax)
    {
        var line = string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= lengthMax ? line : line[..lengthMax];
    }
}

/// <summary>The result of an operator's decision on a request.</summary>
/// <param name="Kind">The kind of result.</param>
/// <param name="Approval">The current approval; null if there is none.</param>
public readonly record struct ApprovalReply(ApprovalReplyKind Kind, Approval? Approval)
{
    /// <summary>
    /// The person that the reason for a refusal is about: the absent person for whom the approver decides, or the
    /// delegate who has already approved for the approver. Null for the approver.
    /// </summary>
    public string? About { get; init; }
}

/// <summary>One person's approval of a call that needs several.</summary>
/// <param name="By">The person's name in the record.</param>
/// <param name="Account">The person's account; null for a key without an account, which counts as one person.</param>
/// <param name="AtMs">The time of the approval, in Unix milliseconds.</param>
public sealed record ApprovalVote(string By, string? Account, long AtMs)
{
    /// <summary>
    /// The id that distinguishes the account from a later one of the same name; null for a key without an account.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>The absent person by whose right the person approved; null for an own right.</summary>
    public AbsentApprover? For { get; init; }

    /// <summary>The full identity; null in a vote that an earlier release stored.</summary>
    public Actor? Actor { get; init; }
}
