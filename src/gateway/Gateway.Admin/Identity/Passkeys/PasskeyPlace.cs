using System.Net;
using Gateway.Admin.Identity.SignIn;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>Where a browser uses a passkey.</summary>
/// <param name="Door">What it wants to be let in to.</param>
/// <param name="Origin">The one origin whose pages may ask for it, such as <c>https://ops.example.com</c>.</param>
/// <param name="Domain">What the passkey belongs to: the origin's host, or a domain above it.</param>
public sealed record PasskeyPlace(SessionDoor Door, string Origin, string Domain)
{
    /// <summary>Browsers take a name for it, and no address.</summary>
    public bool IsName => !IPAddress.TryParse(Domain.Trim('[', ']'), out _);

    /// <summary>The place at an address.</summary>
    /// <param name="door">What is wanted there.</param>
    /// <param name="address">How browsers reach it.</param>
    /// <param name="domain">The domain that all places have, where this one is in it; null for each its own.</param>
    public static PasskeyPlace At(SessionDoor door, Uri address, string? domain)
    {
        ArgumentNullException.ThrowIfNull(address);
        var isInDomain = domain is not null
            && (address.IdnHost == domain || address.IdnHost.EndsWith($".{domain}", StringComparison.Ordinal));
        return new(
            door, $"{address.Scheme}://{address.IdnHost}{(address.IsDefaultPort ? "" : $":{address.Port}")}",
            isInDomain ? domain! : address.IdnHost);
    }
}
