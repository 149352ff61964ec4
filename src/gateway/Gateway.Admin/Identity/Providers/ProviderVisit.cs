using Gateway.Admin.Identity.SignIn;

namespace Gateway.Admin.Identity.Providers;

/// <summary>Where a browser signs in with a provider.</summary>
/// <param name="Door">What it wants to be let in to.</param>
/// <param name="Provider">The provider's name, as the browser says it.</param>
/// <param name="Callback">The path at which the provider sends it back.</param>
/// <param name="Address">Where browsers reach that door; null where they say so themselves.</param>
public sealed record ProviderVisit(SessionDoor Door, string Provider, string Callback, Uri? Address)
{
    /// <summary>What a proxy in front of the door takes away from paths.</summary>
    public string Prefix => Address?.AbsolutePath.TrimEnd('/') ?? "";
}
