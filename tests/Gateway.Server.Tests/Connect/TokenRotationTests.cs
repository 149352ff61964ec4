using System.Security.Cryptography;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;

namespace Gateway.Server.Tests.Connect;

/// <summary>Refresh tokens in the hands of two parties, with every order of uses.</summary>
public sealed class TokenRotationTests
{
    private const string Family = "0c72bc70";
    private const int RotationsMax = 3;
    private const int UsesMax = 6;
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(60)];
    private readonly Dictionary<string, TokenPair> _derived = new(StringComparer.Ordinal);
    private int _ended;
    private int _uses;

    /// <summary>
    /// Two parties hold the first token. Every sequence of six uses with at most three rotations is tried: either
    /// party presents any token that it holds, immediately, one second before the grace ends, or at its end.
    /// </summary>
    [Fact]
    public void Rotation_by_two_parties_keeps_one_chain_and_detects_every_use_outside_the_grace()
    {
        var first = TokenDerivation.First(Key, Family);
        var family = TokenRotation.Begin(Family, "client", "mcp", first, Start + TokenIssuer.AccessMax, Start);

        Try(family, Start, [first], [], [1, 1], UsesMax);

        Assert.InRange(_uses, 10_000, int.MaxValue);
        Assert.InRange(_ended, 1000, int.MaxValue);
    }

    [Fact]
    public void A_repeat_after_a_change_of_the_server_key_returns_the_same_tokens()
    {
        var newer = RandomNumberGenerator.GetBytes(32);
        var (family, first) = Begin();
        var rotated = Rotate(family, first.Refresh, Start, Key);

        var repeated = Rotate(rotated.Next, first.Refresh, Start.AddSeconds(30), newer, Key);

        Assert.Equal(rotated.Issued, repeated.Issued);
        Assert.Same(rotated.Next, repeated.Next);
        Assert.Equal(rotated.Until, repeated.Until);
        // The chain goes on under the newer key.
        var next = Rotate(repeated.Next, rotated.Issued!.Refresh, Start.AddSeconds(40), newer, Key).Issued!.Refresh;
        Assert.Equal((true, false),
            (TokenDerivation.IsOf(newer, Family, next), TokenDerivation.IsOf(Key, Family, next)));
    }

    [Fact]
    public void A_token_of_the_previous_release_is_rotated_and_its_other_successors_end()
    {
        // The previous release issued a random successor for each use.
        string[] hashes = [Hash("pgr_zero"), Hash("pgr_one"), Hash("pgr_other")];
        var (family, _) = Begin();
        family = family with
        {
            Refresh =
            [
                new RefreshEntry(hashes[0]) { Replaced = Start },
                new RefreshEntry(hashes[1], hashes[0]), new RefreshEntry(hashes[2], hashes[0]),
            ],
        };

        var rotated = Rotate(family, "pgr_one", Start.AddSeconds(10), Key);

        Assert.NotNull(rotated.Issued);
        Assert.Single(rotated.Next.Refresh, static one => one.Replaced is null);
        Assert.Null(Rotate(rotated.Next, "pgr_other", Start.AddSeconds(11), Key).Issued);
        Assert.Null(Rotate(rotated.Next, "pgr_zero", Start.AddSeconds(11), Key).Issued);
        // A repeat of a token that the previous release replaced: one successor, and the random ones are worthless.
        var repeated = Rotate(family, "pgr_zero", Start.AddSeconds(59), Key);
        Assert.NotNull(repeated.Issued);
        Assert.Equal(repeated.Issued, Rotate(repeated.Next, "pgr_zero", Start.AddSeconds(59), Key).Issued);
        Assert.Null(Rotate(repeated.Next, "pgr_one", Start.AddSeconds(59), Key).Issued);
        Assert.Null(Rotate(family, "pgr_zero", Start.AddSeconds(60), Key).Issued);
    }

    [Fact]
    public void A_stored_family_has_only_the_members_that_the_previous_release_reads()
    {
        var (family, first) = Begin();
        var rotated = Rotate(family, first.Refresh, Start, Key);
        var again = Rotate(rotated.Next, rotated.Issued!.Refresh, Start, Key);

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(
            new TokenDocument { GrantToken = "sha256:00", Families = [again.Next] }, OAuthJson.Default.TokenDocument));

        var stored = json.RootElement.GetProperty("families")[0];
        Assert.Equal(
            ["access", "clientId", "id", "refresh", "scope", "used"],
            stored.EnumerateObject().Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["hash replaced superseded", "hash parent replaced", "hash parent"],
            stored.GetProperty("refresh").EnumerateArray().Select(static entry => string.Join(
                ' ', entry.EnumerateObject().Select(static one => one.Name).Order(StringComparer.Ordinal))));
        Assert.DoesNotContain("pgr_", json.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("pga_", json.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_recognized_by_its_family_and_no_other()
    {
        var token = TokenDerivation.First(Key, Family).Refresh;
        var changed = "pgr_" + (token[4] == 'A' ? 'B' : 'A') + token[5..];

        Assert.True(TokenDerivation.IsOf(Key, Family, token));
        Assert.False(TokenDerivation.IsOf(Key, "0c72bc71", token));
        Assert.False(TokenDerivation.IsOf(RandomNumberGenerator.GetBytes(32), Family, token));
        foreach (var other in (string[])[changed, "pgr_", "", token[..^1], token + "A", "pga_" + token[4..]])
            Assert.False(TokenDerivation.IsOf(Key, Family, other));
    }

    /// <summary>Tries every continuation, and compares each result with the rule that the documents state.</summary>
    private void Try(
        TokenFamily family, DateTimeOffset now, List<TokenPair> chain, List<DateTimeOffset> firstUses, int[] held,
        int usesLeft)
    {
        if (usesLeft == 0)
            return;
        foreach (var pause in Pauses)
        {
            for (var party = 0; party < held.Length; party++)
            {
                for (var generation = 0; generation < Math.Min(held[party], RotationsMax); generation++)
                    Use(family, now + pause, chain, firstUses, held, (party, generation, usesLeft));
            }
        }
    }

    private void Use(
        TokenFamily family, DateTimeOffset now, List<TokenPair> chain, List<DateTimeOffset> firstUses, int[] held,
        (int Party, int Generation, int UsesLeft) use)
    {
        var current = chain.Count - 1;
        var rotation = Rotate(family, chain[use.Generation].Refresh, now, Key);
        _uses++;
        var isRepeat = use.Generation == current - 1 && now < firstUses[use.Generation] + TokenRotation.Grace;
        if (use.Generation != current && !isRepeat)
        {
            _ended++;
            Assert.Null(rotation.Issued);
            Assert.True(rotation.Next is { Ended: true, Refresh: [], Access: [] });
            return;
        }

        Assert.NotNull(rotation.Issued);
        Assert.Single(rotation.Next.Refresh, static one => one.Replaced is null);
        if (isRepeat)
            Assert.Equal(chain[current], rotation.Issued);
        int[] next = [.. held];
        // A party's last token is at least the one that it just received.
        next[use.Party] = Math.Max(held[use.Party], use.Generation + 2);
        Try(
            rotation.Next, now, isRepeat ? chain : [.. chain, rotation.Issued],
            isRepeat ? firstUses : [.. firstUses, now], next, use.UsesLeft - 1);
    }

    private static (TokenFamily Family, TokenPair First) Begin()
    {
        var first = TokenDerivation.First(Key, Family);
        return (TokenRotation.Begin(Family, "client", "mcp", first, Start + TokenIssuer.AccessMax, Start), first);
    }

    private Rotation Rotate(TokenFamily family, string token, DateTimeOffset now, params byte[][] keys) =>
        TokenRotation.Rotate(
            family, Hash(token), [.. keys.Select(key => Successor(key, token))], now + TokenIssuer.AccessMax, now);

    private TokenPair Successor(byte[] key, string token)
    {
        if (!ReferenceEquals(key, Key))
            return TokenDerivation.Successor(key, Family, token);
        return _derived.TryGetValue(token, out var known)
            ? known
            : _derived[token] = TokenDerivation.Successor(key, Family, token);
    }

    private static string Hash(string token) => TokenHash.Of(token).ToString();
}
