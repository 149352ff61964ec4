namespace Gateway.Proxy.Upstreams.Sessions;

/// <summary>
/// The creator of the session ids that clients see. They contain the server's own id and the grant, authenticated, so
/// that any frontend with the same keys serves them without a table, and no other grant can use them.
/// </summary>
public interface ISessionSealer
{
    /// <summary>Returns the id for the client, in visible ASCII; every call returns a different one.</summary>
    string Seal(
        string grant, string server, string upstreamId, bool opensUrls = false, string? revision = null,
        bool? showsApps = null);

    /// <summary>
    /// Returns the session behind an id, or null if it was not made here, or was made for another grant or server. Such
    /// an id is treated like an ended session: 404.
    /// </summary>
    BoundSession? Open(string clientId, string grant, string server);

    /// <summary>Returns the session of a server's own id; it equals the one that <see cref="Open"/> returns.</summary>
    BoundSession Bound(string grant, string server, string upstreamId);
}

/// <summary>A session of a server, bound to one grant.</summary>
/// <param name="UpstreamId">The server's own id, sent to it as <c>Mcp-Session-Id</c>.</param>
/// <param name="CounterId">
/// The name under which limits of scope <c>session</c> count: 32 lower hex digits, the same at every frontend.
/// </param>
/// <param name="OpensUrls">True if its client has declared that it opens links for its user.</param>
/// <param name="Revision">
/// The protocol revision that <c>initialize</c> agreed on; null if unknown, as in ids that an earlier release sealed.
/// </param>
/// <param name="ShowsApps">True if its client has declared that it shows apps; null if unknown.</param>
public sealed record BoundSession(
    string UpstreamId, string CounterId, bool OpensUrls = false, string? Revision = null, bool? ShowsApps = null);
