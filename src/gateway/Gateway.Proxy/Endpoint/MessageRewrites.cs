namespace Gateway.Proxy.Endpoint;

/// <summary>What stands between a message as its client sends it and as it is judged and sent on.</summary>
/// <param name="Retries">Calls that bring back what the gateway itself had asked for.</param>
/// <param name="Searched">Tools that are found and called by three others.</param>
/// <param name="Virtual">Tools that stand for others.</param>
internal sealed record MessageRewrites(ApprovalRetries Retries, SearchedTools Searched, VirtualCalls Virtual);
