using Gateway.Proxy.Control;
using Gateway.Proxy.Forwarding;

namespace Gateway.Proxy.Approvals;

/// <summary>An approval that was used for one call.</summary>
/// <param name="book">Where it is kept.</param>
/// <param name="used">As it stands since.</param>
/// <param name="approved">As it stood before.</param>
internal sealed class ApprovalUse(ApprovalBook book, ApprovalEntry used, Approval approved) : IVoucher
{
    public Approval Approval => used.Approval;

    public async ValueTask PutBackAsync()
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
