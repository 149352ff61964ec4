namespace Gateway.Proxy.Endpoint;

/// <summary>What stands between a grant's tools as its client has them and those of its servers.</summary>
/// <param name="Searched">Tools that are found and called by three others.</param>
/// <param name="Virtual">Tools that stand for others.</param>
internal sealed record GrantTools(SearchedTools Searched, VirtualCalls Virtual);
