namespace Gateway.Audit.Records;

public enum RefusalCategory
{
    Denied,
    RateLimited,
    ApprovalRequired,

    /// <summary>No rule refused it: the gateway has trouble of its own.</summary>
    Unavailable,
}
