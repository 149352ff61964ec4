namespace Gateway.Proxy.Upstreams.Sessions;

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
