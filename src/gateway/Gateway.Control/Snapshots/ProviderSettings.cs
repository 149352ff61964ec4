using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Control.Snapshots;

/// <summary>An OpenID Connect provider with which operators sign in.</summary>
/// <param name="Name">The provider's name in addresses.</param>
/// <param name="Issuer">The issuer, exactly as the provider writes it.</param>
/// <param name="ClientId">The gateway's client id at the provider.</param>
/// <param name="ClientSecret">The gateway's client secret at the provider.</param>
public sealed record ProviderSettings(string Name, string Issuer, string ClientId, string ClientSecret)
{
    /// <summary>The maximum number of providers of one gateway.</summary>
    public const int Max = 8;

    /// <summary>A value that matches every value of <see cref="RoleClaim"/>, and an absent one.</summary>
    public const string Everybody = "*";

    /// <summary>The name that people see.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The requested scopes; <c>openid</c> is the first.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>The claim that names a new account.</summary>
    public required string NameClaim { get; init; }

    /// <summary>The claim by which <see cref="Roles"/> are looked up.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>Roles by value of that claim. If empty, only accounts that are linked by hand can sign in.</summary>
    public required FrozenDictionary<string, ImmutableArray<string>> Roles { get; init; }

    /// <summary>Returns the name and the issuer, never the secret.</summary>
    public override string ToString() => $"{Name} ({Issuer})";
}
