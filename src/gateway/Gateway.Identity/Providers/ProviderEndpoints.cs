namespace Gateway.Identity.Providers;

/// <summary>What a provider's discovery document says.</summary>
/// <param name="Authorization">Where browsers go.</param>
/// <param name="Token">Where codes are exchanged.</param>
/// <param name="UserInfo">What tells about the person.</param>
/// <param name="NamesIssuer">Whether each of its answers says whose it is (RFC 9207).</param>
internal sealed record ProviderEndpoints(string Authorization, string Token, string UserInfo, bool NamesIssuer);
