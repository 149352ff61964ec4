using Gateway.Control.Documents;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>An approval that was used for one call.</summary>
/// <param name="book">Where it is kept.</param>
/// <param name="used">As it stands since.</param>
/// <param name="approved">As it stood before.</param>
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
            // It stays used: a person is asked again, which is the safe side.
        }
    }
}
