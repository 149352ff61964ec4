using Gateway.Control.Documents;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>An approval that was used for one call.</summary>
/// <param name="book">The store that it came from.</param>
/// <param name="used">The stored entry after the use.</param>
/// <param name="approved">The approval before the use.</param>
public sealed class ApprovalConsumption(ApprovalRepository book, ApprovalEntry used, Approval approved) : ISingleUse
{
    /// <inheritdoc/>
    public UsedApproval? Used => new(used.Approval.Id, null, used.Approval.AnsweredBy);

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync()
    {
        try
        {
            await book.WriteAsync(used.Name, used.Version, approved, CancellationToken.None);
        }
        catch (ControlStoreException)
        {
            // It stays used. The next call needs a new approval, which is the safe failure.
        }
    }
}

/// <summary>The approval under which a call proceeded, for the record.</summary>
/// <param name="Id">The id of the approval of exactly this call; null if there was none.</param>
/// <param name="StandingId">The id of the standing approval that covered it; null if none did.</param>
/// <param name="By">The name of the person who approved.</param>
public sealed record UsedApproval(string? Id, string? StandingId, string? By);
