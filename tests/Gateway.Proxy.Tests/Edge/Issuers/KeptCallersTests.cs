using System.Runtime.CompilerServices;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Edge.Issuers;

namespace Gateway.Proxy.Tests.Edge.Issuers;

/// <summary>The callers of verified tokens: found by the hash of the token, within bounds.</summary>
public sealed class KeptCallersTests
{
    private const long Never = long.MaxValue;

    [Fact]
    public void A_caller_is_found_by_its_whole_token_only()
    {
        var kept = new KeptCallers();
        var (ana, other) = (Caller("ana", "https://a.example"), Caller("ana", "https://b.example"));
        kept.Keep(TokenHash.Of("head.claims.one"), ana);
        kept.Keep(TokenHash.Of("head.claims.two"), other);

        Assert.Same(ana, kept.Find(TokenHash.Of("head.claims.one")));
        Assert.Same(other, kept.Find(TokenHash.Of("head.claims.two")));
        Assert.Null(kept.Find(TokenHash.Of("head.claims.")));
        Assert.Null(kept.Find(TokenHash.Of("head.claims.on")));
    }

    [Fact]
    public void At_the_maximum_count_all_are_verified_again()
    {
        var kept = new KeptCallers(countMax: 3);

        for (var i = 0; i < 100; i++)
        {
            kept.Keep(TokenHash.Of($"token-{i}"), Caller($"person-{i}"));
            Assert.InRange(kept.Count, 1, 3);
            Assert.NotNull(kept.Find(TokenHash.Of($"token-{i}")));
        }

        Assert.Null(kept.Find(TokenHash.Of("token-0")));
    }

    [Fact]
    public void Claims_count_once_for_each_token_and_no_more_after_its_expiry()
    {
        var (claims, nowMs) = (new string('x', 400), 1_000L);
        var kept = new KeptCallers(bytesMax: 2000);
        kept.Keep(TokenHash.Of("lasting"), Caller("ana", claims: claims));
        for (var i = 0; i < 20; i++)
        {
            // The same token again, as after a rotation of its key, and others that expire.
            kept.Keep(TokenHash.Of("lasting"), Caller("ana", claims: claims));
            kept.Keep(TokenHash.Of($"short-{i}"), Caller("ben", claims: claims, untilMs: nowMs + 1));
            kept.Trim(GatewaySnapshot.Empty, ++nowMs);
            Assert.Equal(1, kept.Count);
        }

        Assert.NotNull(kept.Find(TokenHash.Of("lasting")));
        for (var i = 0; i < 4; i++)
            kept.Keep(TokenHash.Of($"more-{i}"), Caller("ben", claims: claims));
        Assert.Equal(5, kept.Count);
        kept.Keep(TokenHash.Of("too much"), Caller("ben", claims: claims));
        Assert.Equal(1, kept.Count);
    }

    [Fact]
    public void Callers_that_made_no_call_since_a_change_hold_no_earlier_configuration()
    {
        var kept = new KeptCallers();
        var current = Configuration();

        var earlier = KeepUnderAnother(kept);
        kept.Trim(current, nowMs: 0);
        GC.Collect();

        Assert.False(earlier.TryGetTarget(out _));
        Assert.NotNull(kept.Find(TokenHash.Of("token")));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<GatewaySnapshot> KeepUnderAnother(KeptCallers kept)
    {
        var (caller, earlier) = (Caller("ana"), Configuration());
        Assert.Null(caller.GrantIn(earlier));
        kept.Keep(TokenHash.Of("token"), caller);
        return new WeakReference<GatewaySnapshot>(earlier);
    }

    private static GatewaySnapshot Configuration() => new([], [], new EdgeRules([], [], null), Pauses.None);

    private static CallerIdentity Caller(
        string subject, string issuer = "https://login.example.com", string claims = "{}", long untilMs = Never) =>
        new(new IssuerSettings("corp", issuer),
            new Caller { Issuer = "corp", Subject = subject, Claims = Encoding.UTF8.GetBytes(claims) })
        {
            Audiences = [],
            UntilMs = untilMs,
        };
}
