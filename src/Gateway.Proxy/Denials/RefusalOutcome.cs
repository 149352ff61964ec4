namespace Gateway.Proxy.Denials;

internal enum RefusalOutcome
{
    Denied,
    RateLimited,
    ApprovalRequired,
}
