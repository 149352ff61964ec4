using System.Net;
using Gateway.Admin.Identity.SignIn;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>A place at which a browser uses a passkey.</summary>
/// <param name="Realm">The surface that the browser signs in to.</param>
/// <param name="Origin">The only origin whose pages may request it, such as <c>https://ops.example.com</c>.</param>
/// <param name="Domain">The relying party ID of the passkey: the origin's host, or a domain above it.</param>
public sealed record PasskeyPlace(SessionRealm Realm, string Origin, string Domain)
{
    /// <summary>True if the domain is a name: browsers do not accept an IP address.</summary>
    public bool IsName => !IPAddress.TryParse(Domain.Trim('[', ']'), out _);

    /// <summary>Returns the place at an address.</summary>
    /// <param name="realm">The surface that the browser signs in to.</param>
    /// <param name="address">The address that browsers use.</param>
    /// <param name="domain">The domain shared by all places, used if this one is in it; null for one domain
    /// each.</param>
    public static PasskeyPlace At(SessionRealm realm, Uri address, string? domain)
    {
        ArgumentNullException.ThrowIfNull(address);
        var isInDomain = domain is not null
            && (address.IdnHost == domain || address.IdnHost.EndsWith($".{domain}", StringComparison.Ordinal));
        return new(
            realm, $"{address.Scheme}://{address.IdnHost}{(address.IsDefaultPort ? "" : $":{address.Port}")}",
            isInDomain ? domain! : address.IdnHost);
    }
}
