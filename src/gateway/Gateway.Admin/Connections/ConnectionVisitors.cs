using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Erasing;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Connections;

/// <summary>A person in front of a browser: a caller that a provider identified, or an operator.</summary>
/// <param name="Browser">The id of the browser's session.</param>
/// <param name="Name">The name in records.</param>
/// <param name="Person">The caller; null for an operator.</param>
/// <param name="Operator">The operator's session; null for a caller.</param>
internal sealed record ConnectionVisitor(
    string Browser, string Name, PersonSession? Person, OperatorSession? Operator);

/// <summary>The people who may connect for a caller, and see and remove its connections.</summary>
internal sealed class ConnectionVisitors(
    PersonSessions persons, IssuerSessions sessions, SnapshotUpdater control, RecordedSubjects subjects,
    SignInRecord record, ProcessClock clock)
{
    /// <summary>The session of the signed-in operator, to which forms are bound; null if there is none.</summary>
    public OperatorSession? Operator(HttpContext http) => sessions.Session(http);

    /// <summary>Returns the person of this browser; null if nobody has signed in as such.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isIdentified">
    /// True for callers that an issuer identifies, false for holders of a grant's token.
    /// </param>
    public ConnectionVisitor? Find(HttpContext http, bool isIdentified)
    {
        if (!isIdentified)
        {
            return sessions.Session(http) is { } session
                ? new ConnectionVisitor(session.Id, session.Owner.Name, null, session) : null;
        }

        return persons.Find(http) is { } person
            ? new ConnectionVisitor(
                person.Id, PersonQuery.ActorName(person.Issuer, subjects.Of(person.Issuer, person.Subject)), person,
                null)
            : null;
    }

    /// <summary>
    /// Returns true if the person is the caller. For the holder of a grant's token, this is an operator who may issue
    /// such tokens, or who allowed the client that signed in.
    /// </summary>
    public bool Is(ConnectionVisitor visitor, string server, string grant, string? issuer, string? subject)
    {
        if (issuer is not null)
            return visitor.Person is { } person && person.Issuer == issuer && person.Subject == subject;
        return visitor.Operator is { Owner: var account }
            && (account.Roles.Allows(Permissions.Edit, server)
                || (control.State.Objects.Grants.TryGetValue(grant, out var found)
                    && found.OAuth is { } client && client.OperatorId == account.Id));
    }

    /// <summary>Records what the person did with a connection; a failed write does not block it.</summary>
    public ValueTask<bool> RecordAsync(HttpContext http, ConnectionVisitor visitor, string action, string about) =>
        visitor.Person is { } person
            ? record.WriteAsync(http, (person.Issuer, person.Subject), action, about)
            : record.WriteAsync(http, visitor.Name, action, about, visitor.Operator);

    /// <summary>
    /// Returns true if a grant still has the token whose holder an owner is, or if no operator has stopped the person.
    /// </summary>
    public bool IsCurrent(ConnectionOwner owner) => owner is { Issuer: { } issuer, Subject: { } subject }
        ? control.State.Pauses.OfSubject(issuer, subject, subjects.DigestOf(issuer, subject), clock.NowMs()) is null
        : (control.State.Objects.Grants.TryGetValue(owner.Grant, out var grant)
            && grant.Tokens.Any(one => one.Token.ToString() == owner.Key));

    /// <summary>Returns the same as <see cref="IsCurrent"/>, by the present state of the store.</summary>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    public async Task<bool> IsStillCurrentAsync(ConnectionOwner owner)
    {
        await control.RefreshAsync(CancellationToken.None);
        return IsCurrent(owner);
    }

    /// <summary>The providers at which callers sign in.</summary>
    public IEnumerable<ProviderSettings> Providers => control.State.Config.Providers.Where(provider =>
        control.State.Config.Callers.Find(provider.Issuer) is not null);

    /// <summary>Returns the address at which a caller of a provider signs in.</summary>
    public static string SignInAt(ProviderSettings provider, string path) =>
        $"/sign-in/{provider.Name}?return={Uri.EscapeDataString(path + ConnectionPaths.AsCaller)}";
}
