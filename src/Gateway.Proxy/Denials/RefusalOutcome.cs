namespace Gateway.Proxy.Denials;

internal enum RefusalOutcome
{
    Denied,
    RateLimited,
    ApprovalRequired,

    /// <summary>No rule refused it: the gateway has trouble of its own.</summary>
    Unavailable,
}
