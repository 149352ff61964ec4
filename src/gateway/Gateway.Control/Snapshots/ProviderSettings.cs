using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Control.Snapshots;

/// <summary>An OpenID Connect provider that operators sign in with.</summary>
/// <param name="Name">What it is called in addresses.</param>
/// <param name="Issuer">Exactly as the provider writes itself.</param>
/// <param name="ClientId">The gateway's name there.</param>
/// <param name="ClientSecret">Its secret there.</param>
public sealed record ProviderSettings(string Name, string Issuer, string ClientId, string ClientSecret)
{
    /// <summary>Providers of one gateway.</summary>
    public const int Max = 8;

    /// <summary>Stands for every value of <see cref="RoleClaim"/>, and for none.</summary>
    public const string Everybody = "*";

    /// <summary>What people see.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What is asked for; <c>openid</c> is the first.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>The claim that names a new account.</summary>
    public required string NameClaim { get; init; }

    /// <summary>The claim that <see cref="Roles"/> are looked up by.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>Roles by value of that claim. Empty: only accounts that are linked by hand come in.</summary>
    public required FrozenDictionary<string, ImmutableArray<string>> Roles { get; init; }

    /// <summary>Never its secret.</summary>
    public override string ToString() => $"{Name} ({Issuer})";
}
