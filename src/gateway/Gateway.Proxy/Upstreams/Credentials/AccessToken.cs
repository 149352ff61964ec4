namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>An access token as issued.</summary>
/// <param name="Value">The text after <c>Bearer</c>.</param>
/// <param name="Taken">The time of the request, as a timestamp of the clock in use.</param>
/// <param name="Lifetime">Its lifetime; null if the server did not state one.</param>
internal sealed record AccessToken(string Value, long Taken, TimeSpan? Lifetime);
