using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Rotation of refresh tokens. A family has one chain of tokens, and only its last token is current. The token before
/// it returns the same successor again during the grace, because processes of one client share a token and responses
/// get lost. Every other use of an earlier token shows that two parties hold the chain, and ends the family.
/// </summary>
internal static class TokenRotation
{
    // Of one sign-in at once; a further one ends the oldest.
    private const int AccessTokensMax = 16;

    // Refresh tokens of one sign-in, so that a used one is recognized.
    private const int RememberedMax = 100;

    /// <summary>
    /// The time in which a replaced refresh token returns the same successor again, unless that was used.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Evaluates a token that belongs to the family.</summary>
    /// <param name="family">A family that has not ended.</param>
    /// <param name="presented">The hash of the token.</param>
    /// <param name="successors">The token's successor under each server key, the newest key first.</param>
    /// <param name="until">The end of a new access token's lifetime.</param>
    /// <param name="now">The current time.</param>
    public static Rotation Rotate(
        TokenFamily family, string presented, IReadOnlyList<TokenPair> successors, DateTimeOffset until,
        DateTimeOffset now)
    {
        var entry = family.Refresh.FirstOrDefault(one => one.Hash == presented);
        // A token that is no longer remembered was replaced many rotations ago.
        if (entry is null || entry.Superseded || now >= entry.Replaced + Grace)
            return new Rotation(End(family), null, now);
        return entry.Replaced is not null
            && successors.FirstOrDefault(one => family.Refresh.Any(known => known.Hash == one.RefreshHash)) is { } same
                ? Repeat(family, same, until, now)
                // A token that the previous release replaced has a random successor, which cannot be returned again:
                // the derived one takes its place, so there is still only one current token.
                : Advance(family, presented, successors[0], until, now);
    }

    /// <summary>Returns the family of a new sign-in.</summary>
    public static TokenFamily Begin(
        string id, string clientId, string scope, TokenPair first, DateTimeOffset until, DateTimeOffset now) => new()
        {
            Id = id,
            ClientId = clientId,
            Scope = scope,
            Used = now,
            Refresh = [new RefreshEntry(first.RefreshHash)],
            Access = [new AccessEntry(first.AccessHash, until)],
        };

    /// <summary>Returns the family without tokens. It never gets one again.</summary>
    public static TokenFamily End(TokenFamily family) => family with { Ended = true, Refresh = [], Access = [] };

    private static Rotation Repeat(
        TokenFamily family, TokenPair same, DateTimeOffset until, DateTimeOffset now) =>
        family.Access.FirstOrDefault(one => one.Hash == same.AccessHash && one.Until > now) is { } access
            ? new Rotation(family, same, access.Until)
            : new Rotation(
                family with { Access = With(family.Access, same.AccessHash, until, now) }, same, until);

    private static Rotation Advance(
        TokenFamily family, string presented, TokenPair successor, DateTimeOffset until, DateTimeOffset now)
    {
        // The previous release left several current tokens where one was presented more than once: all others end.
        var entries = family.Refresh.Where(one => one.Hash != successor.RefreshHash)
            .Select(one => one with { Replaced = one.Replaced ?? now, Superseded = one.Hash != presented })
            .Append(new RefreshEntry(successor.RefreshHash, presented))
            .TakeLast(RememberedMax);
        return new Rotation(
            family with
            {
                Used = now,
                Refresh = [.. entries],
                Access = With(family.Access, successor.AccessHash, until, now),
            },
            successor, until);
    }

    private static List<AccessEntry> With(
        IEnumerable<AccessEntry> all, string hash, DateTimeOffset until, DateTimeOffset now) =>
        [
            .. all.Where(one => one.Until > now && one.Hash != hash).TakeLast(AccessTokensMax - 1),
            new AccessEntry(hash, until),
        ];
}

/// <summary>The result of presenting a refresh token.</summary>
/// <param name="Next">The family to store; the same object when nothing changed.</param>
/// <param name="Issued">The tokens for the client; null when a reused token ended the family.</param>
/// <param name="Until">The end of the access token's lifetime.</param>
internal readonly record struct Rotation(TokenFamily Next, TokenPair? Issued, DateTimeOffset Until);
