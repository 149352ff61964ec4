using Gateway.Admin.Identity.SignIn;

namespace Gateway.Admin.Identity.Providers;

/// <summary>A browser's sign-in with a provider at one surface.</summary>
/// <param name="Realm">The surface that the browser signs in to.</param>
/// <param name="Provider">The provider's name from the request.</param>
/// <param name="Callback">The path to which the provider redirects the browser.</param>
/// <param name="Address">The surface's public address; null if the request's own address is used.</param>
public sealed record ProviderVisit(SessionRealm Realm, string Provider, string Callback, Uri? Address)
{
    /// <summary>The path prefix that a proxy in front of the surface removes.</summary>
    public string Prefix => Address?.AbsolutePath.TrimEnd('/') ?? "";
}
