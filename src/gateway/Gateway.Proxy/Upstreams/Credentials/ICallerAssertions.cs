using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>Creates the tokens about callers that the gateway signs for servers.</summary>
public interface ICallerAssertions
{
    /// <summary>Returns the token for one request.</summary>
    /// <param name="token">The settings of the server.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="grant">The grant with the caller.</param>
    /// <param name="callId">The id of the call.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="OAuthException">No token can be signed.</exception>
    ValueTask<string> SignAsync(
        CallerTokenSpec token, Uri server, GrantModel grant, string callId, CancellationToken cancellationToken);
}
