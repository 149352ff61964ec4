namespace Gateway.Proxy.Approvals.Requests;

/// <summary>Something that lets one call through and was used up for it: an approval, or a ticket.</summary>
public interface ISingleUse
{
    /// <summary>The approval that it is; null for a ticket.</summary>
    UsedApproval? Used => null;

    /// <summary>No byte of the call was written: it may be used again.</summary>
    ValueTask ReleaseAsync();
}
