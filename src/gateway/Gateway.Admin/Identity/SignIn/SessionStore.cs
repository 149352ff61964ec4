using System.Security.Cryptography;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Secrets;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Browser sessions. The cookie is sealed with the keys that frontends share, and is only valid with the session's
/// document in the store, so sessions can be listed and revoked.
/// </summary>
public sealed partial class SessionStore(
    IControlStore store, SnapshotUpdater control, OperatorStore operators, SecretProtector secrets, ProcessClock clock,
    ILogger<SessionStore> logger)
{
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(12);
    private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);
    // A further sign-in ends the least recently used one.
    private const int PerOperatorMax = 20;
    private const int IdBytes = 32;
    private const int AgentLengthMax = 200;
    private readonly IDataProtector _operators = secrets.CreateProtector("Gateway.Operator.Session.v1");
    private readonly IDataProtector _issuer = secrets.CreateProtector("Gateway.Issuer.Session.v1");

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());

    /// <summary>
    /// Returns the session of a request's cookie; null if the session or its account is no longer valid.
    /// </summary>
    public OperatorSession? Find(HttpRequest request, SessionRealm realm = SessionRealm.Operators)
    {
        if (request.Cookies[CookieOf(request, realm)] is not { Length: > 0 } cookie
            || Open(cookie, realm) is not { } id
            || !operators.Current.Sessions.TryGetValue(NameOf(id), out var session))
        {
            return null;
        }

        return !session.Owner.IsDisabled && !IsOver(session) ? session : null;
    }

    /// <summary>Signs a browser in.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<OperatorSession> OpenAsync(
        HttpContext http, OperatorAccount owner, string from, SessionRealm realm = SessionRealm.Operators)
    {
        await MakeRoomAsync(owner);
        var id = RandomNumberGenerator.GetBytes(IdBytes);
        var agent = http.Request.Headers.UserAgent.ToString();
        var session = new OperatorSession
        {
            Id = NameOf(id),
            Owner = owner,
            Created = Now,
            Seen = Now,
            From = from,
            Agent = agent.Length <= AgentLengthMax ? agent : agent[..AgentLengthMax],
            Version = 0,
        };
        await WriteAsync(session);
        await control.RefreshAsync(CancellationToken.None);
        http.Response.Cookies.Append(
            CookieOf(http.Request, realm), Convert.ToBase64String(Protector(realm).Protect(id)),
            HostCookie.Options(http.Request));
        return operators.Current.Sessions.GetValueOrDefault(session.Id) ?? session;
    }

    /// <summary>Records a request of a session, which extends the session; only some requests cause a write.</summary>
    public void Saw(OperatorSession session)
    {
        if (Now - session.Seen > IdleMax / 10)
            _ = MoveOnAsync(session);
    }

    /// <summary>
    /// Returns when the session ends if there are no further requests; never later than its absolute end.
    /// </summary>
    public static DateTimeOffset EndOf(OperatorSession session)
    {
        var (idle, absolute) = (
            session.Seen + IdleMax, session.Created + LifeMax);
        return idle < absolute ? idle : absolute;
    }

    /// <summary>
    /// Returns true if the session has expired, or was dated by a clock that has since been set back.
    /// </summary>
    public bool IsOver(OperatorSession session)
    {
        var latest = Now.AddMilliseconds(ClockBounds.AheadMaxMs);
        return Now >= EndOf(session) || session.Created > latest || session.Seen > latest;
    }

    /// <summary>
    /// Deletes expired sessions, so that a clock that is set back later cannot make them valid again.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var session in operators.Current.Sessions.Values.Where(IsOver).ToList())
            await store.DeleteAsync(KeyOf(session.Id), session.Version, cancellationToken);
    }

    /// <summary>Ends sessions. On return, no gateway that has received the change accepts them.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; some may have ended.</exception>
    public async Task CloseAsync(IEnumerable<OperatorSession> sessions)
    {
        foreach (var session in sessions.ToList())
        {
            // A request may have extended the session concurrently; it is ended nevertheless.
            var gone = await store.DeleteAsync(KeyOf(session.Id), session.Version, CancellationToken.None);
            if (!gone.IsWritten && gone.Version > 0)
                await store.DeleteAsync(KeyOf(session.Id), gone.Version, CancellationToken.None);
        }

        await control.RefreshAsync(CancellationToken.None);
    }

    /// <summary>Deletes the browser's cookie.</summary>
    public static void Forget(HttpContext http, SessionRealm realm = SessionRealm.Operators) =>
        http.Response.Cookies.Delete(CookieOf(http.Request, realm), HostCookie.Options(http.Request));

    private static string CookieOf(HttpRequest request, SessionRealm realm) => HostCookie.NameOf(
        request, realm == SessionRealm.Operators ? "gateway-session" : "gateway-connect");

    /// <summary>Returns the protector of one surface; its values are not valid at the other.</summary>
    private IDataProtector Protector(SessionRealm realm) => realm == SessionRealm.Operators ? _operators : _issuer;

    /// <summary>Deletes expired sessions, and this operator's oldest ones beyond the limit.</summary>
    private async Task MakeRoomAsync(OperatorAccount owner)
    {
        var sessions = operators.Current.Sessions.Values;
        var most = PerOperatorMax - 1;
        var beyond = sessions.Where(session => session.Owner == owner && !IsOver(session))
            .OrderByDescending(static session => session.Seen).Skip(most);
        foreach (var session in sessions.Where(IsOver).Concat(beyond).ToList())
            await store.DeleteAsync(KeyOf(session.Id), session.Version, CancellationToken.None);
    }

    private async Task MoveOnAsync(OperatorSession session)
    {
        try
        {
            // If another request wrote first, or the session was ended, that remains in effect.
            await WriteAsync(session with { Seen = Now });
        }
        catch (Exception e)
        {
            LogFailed(e.Message);
        }
    }

    private async Task WriteAsync(OperatorSession session) => await store.WriteAsync(
        KeyOf(session.Id), session.Version,
        ControlJsonContext.Write(
            new SessionDocument
            {
                Operator = session.Owner.Name,
                OperatorId = session.Owner.Id,
                Created = session.Created,
                Seen = session.Seen,
                From = session.From,
                Agent = session.Agent,
            },
            ControlJsonContext.Default.SessionDocument),
        CancellationToken.None);

    private byte[]? Open(string cookie, SessionRealm realm)
    {
        try
        {
            return Protector(realm).Unprotect(Convert.FromBase64String(cookie));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static string NameOf(byte[] id) => Convert.ToHexStringLower(SHA256.HashData(id));

    private static ControlKey KeyOf(string id) => new(ControlKinds.Sessions, id);

    [LoggerMessage(1, LogLevel.Information,
        "An operator's session could not be extended; a later request will retry: {Why}")]
    private partial void LogFailed(string why);
}

/// <summary>The surface at which a browser is signed in. A cookie of one surface is not valid at another.</summary>
public enum SessionRealm
{
    /// <summary>The admin API and the console.</summary>
    Operators,

    /// <summary>The pages on which operators allow clients, at the issuer's origin.</summary>
    Issuer,
}
