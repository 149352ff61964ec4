using Gateway.Control.Documents;
using Gateway.Limits.Model;

namespace Gateway.Approvals.Requests;

/// <summary>Where operators see what agents ask for, and answer. Of two who answer at once, one does.</summary>
public sealed class ApprovalService(ApprovalRepository book, ApprovalRecord record, ProcessClock clock)
{
    /// <summary>Characters of an operator's comment.</summary>
    public const int CommentLengthMax = 1000;

    /// <summary>Characters of an operator's name.</summary>
    public const int NameLengthMax = 128;

    /// <summary>Every approval that is still kept, the oldest request first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<Approval>> ListAsync(CancellationToken cancellationToken)
    {
        var documents = await book.ReadAsync(cancellationToken);
        return [.. ApprovalRepository.All(documents).Select(entry => book.Opened(entry.Approval, documents))];
    }

    /// <summary>The approval with this id; null where it is not kept.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<Approval?> FindAsync(string id, CancellationToken cancellationToken) =>
        await EntryAsync(id, cancellationToken) is { } entry
            ? book.Opened(entry.Approval, await book.ReadAsync(cancellationToken))
            : null;

    /// <summary>Approves or denies a request that is open.</summary>
    /// <param name="id">Which.</param>
    /// <param name="isApproved">The answer.</param>
    /// <param name="who">Who answers; control characters are taken out of the name.</param>
    /// <param name="comment">What the agent reads with a denial, and the record keeps; may be empty.</param>
    /// <param name="cancellationToken">Stops waiting; the answer may hold.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the answer may hold.</exception>
    public async ValueTask<ApprovalReply> AnswerAsync(
        string id, bool isApproved, Approver who, string? comment, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await EntryAsync(id, cancellationToken) is not { } entry)
                return new ApprovalReply(ApprovalReplyKind.NotFound, null);
            var nowMs = clock.NowMs();
            var state = entry.Approval.StateAt(nowMs);
            if (state != ApprovalState.Open && entry.Approval.State != ApprovalState.Open)
                return new ApprovalReply(ApprovalReplyKind.AlreadyAnswered, entry.Approval);
            if (state == ApprovalState.Expired)
                return new ApprovalReply(ApprovalReplyKind.Expired, entry.Approval);
            if (isApproved && entry.Approval.Votes?.Any(vote => vote.Account == who.Account) == true)
                return new ApprovalReply(ApprovalReplyKind.ApprovedByThemBefore, entry.Approval);

            var answered = Answered(entry.Approval, isApproved, who, comment, nowMs);
            if (await book.WriteAsync(entry.Name, entry.Version, answered, cancellationToken) is not { } written)
                continue;
            answered = book.Opened(written.Approval, await book.ReadAsync(cancellationToken));
            await record.AnsweredAsync(answered, nowMs);
            return new ApprovalReply(ApprovalReplyKind.Answered, answered);
        }
    }

    private static Approval Answered(Approval open, bool isApproved, Approver who, string? comment, long nowMs)
    {
        var by = Plain(who.Name, NameLengthMax) is { Length: > 0 } name ? name : "An operator";
        var needed = open.ApprovalsNeeded ?? 1;
        var votes = open.Votes;
        if (isApproved && needed > 1)
            votes = [.. votes ?? [], new ApprovalVote(by, who.Account, nowMs)];
        // Until the last of them has approved it stays open, as long as it would have.
        if (isApproved && votes?.Count < needed)
            return open with { State = ApprovalState.Open, Votes = votes };
        return open with
        {
            State = isApproved ? ApprovalState.Approved : ApprovalState.Denied,
            Votes = votes,
            AnsweredMs = nowMs,
            AnsweredBy = isApproved && votes is not null ? string.Join(", ", votes.Select(static vote => vote.By)) : by,
            Comment = comment is null ? null : Plain(comment, CommentLengthMax),
            ExpiresMs = nowMs + open.HoldsForMs,
            Arguments = isApproved ? open.Arguments : null,
            SealedArguments = isApproved ? open.SealedArguments : null,
        };
    }

    private async ValueTask<ApprovalEntry?> EntryAsync(string id, CancellationToken cancellationToken)
    {
        var documents = await book.ReadAsync(cancellationToken);
        return ApprovalRepository.All(documents).FirstOrDefault(entry => entry.Approval.Id == id);
    }

    // It goes to the agent and into the record: text on one line, within a bound.
    private static string Plain(string text, int lengthMax)
    {
        var line = string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= lengthMax ? line : line[..lengthMax];
    }
}
