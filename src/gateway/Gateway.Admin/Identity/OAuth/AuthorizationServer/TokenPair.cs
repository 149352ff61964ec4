using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A refresh token and the access token that is issued with it. Only the hashes are stored.</summary>
internal sealed record TokenPair(string Refresh, string Access)
{
    public string RefreshHash { get; } = TokenHash.Of(Refresh).ToString();

    public string AccessHash { get; } = TokenHash.Of(Access).ToString();
}
