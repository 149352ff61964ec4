using System.Collections.Frozen;
using Gateway.Policy.Apps;

namespace Gateway.Policy.Tests.Apps;

public sealed class AppOriginTests
{
    private static readonly string[] Sources =
    [
        "https://a.com", "https://b.a.com", "https://c.b.a.com", "https://*.a.com", "https://*.b.a.com", "http://a.com",
        "https://a.com:8443", "wss://a.com", "https://xa.com", "data:", "blob:", "https:", "*", "'unsafe-eval'", "",
    ];

    [Theory]
    [InlineData("https://a.com", "https://a.com", "https://a.com")]
    [InlineData("https://A.com:443/", "https://a.com", "https://a.com")]
    [InlineData("https://*.a.com", "https://b.a.com", "https://b.a.com")]
    [InlineData("https://c.b.a.com", "https://*.a.com", "https://c.b.a.com")]
    [InlineData("https://*.a.com", "https://*.b.a.com", "https://*.b.a.com")]
    [InlineData("blob:", "blob:", "blob:")]
    [InlineData("https://*.a.com", "https://a.com", null)]
    [InlineData("https://*.a.com", "https://xa.com", null)]
    [InlineData("https://a.com", "http://a.com", null)]
    [InlineData("https://a.com", "https://a.com:8443", null)]
    [InlineData("https:", "https://a.com", null)]
    [InlineData("*", "https://a.com", null)]
    [InlineData("https://a.com;", "https://a.com", null)]
    [InlineData("https://a.com/path", "https://a.com", null)]
    [InlineData("https://a.com@b.com", "https://b.com", null)]
    public void Two_sources_meet_in_the_narrower_one(string one, string other, string? expected)
    {
        Assert.Equal(expected, AppOrigin.Of(one).Meet(AppOrigin.Of(other))?.Text);
        Assert.Equal(expected, AppOrigin.Of(other).Meet(AppOrigin.Of(one))?.Text);
    }

    [Fact]
    public void A_source_that_passes_is_within_the_declared_and_the_allowed_ones()
    {
        foreach (var declared in Sources)
        {
            foreach (var allowed in Sources)
            {
                foreach (var passed in BoundsOf(allowed).Narrowed("connectDomains", [declared]))
                {
                    Assert.Equal(passed, AppOrigin.Of(passed).Meet(AppOrigin.Of(declared))?.Text);
                    if (allowed != AppOrigin.Any)
                        Assert.Equal(passed, AppOrigin.Of(passed).Meet(AppOrigin.Of(allowed))?.Text);
                }
            }
        }
    }

    [Fact]
    public void A_member_without_sources_passes_none()
    {
        Assert.Empty(BoundsOf("https://a.com").Narrowed("frameDomains", ["https://a.com"]));
        Assert.Empty(AppBounds.None.Narrowed("connectDomains", Sources));
    }

    [Fact]
    public void All_declared_sources_pass_if_the_policy_says_so_up_to_the_bound()
    {
        Assert.Equal(["https:", "data:"], BoundsOf("*").Narrowed("connectDomains", ["https:", "data:"]));
        Assert.Equal(
            AppBounds.OriginsMax, BoundsOf("*").Narrowed("connectDomains", [.. Enumerable.Repeat("a", 1000)]).Count);
    }

    private static AppBounds BoundsOf(string allowed) => new(
        new Dictionary<string, ImmutableArray<AppOrigin>> { ["connectDomains"] = [AppOrigin.Of(allowed)] }
            .ToFrozenDictionary(), []);
}
