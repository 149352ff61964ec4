namespace Gateway.Admin.Grants;

/// <summary>A new grant and its token, which is shown only once.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Token">The bearer token; the gateway keeps only its hash.</param>
/// <param name="Urls">The addresses for the agent's client, by server name.</param>
internal sealed record GrantCreated(GrantView Grant, string Token, IReadOnlyDictionary<string, string> Urls);
