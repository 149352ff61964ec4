namespace Gateway.Policy.Rules;

internal enum ToolAction
{
    Allow,
    Deny,
    RateLimit,
    Approve,
}
