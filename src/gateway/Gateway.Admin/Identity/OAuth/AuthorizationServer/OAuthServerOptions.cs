using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Bounds of the gateway as an authorization server.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record OAuthServerOptions
{
    /// <summary>Registered clients. A further one evicts the oldest unused one; without any it is refused (503).
    /// </summary>
    [Range(1, 100_000)]
    public int ClientsMax { get; set; } = 1000;

    /// <summary>Registrations a minute from one address; further ones are slowed down.</summary>
    [Range(1, 100_000)]
    public int RegistrationsPerMinute { get; set; } = 20;

    /// <summary>Requests a minute from one address for <c>/authorize</c> by unregistered clients, and as many for the
    /// sign-in pages; further ones are slowed down.</summary>
    [Range(1, 1_000_000)]
    public int AuthorizationsPerMinute { get; set; } = 120;

    /// <summary>Requests a minute for tokens, and to revoke them, from one address by unregistered clients; further
    /// ones are slowed down.</summary>
    [Range(1, 1_000_000)]
    public int TokensPerMinute { get; set; } = 600;

    /// <summary>How long a request beyond its address's share may wait for a place; then it is refused (429).</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SlowedWaitMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long such a document may take to come.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan DocumentTimeMax { get; set; } = TimeSpan.FromSeconds(5);
}
