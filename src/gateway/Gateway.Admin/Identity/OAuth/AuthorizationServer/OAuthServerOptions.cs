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

    /// <summary>Redirect URIs of one client.</summary>
    [Range(1, 100)]
    public int RedirectUrisMax { get; set; } = 10;

    /// <summary>Bytes of a registration, or of a form; a longer one is refused.</summary>
    [Range(1024, 1 << 20)]
    public int BodyBytesMax { get; set; } = 16 * 1024;

    /// <summary>Registrations a minute from one address; further ones are slowed down.</summary>
    [Range(1, 100_000)]
    public int RegistrationsPerMinute { get; set; } = 20;

    /// <summary>Registrations a minute in all.</summary>
    [Range(1, 1_000_000)]
    public int AllRegistrationsPerMinute { get; set; } = 100;

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

    /// <summary>Requests that wait so at once, a quarter of them from one address; a further one is refused (429).
    /// </summary>
    [Range(0, 100_000)]
    public int SlowedMax { get; set; } = 64;

    /// <summary>The lifetime of a registered client that has not completed an authorization.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan UnusedClientMax { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a registered client stays that has no grant any more.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan IdleClientMax { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long an operator may look at what a client asks for.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan RequestMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests that one signed-in browser may have open; the oldest makes room.</summary>
    [Range(1, 1000)]
    public int RequestsPerSessionMax { get; set; } = 20;

    /// <summary>Servers that are offered to choose from where a client asks for several as one.</summary>
    [Range(1, 1000)]
    public int ConsentServersMax { get; set; } = 100;

    /// <summary>How long a code can be exchanged.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan CodeMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an access token is good.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan AccessMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a refresh token is good that nobody uses.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RefreshIdleMax { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a replaced refresh token returns the same successor again, unless that was used.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Refresh tokens of one sign-in that are remembered, so that a used one is known again.</summary>
    [Range(10, 1000)]
    public int RefreshRememberedMax { get; set; } = 100;

    /// <summary>Access tokens of one sign-in that are good at once; the oldest makes room.</summary>
    [Range(1, 100)]
    public int AccessTokensMax { get; set; } = 16;

    /// <summary>Sign-ins of one grant that hold tokens; the one used least lately makes room.</summary>
    [Range(1, 100)]
    public int SignInsPerGrantMax { get; set; } = 20;

    /// <summary>Bytes of a client's own document, or of its keys.</summary>
    [Range(1024, 1 << 20)]
    public int DocumentBytesMax { get; set; } = 5 * 1024;

    /// <summary>How long such a document may take to come.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan DocumentTimeMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Documents of clients that are kept in memory.</summary>
    [Range(1, 100_000)]
    public int DocumentsKeptMax { get; set; } = 256;
}
