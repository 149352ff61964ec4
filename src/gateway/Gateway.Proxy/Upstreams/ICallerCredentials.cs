using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Upstreams;

/// <summary>The credentials of callers for the servers that expect the caller's own.</summary>
public interface ICallerCredentials
{
    /// <summary>Returns a caller's credential for a server, which may not exist yet.</summary>
    ICallerCredential Of(ServerModel server, GrantModel caller);
}

/// <summary>One caller's own credential for one server.</summary>
public interface ICallerCredential
{
    /// <summary>Returns an access token that stays valid for a while.</summary>
    /// <exception cref="IOException">There is no token; the message contains the reason.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>Notes that the server refused a token of this caller.</summary>
    ValueTask RefusedAsync(string token);
}
