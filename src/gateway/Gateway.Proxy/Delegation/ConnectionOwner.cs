using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Delegation;

/// <summary>
/// The caller to which connections belong: a person or program that an issuer identified, in one grant, or the holder
/// of a grant's token. A grant with another token, or that was created again, is another owner.
/// </summary>
/// <param name="Key">The key among all callers.</param>
/// <param name="Grant">The grant's name.</param>
/// <param name="Issuer">The <c>iss</c> of the caller's tokens; null if a grant's token identifies it.</param>
/// <param name="Subject">The caller's subject at that issuer.</param>
public sealed record ConnectionOwner(string Key, string Grant, string? Issuer, string? Subject)
{
    /// <summary>Returns the owner that calls with this grant.</summary>
    public static ConnectionOwner Of(GrantModel caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Identity is { } identity
            ? new(caller.CallerKey, caller.Name, identity.Issuer.Issuer, identity.Caller.Subject)
            : new(caller.CallerToken, caller.Name, null, null);
    }

    /// <summary>Returns the name of the document of its connection to a server.</summary>
    public string NameAt(string server) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\n{Key}")));
}
