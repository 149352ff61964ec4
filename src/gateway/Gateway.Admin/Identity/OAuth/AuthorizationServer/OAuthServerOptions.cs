using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Limits of the gateway's authorization server.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record OAuthServerOptions
{
    /// <summary>
    /// The maximum number of registered clients. A further one evicts the oldest unused one, or is refused (503).
    /// </summary>
    [Range(1, 100_000)]
    public int ClientsMax { get; set; } = 1000;

    /// <summary>Registrations per minute from one address; further ones are slowed down.</summary>
    [Range(1, 100_000)]
    public int RegistrationsPerMinute { get; set; } = 20;

    /// <summary>
    /// Requests per minute from one address for <c>/authorize</c> by unregistered clients, and as many for the sign-in
    /// pages; further ones are slowed down.
    /// </summary>
    [Range(1, 1_000_000)]
    public int AuthorizationsPerMinute { get; set; } = 120;

    /// <summary>
    /// Token and revocation requests per minute from one address by unregistered clients; further ones are slowed down.
    /// </summary>
    [Range(1, 1_000_000)]
    public int TokensPerMinute { get; set; } = 600;

    /// <summary>The time that a request beyond its address's share may wait; then it is refused (429).</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SlowedWaitMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit for fetching a client's document.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan DocumentTimeMax { get; set; } = TimeSpan.FromSeconds(5);
}
