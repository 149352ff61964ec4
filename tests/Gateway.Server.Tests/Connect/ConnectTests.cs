namespace Gateway.Server.Tests.Connect;

/// <summary>A client that takes only a URL, from its registration to a call and its end.</summary>
public sealed class ConnectTests : IAsyncLifetime
{
    private ConnectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await ConnectBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Is_let_in_by_an_operator_and_calls_as_a_grant_that_lists_show()
    {
        var (client, access, refresh) = await _bench.ConnectAsync("Claude");

        Assert.Equal(200, (await _bench.CallAsync(access)).Status);
        var grant = Assert.Single(await _bench.GrantsAsync());
        Assert.Equal(
            ("claude-srv", "oauth", "Claude", client, "ana", "active"),
            ((string?)grant["name"], (string?)grant["via"], (string?)grant["client"], (string?)grant["clientId"],
                (string?)grant["allowedBy"], (string?)grant["status"]));
        Assert.All((string[])[access, refresh], static token => Assert.True(token.Length > 43));
        Assert.All(_bench.Forwarded, request => Assert.DoesNotContain(
            access, string.Join('\n', request.Headers.Select(static header => header.Value)),
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_client_gets_the_issuer_and_its_own_state()
    {
        var answer = await _bench.AllowAsync(await _bench.RegisterAsync(), new Pkce());

        Assert.Equal(("s t&te", ConnectBench.Issuer), (answer["state"], answer["iss"]));
        Assert.True(answer["code"].Length > 43);
    }

    [Fact]
    public async Task Counts_on_one_set_of_counters_whatever_token_it_brings()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        await _bench.CallAsync(access);
        var second = await _bench.RefreshAsync(client, refresh);
        await _bench.CallAsync((string)second.Json["access_token"]!);

        // Signing in again is the same grant; so is a client that registers once more and is allowed by the same name.
        var (_, third, _) = await _bench.ConnectAsync();
        var admitted = await _bench.CallAsync(third);
        var beyond = await _bench.CallAsync(third);

        Assert.Single(await _bench.GrantsAsync());
        Assert.DoesNotContain("Policy violation", admitted.Text, StringComparison.Ordinal);
        Assert.Contains("Policy violation", beyond.Text, StringComparison.Ordinal);
        Assert.Equal(3, _bench.Forwarded.Count());
    }

    [Fact]
    public async Task Ends_at_once_everywhere_when_its_grant_is_revoked()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();

        Assert.Equal(204, (await _bench.AdminAsync("DELETE", "grants/test-client-srv")).Status);

        Assert.Equal(401, (await _bench.CallAsync(access)).Status);
        var refreshed = await _bench.RefreshAsync(client, refresh);
        Assert.Equal((400, "invalid_grant"), (refreshed.Status, (string?)refreshed.Json["error"]));
        Assert.Empty(_bench.Forwarded);
    }

    [Fact]
    public async Task Keeps_its_tokens_while_its_grant_is_paused_and_signing_in_again_does_not_resume_it()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        await _bench.AdminAsync("POST", "grants/test-client-srv/pause");

        Assert.Equal(403, (await _bench.CallAsync(access)).Status);
        var paused = await _bench.RefreshAsync(client, refresh);
        Assert.Equal((503, "temporarily_unavailable"), (paused.Status, (string?)paused.Json["error"]));
        var (_, newToken, _) = await _bench.ConnectAsync();
        Assert.Equal(403, (await _bench.CallAsync(newToken)).Status);

        await _bench.AdminAsync("POST", "grants/test-client-srv/resume");
        Assert.Equal(200, (await _bench.CallAsync(access)).Status);
        Assert.Equal(200, (await _bench.RefreshAsync(client, refresh)).Status);
    }

    [Fact]
    public async Task A_client_refused_by_an_operator_gets_an_error()
    {
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(await _bench.RegisterAsync(), new Pkce()));

        var (status, html, _) = await _bench.AnswerAsync(asked.Html, "deny");

        var answer = ConnectBench.Answer(html);
        Assert.Equal((200, "access_denied", ConnectBench.Issuer), (status, answer["error"], answer["iss"]));
        Assert.False(answer.ContainsKey("code"));
        Assert.Empty(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task Gets_the_server_that_the_operator_picks_where_it_names_none()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, pkce, ("resource", null)));

        var (_, none, _) = await _bench.AnswerAsync(asked.Html);
        Assert.Contains("Select a server", none, StringComparison.Ordinal);
        var (_, html, _) = await _bench.AnswerAsync(asked.Html, changes: [("server", "other"), ("policy", "open")]);

        var (status, json) = await _bench.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", client), ("code", ConnectBench.Answer(html)["code"]),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier));
        Assert.Equal(200, status);
        Assert.Equal(200, (await _bench.CallAsync((string)json["access_token"]!, "/mcp/other")).Status);
        Assert.Equal(401, (await _bench.CallAsync((string)json["access_token"]!)).Status);
    }

    [Fact]
    public async Task A_member_gives_the_policy_that_the_server_has_for_clients_and_no_other()
    {
        await _bench.AddOperatorAsync("bob", "member:other");
        using var browser = _bench.NewBrowser();
        await _bench.SignInAsync(browser, "bob");
        var client = await _bench.RegisterAsync();
        var question = ConnectBench.Question(client, new Pkce(), ("resource", ConnectBench.Issuer + "/mcp/other"));

        Assert.Equal(403, (await ConnectBench.PageAsync(browser, question)).Status);
        Assert.Equal(
            403, (await ConnectBench.PageAsync(browser, ConnectBench.Question(client, new Pkce()))).Status);
        await _bench.AdminAsync(
            "PUT", "servers/other", new JsonObject { ["url"] = "http://127.0.0.1:9/", ["oauthPolicy"] = "policy" });
        var asked = await ConnectBench.PageAsync(browser, question);
        Assert.Contains("<option value=\"policy\" selected>", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"open\"", asked.Html, StringComparison.Ordinal);

        Assert.Equal(422, (await _bench.AnswerAsync(asked.Html, browser: browser, changes: ("policy", "open"))).Status);
        Assert.Equal(200, (await _bench.AnswerAsync(asked.Html, browser: browser)).Status);
        Assert.Equal("bob", (string?)Assert.Single(await _bench.GrantsAsync())["allowedBy"]);
    }

    [Fact]
    public async Task A_viewer_lets_nobody_in()
    {
        await _bench.AddOperatorAsync("vic", "viewer");
        using var browser = _bench.NewBrowser();
        await _bench.SignInAsync(browser, "vic");

        var asked = await ConnectBench.PageAsync(
            browser, ConnectBench.Question(await _bench.RegisterAsync(), new Pkce()));

        Assert.Equal(403, asked.Status);
        Assert.Empty(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task Goes_on_after_a_restart_with_what_it_has()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        await _bench.Gateway.DisposeHostAsync();
        await using var again = await TestGateway.StartAsync(
            "http://127.0.0.1:9/", """{"version":"1","default":"allow"}""",
            $$""", "oauth": { "issuer": "{{ConnectBench.Issuer}}" }""", after: _bench.Gateway);

        using var call = new HttpRequestMessage(HttpMethod.Post, again.Endpoint) { Content = new StringContent("{}") };
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var answer = await again.Client.SendAsync(call);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = client,
            ["refresh_token"] = refresh,
        });
        using var program = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var refreshed = await program.PostAsync(new Uri(again.Address, "/token"), form);

        Assert.NotEqual(401, (int)answer.StatusCode);
        Assert.Equal(200, (int)refreshed.StatusCode);
    }
}
