namespace Gateway.Server.Tests.Connect;

/// <summary>A client that signs in for all servers of a grant as one, at <c>/mcp</c>.</summary>
public sealed class SeveralConnectTests : IAsyncLifetime
{
    private const string All = ConnectBench.Issuer + "/mcp";
    private ConnectBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync();
        _bench.Server.Answer = AnswerAsync;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Is_allowed_the_servers_that_the_operator_chooses_each_under_its_policy()
    {
        var (client, access, _) = await ConnectAsync(("policy.srv", "policy"), ("policy.other", "open"));

        Assert.Contains("srv__read", (await AskAsync(access, "tools/list")).Text, StringComparison.Ordinal);
        Assert.Contains("done", (await CallAsync(access, "srv__read")).Text, StringComparison.Ordinal);
        Assert.Contains("done", (await CallAsync(access, "other__write")).Text, StringComparison.Ordinal);
        Assert.Contains("Policy violation", (await CallAsync(access, "srv__write")).Text, StringComparison.Ordinal);
        var (_, grant) = await _bench.AdminAsync("GET", "grants/test-client-mcp");
        Assert.Equal("""{"other":"open","srv":"policy"}""", grant!["servers"]!.ToJsonString());
        Assert.Equal(
            (All, "{}", client, "ana"),
            ((string?)grant["url"], grant["urls"]!.ToJsonString(), (string?)grant["clientId"],
                (string?)grant["allowedBy"]));
    }

