using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Upstreams.Tests.Credentials;

/// <summary>Who gets the client's secret, and who never does.</summary>
public sealed class TokenDiscoveryTests : IAsyncLifetime
{
    private const string Resource = "/.well-known/oauth-protected-resource/mcp";
    private const string Authority = "/.well-known/oauth-authorization-server";
    private OAuthBench _bench = null!;

    public async Task InitializeAsync() => _bench = await OAuthBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task The_secret_goes_in_the_form_where_the_server_takes_it_there_only()
    {
        _bench.Documents[Authority] = """
            { "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token",
              "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"] }
            """;
        await using var upstream = _bench.Upstream(scope: "mine");

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));

        var (form, authorization) = Assert.Single(_bench.Asked);
        Assert.Equal(("id:1", OAuthBench.Secret, "mine", ""),
            (form["client_id"], form["client_secret"], form["scope"], authorization));
    }

    [Theory]
    [InlineData("/tenant", "/.well-known/oauth-authorization-server/tenant", 2)]
    [InlineData("/tenant", "/.well-known/openid-configuration/tenant", 3)]
    [InlineData("/tenant", "/tenant/.well-known/openid-configuration", 4)]
    [InlineData("", "/.well-known/openid-configuration", 3)]
    public async Task Looks_for_an_issuer_where_it_may_be(string issuerPath, string place, int asked)
    {
        _bench.IssuerPath = issuerPath;
        _bench.Documents.Remove(Authority, out var document);
        _bench.Documents[place] = document!;
        await using var upstream = _bench.Upstream();

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));
        Assert.Equal(asked, _bench.Paths.Count);
    }

    [Theory]
    [InlineData(true, "Bearer token-1")]
    [InlineData(false, "", "Bearer token-1")]
    public async Task A_server_says_elsewhere_where_its_metadata_is(bool hasStreams, params string[] seen)
    {
        _bench.HasStreams = hasStreams;
        _bench.Documents.Remove(Resource, out var document);
        _bench.Documents["/elsewhere"] = document!.Replace("\"a\", \"b\"", "", StringComparison.Ordinal);
        _bench.Challenge =
            $"Basic realm=\"x\", Bearer resource_metadata=\"{new Uri(_bench.Url, "/elsewhere")}\", scope=\"c d\"";
        await using var upstream = _bench.Upstream();

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));

        Assert.Equal("c d", Assert.Single(_bench.Asked).Form["scope"]);
        Assert.Equal(seen, _bench.Seen);
    }

    [Fact]
    public async Task A_pinned_issuer_needs_no_word_of_the_server()
    {
        _bench.Documents.Remove(Resource);
        await using var upstream = _bench.Upstream(_bench.Issuer);

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));
        Assert.Equal(_bench.Url.ToString(), Assert.Single(_bench.Asked).Form["resource"]);
    }

    [Theory]
    [InlineData(Resource, """{ "resource": "URL/other", "authorization_servers": ["ISSUER"] }""", "is not the server's address")]
    [InlineData(Resource, """{ "resource": "https://example.com/mcp", "authorization_servers": ["ISSUER"] }""",
        "is not the server's address")]
    [InlineData(Resource, """{ "resource": "URL" }""", "names no authorization server")]
    [InlineData(Resource, """{ "resource": "URL", "authorization_servers": ["http://example.com"] }""", "is not https")]
    [InlineData(Resource, """{ "resource": "URL", "authorization_servers": ["file:///etc/passwd"] }""", "is not https")]
    [InlineData(Resource, """{ "resource": "URL", "authorization_servers": ["https://u:p@example.com"] }""", "user information")]
    [InlineData(Authority, """{ "issuer": "ISSUER/", "token_endpoint": "AUTHORITY/token" }""", "does not describe the issuer")]
    [InlineData(Authority, """{ "token_endpoint": "AUTHORITY/token" }""", "does not describe the issuer")]
    [InlineData(Authority, """{ "issuer": "ISSUER" }""", "has no token_endpoint")]
    [InlineData(Authority, """{ "issuer": "ISSUER", "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token" }""", "no JSON")]
    [InlineData(Authority, """{ "issuer": "ISSUER", "token_endpoint": "http://example.com/token" }""", "is not https")]
    [InlineData(Authority, """
        { "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token", "grant_types_supported": ["authorization_code"] }
        """, "does not offer the grant type client_credentials")]
    [InlineData(Authority, """
        { "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token",
          "token_endpoint_auth_methods_supported": ["tls_client_auth"] }
        """, "neither in a header nor in the form")]
    public async Task Sends_the_secret_nowhere_that_it_may_not_go(string place, string document, string expected)
    {
        _bench.Documents[place] = document;
        await using var upstream = _bench.Upstream();

        Assert.Contains(expected, await OAuthBench.RefusalAsync(upstream), StringComparison.Ordinal);
        Assert.Empty(_bench.Asked);
        Assert.Empty(_bench.Seen);
    }

    [Fact]
    public async Task Follows_no_redirect_and_reads_no_endless_document()
    {
        _bench.Documents[Authority] = new Uri(_bench.Url, "/stolen").ToString();
        await using (var upstream = _bench.Upstream())
            Assert.Contains("HTTP 302", await OAuthBench.RefusalAsync(upstream), StringComparison.Ordinal);
        _bench.Documents[Authority] = new string(' ', 300_000);
        await using (var upstream = _bench.Upstream())
        {
            Assert.Contains(
                "sent more than 262144 bytes", await OAuthBench.RefusalAsync(upstream), StringComparison.Ordinal);
        }

        _bench.Documents[Authority] = """{ "issuer": "ISSUER", "token_endpoint": "AUTHORITY/moved" }""";
        _bench.Documents["/moved"] = new Uri(_bench.Url, "/stolen").ToString();
        await using (var upstream = _bench.Upstream())
            Assert.Contains("HTTP 302", await OAuthBench.RefusalAsync(upstream), StringComparison.Ordinal);
        Assert.Contains("/moved", _bench.Paths);
        Assert.DoesNotContain("/stolen", _bench.Paths);
    }

    [Fact]
    public async Task Another_issuer_than_the_pinned_one_or_than_before_gets_nothing()
    {
        await using var pinned = _bench.Upstream("https://login.example.com");
        Assert.Contains("accepts no tokens from https://login.example.com", await OAuthBench.RefusalAsync(pinned),
            StringComparison.Ordinal);

        await using var upstream = _bench.Upstream();
        await OAuthBench.CallAsync(upstream);
        _bench.Documents[Resource] = """{ "resource": "URL", "authorization_servers": ["https://evil.example.com"] }""";
        _bench.Revoke("token-1");
        _bench.Time.Advance(TimeSpan.FromSeconds(30));
        await OAuthBench.CallAsync(upstream);
        var refusal = await OAuthBench.RefusalAsync(upstream);

        Assert.Contains("names https://evil.example.com now; if that is correct, set \"issuer\"", refusal,
            StringComparison.Ordinal);
        Assert.Single(_bench.Asked);
    }

    [Theory]
    [InlineData("\"issuer\": \"https://evil.example.com\"", "does not describe the issuer")]
    [InlineData("\"code_challenge_methods_supported\": [\"plain\"]", "does not offer PKCE with S256")]
    [InlineData("\"token_endpoint\": \"http://evil.example.com/token\"", "is not https")]
    [InlineData("\"authorization_endpoint\": \"http://evil.example.com/authorize\"", "is not https")]
    [InlineData("\"authorization_endpoint\": \"javascript:alert(1)\"", "is not https")]
    [InlineData("\"token_endpoint\": \"https://user@evil.example.com/token\"", "has user information")]
    [InlineData("\"grant_types_supported\": [\"client_credentials\"]", "does not offer the grant type")]
    [InlineData("\"token_endpoint_auth_methods_supported\": [\"private_key_jwt\"]", "accepts a client secret neither")]
    [InlineData("\"more\": 1", null)]
    public async Task A_sign_in_at_a_malicious_authorization_server_is_refused(string member, string? why)
    {
        var document = JsonNode.Parse("""
            { "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token", "authorization_endpoint": "AUTHORITY/authorize",
              "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true }
            """)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{member}}}")!.AsObject())
            document[name] = value?.DeepClone();
        _bench.Documents[Authority] = document.ToJsonString();
        var client = new OAuthClientOptions("id", "secret", null, null);
        using var http = new OAuthHttp(
            _bench.Url, isPinned: false, new ServerEgress(OutboundConnector.Default), TimeProvider.System);
        var discovery = new TokenDiscovery(_bench.Url, client, http);

        if (why is not null)
        {
            var refused = await Assert.ThrowsAsync<OAuthException>(() => discovery.FindSignInAsync(null, default));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            return;
        }

        var found = await discovery.FindSignInAsync(null, default);
        Assert.Equal((_bench.Issuer, "a b", true), (found.Issuer, found.Scope, found.NamesIssuer));
        Assert.Equal(_bench.Url.AbsoluteUri, found.Resource);
    }

    [Fact]
    public async Task Metadata_at_another_place_than_the_server_is_not_asked_for()
    {
        _bench.Documents.Remove(Resource);
        _bench.Challenge = "Bearer resource_metadata=\"https://example.com/metadata\"";
        await using var upstream = _bench.Upstream();

        Assert.Contains("is at another origin, https://example.com/metadata",
            await OAuthBench.RefusalAsync(upstream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_elsewhere_cannot_send_the_gateway_into_its_own_network()
    {
        using var unpinned = new OAuthHttp(
            new Uri("https://mcp.example.com/mcp"), isPinned: false, new ServerEgress(OutboundConnector.Default),
            TimeProvider.System);
        var local = new Uri($"https://127.0.0.1:{_bench.Url.Port}/");

        var metadata = await Assert.ThrowsAsync<OAuthException>(() => unpinned.GetAsync(local, default));
        var token = await Assert.ThrowsAsync<OAuthException>(
            () => unpinned.PostAsync(local, new StringContent(""), credential: null, default));
        Assert.Throws<OAuthException>(() => unpinned.Check(_bench.Url));

        Assert.All([metadata, token], static refused => Assert.Contains(
            "is a private address that only the server names", refused.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bearer", null, null)]
    [InlineData("bearer scope=\"a b\",error=invalid_token", "a b", "invalid_token")]
    [InlineData("Basic realm=\"Bearer scope=x\", Bearer scope = \"a\\\"b\"", "a\"b", null)]
    [InlineData("Negotiate abc==, Bearer error=\"e\"", null, "e")]
    [InlineData("Bearer scope=\"open", "open", null)]
    public void Reads_the_bearer_challenge_among_others(string header, string? scope, string? error)
    {
        var challenge = BearerChallenge.Read(header)!;

        Assert.Equal((scope, error), (challenge.Scope, challenge.Error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("=,,\"\"")]
    public void Finds_no_challenge_where_there_is_none(string? header) => Assert.Null(BearerChallenge.Read(header));
}
