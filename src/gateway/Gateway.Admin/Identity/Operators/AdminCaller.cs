using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Records;
using Gateway.Control.Network;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.Operators;

/// <summary>The identity behind a request to the admin API.</summary>
/// <param name="Name">The name in records: the operator's, or <see cref="BreakGlassName"/>.</param>
/// <param name="Roles">The roles that the request's credential gives.</param>
/// <param name="Account">The operator's account; null for the administrator's key.</param>
public sealed record AdminCaller(string Name, RoleSet Roles, OperatorAccount? Account)
{
    /// <summary>The product that the CLI names in its User-Agent.</summary>
    public const string CliName = "gateway-cli";

    /// <summary>The name of a caller with the administrator's key; no operator can have it.</summary>
    public const string BreakGlassName = "admin";

    /// <summary>A caller with the administrator's key.</summary>
    public static AdminCaller BreakGlass { get; } = new(BreakGlassName, RoleSet.Admin, null);

    /// <summary>The key of the request; null if it used another credential.</summary>
    public OperatorKey? Key { get; init; }

    /// <summary>The session of the request; null if it used another credential.</summary>
    public OperatorSession? Session { get; init; }

    /// <summary>True if a trusted proxy named the operator.</summary>
    public bool IsProxied { get; init; }

    /// <summary>True if the caller is accepting an invitation, so that its account does not exist yet.</summary>
    public bool IsInvited { get; init; }

    /// <summary>The interface that the request used, see <see cref="Actor.Origin"/>; null derives it.</summary>
    public string? Origin { get; init; }

    /// <summary>Returns the identity that records of this request name.</summary>
    /// <param name="http">The request.</param>
    /// <param name="claimedBy">The name that the client sent beside its credential; null for none.</param>
    public Actor ActorOf(HttpContext http, string? claimedBy = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        var agent = http.Request.Headers.UserAgent.ToString();
        return ActorAt(http, Name, Origin ?? (Session is not null || IsProxied ? "console"
            : agent.StartsWith($"{CliName}/", StringComparison.Ordinal) ? "cli" : "api")) with
        {
            ClaimedBy = string.IsNullOrWhiteSpace(claimedBy) ? null : claimedBy,
            Credential = Key is not null ? "key"
                : Session is not null ? "session"
                : IsProxied ? "proxy"
                : IsInvited ? "invitation"
                : Account is null ? "admin-key" : null,
            CredentialId = Key?.FullName ?? Session?.Id,
        };
    }

    /// <summary>Returns an identity with the addresses of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="name">The identity's name.</param>
    /// <param name="origin">See <see cref="Actor.Origin"/>.</param>
    public static Actor ActorAt(HttpContext http, string name, string origin)
    {
        var source = RequestSource.Of(http);
        return new Actor(name) { From = source.ToString(), Via = source.Proxy?.ToString(), Origin = origin };
    }
}
