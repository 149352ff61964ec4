using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Admin.Servers;

/// <summary>The gateway's account for a server's access tokens, without its secret.</summary>
internal sealed record OAuthView : ServerAccountSpec
{
    /// <summary>
    /// The reason why this gateway has no token; absent if it has one, or has not needed one yet.
    /// </summary>
    public string? LastError { get; init; }

    public static OAuthView? Of(OAuthClientOptions? client, string? lastError = null) => client is null ? null
        : ServerAccountSpec.Members.Copy(client.ToSpec(), new OAuthView { LastError = lastError });
}
