using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Issues tokens. Those of a grant are in one document, which every change replaces by compare-and-swap.
/// </summary>
internal sealed class TokenIssuer(OAuthStore store, TokenKeys keys)
{
    // A further one ends the least recently used sign-in.
    private const int SignInsPerGrantMax = 20;

    /// <summary>The lifetime of a refresh token that nobody uses.</summary>
    public static readonly TimeSpan RefreshIdleMax = TimeSpan.FromDays(30);

    /// <summary>The lifetime of an access token.</summary>
    public static readonly TimeSpan AccessMax = TimeSpan.FromHours(1);

    private const string Kind = ControlKinds.OAuthTokens;
    private const int Tries = 16;
    private static readonly OAuthError Used = OAuthError.InvalidGrant("The token was already used, or has ended; sign "
        + "in again.");

    /// <summary>Issues the first tokens for a code, which the caller has marked as used.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task<(TokenAnswer? Tokens, OAuthError? Error)> BeginAsync(
        string id, CodeDocument code, GrantDefinition grant, string? proofKey) =>
        ChangeAsync(grant, (document, current) =>
        {
            if (document.Families.Any(family => family.Id == id))
                return (null, null, Used);
            var (first, until) = (TokenDerivation.First(current[0], id), AccessUntil(grant));
            var family = TokenRotation.Begin(id, code.ClientId, code.Scope, first, until, store.Now) with
            {
                ProofKey = proofKey,
            };
            // The least recently used family is evicted; ended families are remembered for as long as their code is.
            var room = document.Families.OrderByDescending(static one => one.Used)
                .Take(SignInsPerGrantMax - 1);
            return (document with { Families = [.. room, family] }, Answer(first, until, code.Scope), null);
        });

    /// <summary>Returns the tokens that follow a refresh token.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="id">The family that the token belongs to.</param>
    /// <param name="token">The token.</param>
    /// <param name="clientId">The client that presents it.</param>
    /// <returns>The tokens or an error. IsReuse: the token had been replaced, and the family was ended.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<(TokenAnswer? Tokens, OAuthError? Error, bool IsReuse)> RotateAsync(
        GrantDefinition grant, string id, string token, string clientId)
    {
        var isReuse = false;
        var presented = TokenHash.Of(token).ToString();
        var (tokens, error) = await ChangeAsync(grant, (document, current) =>
        {
            isReuse = false;
            if (document.Families.FirstOrDefault(one => one.Id == id) is not { Ended: false } family
                || family.ClientId != clientId || !store.IsWithin(family.Used, RefreshIdleMax))
            {
                return (null, null, Used);
            }

            var successors = current.Select(key => TokenDerivation.Successor(key, id, token)).ToList();
            var rotation = TokenRotation.Rotate(
                family, presented, successors, AccessUntil(grant), store.Now);
            isReuse = rotation.Issued is null;
            return (
                ReferenceEquals(rotation.Next, family) ? null : Replace(document, rotation.Next),
                rotation.Issued is { } issued ? Answer(issued, rotation.Until, family.Scope) : null,
                isReuse ? Used : null);
        });
        return (tokens, error, isReuse);
    }

    /// <summary>Revokes the tokens that were issued for a code, and prevents further ones.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task EndAsync(GrantDefinition grant, string id, string clientId) => ChangeAsync(grant, (document, _) =>
    {
        var ended = document.Families.FirstOrDefault(family => family.Id == id)
            ?? new TokenFamily { Id = id, ClientId = clientId, Scope = "", Used = store.Now };
        return (Replace(document, TokenRotation.End(ended)), null, null);
    });

    /// <summary>Finds the family of a refresh or access token, or of a refresh token whose hash is forgotten.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<(string Grant, string GrantToken, TokenFamily Family)?> FindAsync(
        string token, CancellationToken cancellationToken)
    {
        var hash = TokenHash.Of(token).ToString();
        var all = await store.AllAsync(Kind, OAuthJson.Default.TokenDocument, cancellationToken);
        if (Find(all, family => family.Refresh.Any(one => one.Hash == hash)
            || family.Access.Any(one => one.Hash == hash)) is { } known)
        {
            return known;
        }

        // A thief who rotates often makes the victim's token so old that it is forgotten. It must still end the family.
        var current = await keys.GetAsync(cancellationToken);
        return Find(all, family => current.Any(key => TokenDerivation.IsOf(key, family.Id, token)));
    }

    private static (string Grant, string GrantToken, TokenFamily Family)? Find(
        List<Stored<TokenDocument>> all, Func<TokenFamily, bool> isIt)
    {
        foreach (var stored in all)
        {
            if (stored.Value.Families.FirstOrDefault(isIt) is { } family)
                return (stored.Name, stored.Value.GrantToken, family);
        }

        return null;
    }

    private static TokenDocument Replace(TokenDocument document, TokenFamily next) => document with
    {
        Families = [.. document.Families.Where(family => family.Id != next.Id), next],
    };

    private DateTimeOffset AccessUntil(GrantDefinition grant)
    {
        var until = store.Now + AccessMax;
        return grant.ExpiresMs is { } ends && ends < until.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(ends)
            : until;
    }

    private TokenAnswer Answer(TokenPair pair, DateTimeOffset until, string scope) => new(
        pair.Access, pair.Refresh, Math.Max(1, (long)(until - store.Now).TotalSeconds), scope);

    private async Task<(TokenAnswer? Tokens, OAuthError? Error)> ChangeAsync(
        GrantDefinition grant,
        Func<TokenDocument, IReadOnlyList<byte[]>, (TokenDocument? Next, TokenAnswer? Tokens, OAuthError? Error)>
            change)
    {
        for (var i = 0; i < Tries; i++)
        {
            var stored = await store.FindAsync(
                Kind, grant.Name, OAuthJson.Default.TokenDocument, CancellationToken.None);
            var token = grant.Token.ToString();
            var document = stored?.Value is { } known && known.GrantToken == token
                ? known
                : new TokenDocument { GrantToken = token };
            // Read after the document, so that the keys include the one under which a token in it was derived.
            var (next, tokens, error) = change(document, await keys.GetAsync(CancellationToken.None));
            if (next is null)
                return (tokens, error);
            if (!await store.WriteAsync(
                Kind, grant.Name, stored?.Version ?? 0, next, OAuthJson.Default.TokenDocument))
            {
                continue;
            }

            await store.PutInForceAsync();
            return (tokens, error);
        }

        return (null, OAuthError.Unavailable("Too many token requests for this grant at the same time; try again."));
    }
}

/// <summary>The tokens of a token response.</summary>
/// <param name="Access">The access token.</param>
/// <param name="Refresh">The refresh token; null if the client uses its credentials again.</param>
/// <param name="ExpiresIn">The lifetime of the access token in seconds.</param>
/// <param name="Scope">The granted scope.</param>
internal sealed record TokenAnswer(string Access, string? Refresh, long ExpiresIn, string Scope);
