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

    /// <summary>The absences in which the operator is the delegate, at the time of the request.</summary>
    public IReadOnlyList<OperatorAbsence> Delegations { get; init; } = [];

    /// <summary>True if a trusted proxy named the operator.</summary>
    public bool IsProxied { get; init; }

    /// <summary>True if the caller is accepting an invitation, so that its account does not exist yet.</summary>
    public bool IsInvited { get; init; }

    /// <summary>The interface that the request used, see <see cref="Actor.Origin"/>; null derives it.</summary>
    public string? Origin { get; init; }

    /// <summary>Returns the right to decide on requests for a server; null if there is none.</summary>
    public ApprovalRight? RightTo(string server) => ApprovalRight.Of(Account, Roles, Key?.Limit, Delegations, server);

    /// <summary>True if a delegation gives the right to decide on requests for some server.</summary>
    public bool IsDelegate => Delegated.Any(static roles => roles.AllowsSomewhere(Permissions.AnswerApprovals));

    /// <summary>
    /// The permissions to decide on requests as a delegate, and to see these requests, as <see cref="RoleSet.Allowed"/>
    /// writes them.
    /// </summary>
    public IEnumerable<string> DelegatedPermissions =>
        from roles in Delegated
        from allowed in roles.Allowed
        where allowed.StartsWith(nameof(Permissions.AnswerApprovals), StringComparison.Ordinal)
        from permission in new[] { nameof(Permissions.ReadApprovals), nameof(Permissions.AnswerApprovals) }
        select permission + allowed[nameof(Permissions.AnswerApprovals).Length..];

    private IEnumerable<RoleSet> Delegated => Delegations.Select(one =>
        Key?.Limit is { } limit ? limit.And(one.Owner.Roles) : one.Owner.Roles);

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
