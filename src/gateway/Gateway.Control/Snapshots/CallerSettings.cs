using System.Collections.Immutable;

namespace Gateway.Control.Snapshots;

/// <summary>The settings for callers that issuers identify, and for the header of tokens.</summary>
public sealed record CallerSettings
{
    /// <summary>The header of clients that cannot set <c>Authorization</c>, unless another is configured.</summary>
    public const string KeyHeaderDefault = "X-API-Key";

    /// <summary>No issuers.</summary>
    public static CallerSettings None { get; } = new();

    /// <summary>The issuers.</summary>
    public ImmutableArray<IssuerSettings> Issuers { get; init; } = [];

    /// <summary>The header of clients that cannot set <c>Authorization</c>.</summary>
    public string KeyHeader { get; init; } = KeyHeaderDefault;

    /// <summary>
    /// The header in which trusted proxies send the client's certificate (RFC 9440); null if they send none.
    /// </summary>
    public string? CertificateHeader { get; init; }

    /// <summary>True if client certificates identify callers.</summary>
    public bool HasCertificates => Issuers.Any(static issuer => issuer.Certificates is not null);

    /// <summary>The origin of the gateway's addresses, for audiences; null if it is not configured.</summary>
    public Uri? Origin { get; init; }

    /// <summary>Returns the issuer with this <c>iss</c>; null for any other.</summary>
    public IssuerSettings? Find(string issuer)
    {
        foreach (var one in Issuers)
        {
            if (one.Issuer == issuer)
                return one;
        }

        return null;
    }
}
