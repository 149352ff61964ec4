using Gateway.Control.Documents;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>One of the calls that a standing approval is for.</summary>
/// <param name="book">Where it is kept.</param>
/// <param name="standing">As it stood when the call was counted.</param>
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
            // It stays counted: a person is asked sooner, which is the safe side.
        }
    }
}
