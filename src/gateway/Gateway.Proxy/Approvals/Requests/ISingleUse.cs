namespace Gateway.Proxy.Approvals.Requests;

/// <summary>An approval or a retry token that lets one call through and was used up for it.</summary>
public interface ISingleUse
{
    /// <summary>The used approval; null for a retry token.</summary>
    UsedApproval? Used => null;

    /// <summary>Makes it usable again, because no byte of the call was written.</summary>
    ValueTask ReleaseAsync();
}
