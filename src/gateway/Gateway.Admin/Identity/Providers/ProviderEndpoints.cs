namespace Gateway.Admin.Identity.Providers;

/// <summary>The endpoints in a provider's discovery document.</summary>
/// <param name="Authorization">The authorization endpoint, which browsers open.</param>
/// <param name="Token">The endpoint that exchanges codes.</param>
/// <param name="UserInfo">The endpoint that describes the person.</param>
/// <param name="Keys">The <c>jwks_uri</c>.</param>
/// <param name="NamesIssuer">True when authorization responses contain the issuer (RFC 9207).</param>
/// <param name="IsPairwise">True when each client gets another <c>sub</c> of a person (OpenID Connect Core, 8).</param>
internal sealed record ProviderEndpoints(
    string Authorization, string Token, string UserInfo, string Keys, bool NamesIssuer, bool IsPairwise);