    [Fact]
    public async Task A_server_that_was_not_chosen_is_not_reached()
    {
        var (_, access, _) = await ConnectAsync(("policy.srv", "policy"), ("policy.other", ""));

        var list = (await AskAsync(access, "tools/list")).Text;
        Assert.Contains("srv__read", list, StringComparison.Ordinal);
        Assert.DoesNotContain("other__", list, StringComparison.Ordinal);
        Assert.Contains(
            "No server of this grant lists", (await CallAsync(access, "other__read")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_all_is_good_at_no_server_s_own_address_and_the_other_way_round()
    {
        var (_, all, _) = await ConnectAsync(("policy.srv", "policy"), ("policy.other", "open"));
        var (_, one, _) = await _bench.ConnectAsync();

        Assert.Equal(401, (await _bench.CallAsync(all)).Status);
        Assert.Equal(401, (await _bench.CallAsync(all, "/mcp/other")).Status);
        Assert.Equal(401, (await AskAsync(one, "tools/list")).Status);
        Assert.Equal((200, 200), ((await AskAsync(all, "tools/list")).Status, (await _bench.CallAsync(one)).Status));
        Assert.Equal(2, (await _bench.GrantsAsync()).Count);
    }

    [Fact]
    public async Task A_code_or_refresh_token_for_all_moves_to_no_server_and_none_of_a_server_s_to_all()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var code = await AllowAsync(client, pkce, ("policy.srv", "policy"));
        var moved = await RedeemAsync(client, code, pkce, ConnectBench.Resource);
        Assert.Equal((400, "invalid_target"), (moved.Status, (string?)moved.Json["error"]));
        var kept = await RedeemAsync(client, code, pkce, All + "/");
        Assert.True(kept.Status == 200, kept.Json.ToJsonString());

        var refresh = (string)kept.Json["refresh_token"]!;
        var away = await RefreshAsync(client, refresh, ConnectBench.Resource);
        Assert.Equal((400, "invalid_target"), (away.Status, (string?)away.Json["error"]));
        Assert.Equal(200, (await RefreshAsync(client, refresh, All)).Status);

        var (other, _, single) = await _bench.ConnectAsync();
        var grown = await RefreshAsync(other, single, All);
        Assert.Equal((400, "invalid_target"), (grown.Status, (string?)grown.Json["error"]));
    }

    [Fact]
    public async Task Signing_in_again_keeps_the_grant_and_applies_the_new_choice()
    {
        var (client, first, _) = await ConnectAsync(("policy.srv", "policy"), ("policy.other", "open"));
        await CallAsync(first, "srv__read");
        await CallAsync(first, "srv__read");
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, new Pkce(), ("resource", All)));
        Assert.Contains("<option value=\"open\" selected>", asked.Html, StringComparison.Ordinal);

        var (_, again, _) = await ConnectAsync(client, ("policy.srv", "policy"));

        var grant = Assert.Single(await _bench.GrantsAsync());
        Assert.Equal("""{"srv":"policy"}""", grant["servers"]!.ToJsonString());
        Assert.Contains("done", (await CallAsync(again, "srv__read")).Text, StringComparison.Ordinal);
        Assert.Contains("Policy violation", (await CallAsync(again, "srv__read")).Text, StringComparison.Ordinal);
        Assert.Contains(
            "No server of this grant lists", (await CallAsync(first, "other__read")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_must_choose_a_server_and_the_grant_of_one_server_is_another()
    {
        await _bench.ConnectAsync();
        var client = await _bench.RegisterAsync();
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, new Pkce(), ("resource", All)));

        var none = await _bench.AnswerAsync(asked.Html);
        Assert.Equal(422, none.Status);
        Assert.Contains("Select a server", none.Html, StringComparison.Ordinal);
        var taken = await _bench.AnswerAsync(
            asked.Html, changes: [("policy.srv", "policy"), ("label", "test-client-srv")]);
        Assert.Equal(422, taken.Status);
        Assert.Contains("Another grant has that name", taken.Html, StringComparison.Ordinal);
        Assert.Single(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task A_member_gives_their_servers_alone_each_under_its_policy_for_clients()
    {
        await _bench.AdminAsync("PUT", "servers/other", new JsonObject
        {
            ["url"] = _bench.Server.Url,
            ["oauthPolicy"] = "policy",
        });
        await _bench.AddOperatorAsync("bob", "member:other");
        using var browser = _bench.NewBrowser();
        await _bench.SignInAsync(browser, "bob");
        var question = ConnectBench.Question(await _bench.RegisterAsync(), new Pkce(), ("resource", All));
        var asked = await ConnectBench.PageAsync(browser, question);
        Assert.Contains("name=\"policy.other\"", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"policy.srv\"", asked.Html, StringComparison.Ordinal);

        Assert.Equal(422, (await AnswerAsync("policy.other", "open")).Status);
        Assert.Equal(422, (await AnswerAsync("policy.srv", "policy")).Status);
        Assert.Equal(200, (await AnswerAsync("policy.other", "policy")).Status);
        var grant = Assert.Single(await _bench.GrantsAsync());
        Assert.Equal("""{"other":"policy"}""", grant["servers"]!.ToJsonString());

        Task<(int Status, string Html, Uri? Location)> AnswerAsync(string name, string value) =>
            _bench.AnswerAsync(asked.Html, browser: browser, changes: [(name, value)]);
    }

    [Fact]
    public async Task Signing_in_again_keeps_the_virtual_tools_of_the_grant()
    {
        var (client, _, _) = await ConnectAsync(("policy.srv", "policy"), ("policy.other", "open"));
        var (put, _) = await _bench.AdminAsync("PUT", "grants/test-client-mcp", JsonNode.Parse("""
            {
              "servers": { "srv": "policy", "other": "open" }, "expires": null,
              "virtual_tools": { "other": { "write_a_note": { "tool": "write" } } }
            }
            """));
        Assert.Equal(200, put);
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, new Pkce(), ("resource", All)));

        var left = await _bench.AnswerAsync(asked.Html, changes: [("policy.srv", "policy")]);
        Assert.Equal(422, left.Status);
        Assert.Contains("virtual tools of other", left.Html, StringComparison.Ordinal);
        await _bench.AnswerAsync(asked.Html, changes: [("policy.srv", "policy"), ("policy.other", "open")]);

        Assert.NotNull(Assert.Single(await _bench.GrantsAsync())["virtual_tools"]!["other"]!["write_a_note"]);
    }

    [Fact]
    public async Task One_paused_server_ends_nothing_and_a_revoked_grant_everything()
    {
        var (client, access, refresh) = await ConnectAsync(("policy.srv", "policy"), ("policy.other", "open"));
        Assert.Equal(200, (await _bench.AdminAsync("POST", "servers/srv/pause")).Status);
        Assert.Contains("other__write", (await AskAsync(access, "tools/list")).Text, StringComparison.Ordinal);
        var renewed = await RefreshAsync(client, refresh, All);
        Assert.Equal(200, renewed.Status);

        Assert.Equal(204, (await _bench.AdminAsync("DELETE", "grants/test-client-mcp")).Status);
        Assert.Equal(401, (await AskAsync((string)renewed.Json["access_token"]!, "tools/list")).Status);
        var over = await RefreshAsync(client, (string)renewed.Json["refresh_token"]!, All);
        Assert.Equal((400, "invalid_grant"), (over.Status, (string?)over.Json["error"]));
    }

    [Fact]
    public async Task A_client_that_names_no_resource_can_be_given_several_servers_too()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, pkce, ("resource", null)));
        var several = Regex.Match(asked.Html, "href=\"(/authorize[^\"]*)\"").Groups[1].Value;
        var chosen = await ConnectBench.PageAsync(_bench.Browser, System.Net.WebUtility.HtmlDecode(several));

        var (_, html, _) = await _bench.AnswerAsync(chosen.Html, changes: [("policy.other", "open")]);
        var tokens = await RedeemAsync(client, ConnectBench.Answer(html)["code"], pkce, resource: null);
        var access = (string)tokens.Json["access_token"]!;
        Assert.Equal(200, (await AskAsync(access, "tools/list")).Status);
        Assert.Equal(401, (await _bench.CallAsync(access, "/mcp/other")).Status);
    }

    private Task<(string Client, string Access, string Refresh)> ConnectAsync(params (string, string)[] chosen) =>
        ConnectAsync(null, chosen);

    private async Task<(string Client, string Access, string Refresh)> ConnectAsync(
        string? client, params (string, string)[] chosen)
    {
        var pkce = new Pkce();
        client ??= await _bench.RegisterAsync();
        var (status, json) = await RedeemAsync(client, await AllowAsync(client, pkce, chosen), pkce, All);
        Assert.True(status == 200, json.ToJsonString());
        return (client, (string)json["access_token"]!, (string)json["refresh_token"]!);
    }

    private async Task<string> AllowAsync(string client, Pkce pkce, params (string, string)[] chosen)
    {
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, pkce, ("resource", All)));
        Assert.True(asked.Status == 200, asked.Html);
        var (status, html, _) = await _bench.AnswerAsync(asked.Html, changes: chosen);
        Assert.True(status == 200, html);
        return ConnectBench.Answer(html)["code"];
    }

    private Task<(int Status, JsonNode Json)> RedeemAsync(string client, string code, Pkce pkce, string? resource) =>
        _bench.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", client), ("code", code),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier), ("resource", resource));

    private Task<(int Status, JsonNode Json)> RefreshAsync(string client, string refresh, string resource) =>
        _bench.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refresh), ("resource", resource));

    private Task<(int Status, string Text)> CallAsync(string token, string tool) =>
        AskAsync(token, "tools/call", $$$"""{"name":"{{{tool}}}","arguments":{}}""");

    private async Task<(int Status, string Text)> AskAsync(string token, string method, string parameters = "{}")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{parameters}}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await _bench.Program.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        using var message = JsonDocument.Parse(request.Body);
        var result = message.RootElement.GetProperty("method").ValueEquals("tools/list")
            ? """{"tools":[{"name":"read","inputSchema":{"type":"object"}},{"name":"write","inputSchema":{"type":"object"}}]}"""
            : """{"content":[{"type":"text","text":"done"}]}""";
        return RecordingServer.JsonAsync(http,
            $$$"""{"jsonrpc":"2.0","id":{{{message.RootElement.GetProperty("id").GetRawText()}}},"result":{{{result}}}}""");
    }
}
