using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Sessions;

/// <summary>The session of one request, both ways: from the client's id to the server's, and back.</summary>
public sealed class SessionBinding(ISessionSealer sealer, string grant, string server)
{
    private string? _clientId;
    private bool _isFixed;

    /// <summary>The session that the request is in; null where it is in none.</summary>
    public BoundSession? Session { get; private set; }

    /// <summary>Whether the session's client has said that it opens links for its person.</summary>
    public bool OpensUrls { get; set; }

    /// <summary>The protocol revision that <c>initialize</c> agreed on; null where it is not known.</summary>
    public string? Revision { get; set; }

    /// <summary>
    /// Takes the client's <c>Mcp-Session-Id</c>; absent is well, since whether a session is needed is the server's to
    /// say. False when it is none of this grant's: 404, after which a client initialises anew.
    /// </summary>
    public bool TryBind(string? clientId)
    {
        if (string.IsNullOrEmpty(clientId))
            return true;
        _clientId = clientId;
        Session = sealer.Open(clientId, grant, server);
        (OpensUrls, Revision) = (Session is { OpensUrls: true }, Session?.Revision);
        return Session is not null;
    }

    /// <summary>
    /// Takes the session of one server among several, for which the client has one id whatever a server answers.
    /// </summary>
    public void Bind(string clientId, string? upstreamId)
    {
        (_clientId, _isFixed) = (clientId, true);
        Session = upstreamId is null ? null : sealer.Bound(grant, server, upstreamId);
    }

    /// <summary>
    /// The id for the client of a session that the server's answer names; the one that the client already has where it
    /// is the same session. Fits <see cref="RelayPlan.SealSession"/>.
    /// </summary>
    public string ToClient(string upstreamId) =>
        _isFixed || Session?.UpstreamId == upstreamId
            ? _clientId!
            : sealer.Seal(grant, server, upstreamId, OpensUrls, Revision);
}
