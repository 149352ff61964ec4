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
/// Browsers that are signed in. The cookie is sealed with the keys that frontends share, and means nothing without the
/// document in the store: that can be listed, and taken out.
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

    /// <summary>The session of a request's cookie, as long as it and its account hold; else null.</summary>
    public OperatorSession? Find(HttpRequest request, SessionDoor door = SessionDoor.Operators)
    {
        if (request.Cookies[CookieOf(request, door)] is not { Length: > 0 } cookie
            || Open(cookie, door) is not { } id
            || !operators.Current.Sessions.TryGetValue(NameOf(id), out var session))
        {
            return null;
        }

        return !session.Owner.IsDisabled && !IsOver(session) ? session : null;
    }

    /// <summary>Signs a browser in.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<OperatorSession> OpenAsync(
        HttpContext http, OperatorAccount owner, string from, SessionDoor door = SessionDoor.Operators)
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
            CookieOf(http.Request, door), Convert.ToBase64String(Protector(door).Protect(id)),
            DoorCookie.Options(http.Request));
        return operators.Current.Sessions.GetValueOrDefault(session.Id) ?? session;
    }

    /// <summary>Notes a request of a session: its end moves on, with a write now and then.</summary>
    public void Saw(OperatorSession session)
    {
        if (Now - session.Seen > IdleMax / 10)
            _ = MoveOnAsync(session);
    }

    /// <summary>When it ends unless something is asked before; never later than its absolute end.</summary>
    public static DateTimeOffset EndOf(OperatorSession session)
    {
        var (idle, absolute) = (
            session.Seen + IdleMax, session.Created + LifeMax);
        return idle < absolute ? idle : absolute;
    }

    /// <summary>Whether its time is over, or was counted by a clock that was set back since.</summary>
    public bool IsOver(OperatorSession session)
    {
        var latest = Now.AddMilliseconds(ClockBounds.AheadMaxMs);
        return Now >= EndOf(session) || session.Created > latest || session.Seen > latest;
    }

    /// <summary>Takes out what is over, so that no clock that is set back later makes it good again.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var session in operators.Current.Sessions.Values.Where(IsOver).ToList())
            await store.DeleteAsync(KeyOf(session.Id), session.Version, cancellationToken);
    }

    /// <summary>Ends sessions; on return no gateway that has heard of it takes them any more.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; some may have ended.</exception>
    public async Task CloseAsync(IEnumerable<OperatorSession> sessions)
    {
        foreach (var session in sessions.ToList())
        {
            // A request may have moved its end on meanwhile; it ends all the same.
            var gone = await store.DeleteAsync(KeyOf(session.Id), session.Version, CancellationToken.None);
            if (!gone.IsWritten && gone.Version > 0)
                await store.DeleteAsync(KeyOf(session.Id), gone.Version, CancellationToken.None);
        }

        await control.RefreshAsync(CancellationToken.None);
    }

    /// <summary>Has the browser forget its cookie.</summary>
    public static void Forget(HttpContext http, SessionDoor door = SessionDoor.Operators) =>
        http.Response.Cookies.Delete(CookieOf(http.Request, door), DoorCookie.Options(http.Request));

    private static string CookieOf(HttpRequest request, SessionDoor door) => DoorCookie.NameOf(
        request, door == SessionDoor.Operators ? "gateway-session" : "gateway-connect");

    /// <summary>What one door sealed opens no other.</summary>
    private IDataProtector Protector(SessionDoor door) => door == SessionDoor.Operators ? _operators : _issuer;

    /// <summary>Takes out what is over, and of this operator the oldest beyond the bound.</summary>
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
            // Where another request was quicker, or the session was ended, that stands.
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

    private byte[]? Open(string cookie, SessionDoor door)
    {
        try
        {
            return Protector(door).Unprotect(Convert.FromBase64String(cookie));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static string NameOf(byte[] id) => Convert.ToHexStringLower(SHA256.HashData(id));

    private static ControlKey KeyOf(string id) => new(ControlKinds.Sessions, id);

    [LoggerMessage(1, LogLevel.Information,
        "The end of an operator's session could not be moved on, which a later request tries again: {Why}")]
    private partial void LogFailed(string why);
}
