namespace Gateway.Proxy.Upstreams.Sessions;

/// <summary>
/// Makes the session ids that clients see: they carry the server's own id and the grant, authenticated, so that any
/// frontend with the same keys serves them without a table, and nobody else's grant can use them.
/// </summary>
public interface ISessionSealer
{
    /// <summary>The id for the client; visible ASCII, another one at every call.</summary>
    string Seal(
        string grant, string server, string upstreamId, bool opensUrls = false, string? revision = null);

    /// <summary>
    /// The session behind an id of ours; null when it was not made here, or for another grant or server, which is
    /// answered like a session that is gone: 404.
    /// </summary>
    BoundSession? Open(string clientId, string grant, string server);

    /// <summary>The session of a server's own id, which counts as the one that <see cref="Open"/> finds.</summary>
    BoundSession Bound(string grant, string server, string upstreamId);
}
