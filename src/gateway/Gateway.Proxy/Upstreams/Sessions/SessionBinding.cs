using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Sessions;

/// <summary>The session of one request, in both directions: from the client's id to the server's, and back.</summary>
public sealed class SessionBinding(ISessionSealer sealer, string grant, string server)
{
    private string? _clientId;
    private bool _isFixed;

    /// <summary>The session of the request; null if it has none.</summary>
    public BoundSession? Session { get; private set; }

    /// <summary>True if the session's client has declared that it opens links for its user.</summary>
    public bool OpensUrls { get; set; }

    /// <summary>
    /// True if the session's client has declared that it shows apps; null if unknown, as without a session.
    /// </summary>
    public bool? ShowsApps { get; set; }

    /// <summary>The protocol revision that <c>initialize</c> agreed on; null if unknown.</summary>
    public string? Revision { get; set; }

    /// <summary>
    /// Binds the client's <c>Mcp-Session-Id</c>. A missing id is allowed, because the server decides if a session is
    /// required. Returns false if it does not belong to this grant: 404, after which a client initializes again.
    /// </summary>
    public bool TryBind(string? clientId)
    {
        if (string.IsNullOrEmpty(clientId))
            return true;
        _clientId = clientId;
        Session = sealer.Open(clientId, grant, server);
        (OpensUrls, Revision) = (Session is { OpensUrls: true }, Session?.Revision);
        ShowsApps = Session?.ShowsApps;
        return Session is not null;
    }

    /// <summary>
    /// Binds the session of one server of several, for which the client has one id regardless of the servers'
    /// responses.
    /// </summary>
    public void Bind(string clientId, string? upstreamId)
    {
        (_clientId, _isFixed) = (clientId, true);
        Session = upstreamId is null ? null : sealer.Bound(grant, server, upstreamId);
    }

    /// <summary>
    /// Returns the client's id for the session in the server's response: the existing id if the session is the same.
    /// Matches <see cref="RelayPlan.SealSession"/>.
    /// </summary>
    public string ToClient(string upstreamId) =>
        _isFixed || Session?.UpstreamId == upstreamId
            ? _clientId!
            : sealer.Seal(grant, server, upstreamId, OpensUrls, Revision, ShowsApps);
}
