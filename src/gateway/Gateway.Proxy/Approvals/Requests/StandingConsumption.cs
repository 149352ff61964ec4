using Gateway.Control.Documents;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>One counted use of a standing approval.</summary>
/// <param name="book">The store that it came from.</param>
/// <param name="standing">The standing approval after the call was counted.</param>
public sealed class StandingConsumption(StandingRepository book, StandingApproval standing) : ISingleUse
{
    private int _isReleased;

    /// <inheritdoc/>
    public UsedApproval? Used => new(null, standing.Id, standing.MadeBy);

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
            return;
        try
        {
            await book.ReleaseAsync(standing.Id);
        }
        catch (ControlStoreException)
        {
            // The use stays counted. Approval is then required earlier, which is the safe failure.
        }
    }
}
