namespace Gateway.Admin.Grants;

/// <summary>A new grant and its token, which is shown this once.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Token">The bearer token; the gateway keeps only its hash.</param>
/// <param name="Urls">Server name to the address that the agent's client is given.</param>
internal sealed record GrantCreated(GrantView Grant, string Token, IReadOnlyDictionary<string, string> Urls);
