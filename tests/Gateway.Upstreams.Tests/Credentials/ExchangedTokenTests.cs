using System.Collections.Frozen;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Upstreams.Tests.Credentials;

/// <summary>Tokens that the gateway gets in exchange for those of callers.</summary>
public sealed class ExchangedTokenTests : IAsyncLifetime
{
    private static readonly GrantModel Grant = new(
        "agent", TokenHash.Of("0123456789abcdef"), null, false, FrozenDictionary<string, GrantBinding>.Empty,
        new GrantState("agent"));

    private OAuthBench _bench = null!;

    public async Task InitializeAsync() => _bench = await OAuthBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task The_scope_of_a_challenge_is_for_the_caller_that_received_it()
    {
        await using var upstream = _bench.Upstream(exchange: ServerAccountSpec.TokenExchange);
        await CallAsync(upstream, "ana");
        _bench.Challenge = "Bearer error=\"insufficient_scope\", scope=\"admin\"";
        _bench.Revoke("token-1");
        Assert.Equal(401, await CallAsync(upstream, "ana"));
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await CallAsync(upstream, "ana");
        await CallAsync(upstream, "ben");

        Assert.Equal(
            [("ana", "a b"), ("ana", "admin"), ("ben", "a b")],
            _bench.Asked.Select(static asked => (asked.Form["subject_token"], asked.Form["scope"])));
    }

    [Theory]
    [InlineData(null, "a b", true)]
    [InlineData(null, "api://crm/.default", false)]
    [InlineData(ServerAccountSpec.TokenExchange, "a b", true)]
    [InlineData(ServerAccountSpec.OnBehalfOf, "api://crm/read", false)]
    public async Task Microsoft_Entra_gets_no_resource_for_callers_and_for_the_gateway_itself(
        string? exchange, string scope, bool hasResource)
    {
        await using var upstream = _bench.Upstream(scope: scope, exchange: exchange);

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));
        Assert.Equal(200, await CallAsync(upstream, "ana"));

        Assert.Equal(exchange is null ? 1 : 2, _bench.Asked.Count);
        Assert.All(_bench.Asked, asked => Assert.Equal(hasResource, asked.Form.ContainsKey("resource")));
    }

    [Fact]
    public async Task A_named_audience_is_sent_whatever_the_scope()
    {
        await using var upstream = _bench.Upstream(
            scope: "api://crm/.default", exchange: ServerAccountSpec.TokenExchange, audience: "crm");

        Assert.Equal(200, await CallAsync(upstream, "ana"));

        var form = Assert.Single(_bench.Asked).Form;
        Assert.Equal(("crm", false), (form["audience"], form.ContainsKey("resource")));
    }

    [Fact]
    public async Task A_token_without_a_lifetime_is_exchanged_again_after_some_minutes()
    {
        _bench.TokenAnswer = """{ "access_token": "TOKEN", "token_type": "Bearer" }""";
        await using var upstream = _bench.Upstream(exchange: ServerAccountSpec.TokenExchange);

        await CallAsync(upstream, "ana");
        _bench.Time.Advance(TimeSpan.FromMinutes(3));
        await CallAsync(upstream, "ana");
        Assert.Single(_bench.Asked);
        _bench.Time.Advance(TimeSpan.FromMinutes(3));
        await CallAsync(upstream, "ana");

        Assert.Equal(2, _bench.Asked.Count);
    }

    [Theory]
    [InlineData("access_token", true)]
    [InlineData("jwt", true)]
    [InlineData("id_token", false)]
    [InlineData("refresh_token", false)]
    public async Task Only_an_access_token_is_sent(string kind, bool isSent)
    {
        _bench.TokenAnswer = $$"""
            { "access_token": "TOKEN", "token_type": "Bearer",
              "issued_token_type": "urn:ietf:params:oauth:token-type:{{kind}}" }
            """;
        await using var upstream = _bench.Upstream(exchange: ServerAccountSpec.TokenExchange);

        if (isSent)
        {
            Assert.Equal(200, await CallAsync(upstream, "ana"));
            return;
        }

        var e = await Assert.ThrowsAsync<UpstreamException>(() => CallAsync(upstream, "ana"));
        Assert.Contains("another kind of token", e.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Seen);
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange", null)]
    [InlineData("client_credentials", null)]
    [InlineData("authorization_code", "does not offer the grant type")]
    public async Task An_authorization_server_need_not_offer_anything_but_the_exchange(string grant, string? why)
    {
        _bench.Documents["/.well-known/oauth-authorization-server"] = $$"""
            { "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token", "grant_types_supported": ["{{grant}}"] }
            """;
        await using var upstream = _bench.Upstream(exchange: ServerAccountSpec.TokenExchange);

        if (why is null)
            Assert.Equal(200, await CallAsync(upstream, "ana"));
        else
            Assert.Contains(
                why, (await Assert.ThrowsAsync<UpstreamException>(() => CallAsync(upstream, "ana"))).Message,
                StringComparison.Ordinal);
    }

    private static async Task<int> CallAsync(HttpUpstream upstream, string token)
    {
        using var answer = await upstream.SendAsync(
            new UpstreamRequest
            {
                Method = HttpMethod.Post,
                Body = UpstreamFixture.Body,
                ClientHeaders = new HeaderDictionary(),
                CallId = "0123456789abcdef0123456789abcdef",
                Grant = Grant,
                SubjectToken = new SubjectToken(token, 0),
            },
            default);
        return answer.StatusCode;
    }
}
