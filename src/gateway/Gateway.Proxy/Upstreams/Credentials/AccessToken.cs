namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>A token as it was issued.</summary>
/// <param name="Value">What follows <c>Bearer</c>.</param>
/// <param name="Taken">When it was taken, as a timestamp of the clock in use.</param>
/// <param name="Lifetime">How long it is good; null where the server did not say.</param>
internal sealed record AccessToken(string Value, long Taken, TimeSpan? Lifetime);
