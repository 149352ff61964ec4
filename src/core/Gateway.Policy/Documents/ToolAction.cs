namespace Gateway.Policy.Documents;

internal enum ToolAction
{
    Allow,
    Deny,
    RateLimit,
    Approve,
}
