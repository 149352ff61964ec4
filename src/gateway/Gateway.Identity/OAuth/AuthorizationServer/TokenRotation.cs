using Gateway.Control.Options;
using Gateway.Identity.OAuth.Documents;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>
/// What one refresh token becomes. It is taken again until one that was given for it is used, and for the grace at
/// least, since clients that run twice share one; after that its use ends all that came of the sign-in.
/// </summary>
internal static class TokenRotation
{
    /// <summary>The family after it.</summary>
    /// <returns>False where the token was used too late: then the family has ended.</returns>
    public static bool TryRotate(
        TokenFamily family, string presented, string refresh, AccessEntry access, DateTimeOffset now,
        OAuthServerOptions options, out TokenFamily next)
    {
        var entry = family.Refresh.First(one => one.Hash == presented);
        if (entry is { Replaced: { } replaced, Superseded: true } && now >= replaced + options.RefreshGrace)
        {
            next = End(family);
            return false;
        }

        var entries = family.Refresh.Select(one =>
            one.Hash == presented ? one with { Replaced = one.Replaced ?? now }
            : one.Hash == entry.Parent ? one with { Superseded = true }
            : one).ToList();
        var siblings = entries.Where(one => one.Parent == presented && one.Replaced is null).ToList();
        if (siblings.Count >= options.RefreshSiblingsMax)
            entries.Remove(siblings[0]);
        entries.Add(new RefreshEntry(refresh, presented));
        while (entries.Count > options.RefreshRememberedMax)
            entries.Remove(entries.Find(static one => one.Replaced is not null) ?? entries[0]);
        next = family with
        {
            Used = now,
            Refresh = entries,
            Access = With(family.Access, access, now, options),
        };
        return true;
    }

    /// <summary>The first tokens of a sign-in.</summary>
    public static TokenFamily Begin(
        string id, string clientId, string scope, string refresh, AccessEntry access, DateTimeOffset now) => new()
        {
            Id = id,
            ClientId = clientId,
            Scope = scope,
            Used = now,
            Refresh = [new RefreshEntry(refresh, null)],
            Access = [access],
        };

    /// <summary>The family without a token, and never with one again.</summary>
    public static TokenFamily End(TokenFamily family) => family with { Ended = true, Refresh = [], Access = [] };

    private static List<AccessEntry> With(
        IEnumerable<AccessEntry> all, AccessEntry access, DateTimeOffset now, OAuthServerOptions options) =>
        [.. all.Where(one => one.Until > now).TakeLast(options.AccessTokensMax - 1), access];
}
