using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Connect;

/// <summary>What is tried with codes and tokens: each is told one code of error, and gives nothing.</summary>
public sealed class TokenAttackTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private ConnectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await ConnectBench.StartAsync(_time);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("code_verifier", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong", "invalid_grant")]
    [InlineData("code_verifier", null, "invalid_request")]
    [InlineData("code", "pgc_guessed", "invalid_grant")]
    [InlineData("code", null, "invalid_request")]
    [InlineData("redirect_uri", "https://client.example.com/other", "invalid_grant")]
    [InlineData("redirect_uri", null, "invalid_grant")]
    [InlineData("resource", ConnectBench.Issuer + "/mcp/other", "invalid_target")]
    [InlineData("grant_type", "password", "unsupported_grant_type")]
    [InlineData("grant_type", null, "invalid_request")]
    [InlineData("client_id", "pgcid_nobody", "invalid_client")]
    [InlineData("client_id", null, "invalid_client")]
    public async Task A_code_is_exchanged_by_nothing_but_what_it_was_given_for(string name, string? value, string error)
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var code = (await _bench.AllowAsync(client, pkce))["code"];
        List<(string Name, string? Value)> form =
        [
            ("grant_type", "authorization_code"), ("client_id", client), ("code", code),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier),
            ("resource", ConnectBench.Resource),
        ];
        form.RemoveAll(one => one.Name == name);

        var refused = await _bench.TokenAsync([.. form, (name, value)]);

        Assert.Equal((error == "invalid_client" ? 401 : 400, error), (refused.Status, (string?)refused.Json["error"]));
        Assert.Null(refused.Json["access_token"]);
        // The client itself still gets what it was given.
        Assert.Equal(200, (await _bench.RedeemAsync(client, code, pkce)).Status);
    }

    [Fact]
    public async Task A_code_that_comes_again_ends_what_came_of_it()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var code = (await _bench.AllowAsync(client, pkce))["code"];
        var first = await _bench.RedeemAsync(client, code, pkce);

        // Without the verifier somebody has nothing but the code, and ends nothing with it.
        Assert.Equal(400, (await _bench.RedeemAsync(client, code, new Pkce())).Status);
        Assert.Equal(200, (await _bench.CallAsync((string)first.Json["access_token"]!)).Status);
        var again = await _bench.RedeemAsync(client, code, pkce);

        Assert.Equal((400, "invalid_grant"), (again.Status, (string?)again.Json["error"]));
        Assert.Equal(401, (await _bench.CallAsync((string)first.Json["access_token"]!)).Status);
        Assert.Equal(400, (await _bench.RefreshAsync(client, (string)first.Json["refresh_token"]!)).Status);
        Assert.Equal("active", (string?)Assert.Single(await _bench.GrantsAsync())["status"]);
        Assert.Contains(_bench.Gateway.AuditRecords(), static record =>
            record.TryGetProperty("action", out var action) && action.GetString() == "code-reuse");
    }

    [Fact]
    public async Task Of_many_at_once_no_two_get_tokens_for_a_code()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var code = (await _bench.AllowAsync(client, pkce))["code"];

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _bench.RedeemAsync(client, code, pkce)));

        // None, where one that comes second ends what came of the code before the first has its tokens.
        var well = all.Count(static one => one.Status == 200);
        Assert.InRange(well, 0, 1);
        Assert.Equal(8 - well, all.Count(static one => (string?)one.Json["error"] == "invalid_grant"));
    }

    [Fact]
    public async Task A_code_is_over_after_a_minute()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var code = (await _bench.AllowAsync(client, pkce))["code"];
        _time.Jump(TimeSpan.FromSeconds(61));

        var late = await _bench.RedeemAsync(client, code, pkce);

        Assert.Equal((400, "invalid_grant"), (late.Status, (string?)late.Json["error"]));
    }

    [Fact]
    public async Task Nobody_uses_another_client_s_code_or_refresh_token()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var thief = await _bench.RegisterAsync("Thief");
        var code = (await _bench.AllowAsync(client, pkce))["code"];
        Assert.Equal(400, (await _bench.RedeemAsync(thief, code, pkce)).Status);
        var tokens = await _bench.RedeemAsync(client, code, pkce);
        var refresh = (string)tokens.Json["refresh_token"]!;

        var stolen = await _bench.RefreshAsync(thief, refresh);
        var revoked = await RevokeAsync(thief, refresh);
        var access = await _bench.RefreshAsync(client, (string)tokens.Json["access_token"]!);

        Assert.Equal((400, "invalid_grant"), (stolen.Status, (string?)stolen.Json["error"]));
        Assert.Equal((400, "invalid_grant"), (access.Status, (string?)access.Json["error"]));
        Assert.Equal(200, revoked);
        Assert.Equal(200, (await _bench.RefreshAsync(client, refresh)).Status);
    }

    [Fact]
    public async Task A_token_of_one_server_is_nothing_at_another()
    {
        var (_, access, _) = await _bench.ConnectAsync();
        await _bench.AdminAsync("PUT", "servers/srvx", new JsonObject { ["url"] = "http://127.0.0.1:9/" });

        Assert.Equal(401, (await _bench.CallAsync(access, "/mcp/other")).Status);
        Assert.Equal(401, (await _bench.CallAsync(access, "/mcp/srvx")).Status);
        Assert.Equal(401, (await _bench.CallAsync(access, "/mcp/sr")).Status);
        Assert.Empty(_bench.Forwarded);
    }

    [Fact]
    public async Task A_token_is_taken_in_its_header_only()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        using var query = await _bench.Program.GetAsync($"/mcp/srv?access_token={access}");
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("access_token", access)]);
        using var body = await _bench.Program.PostAsync("/mcp/srv", form);

        Assert.Equal((400, 401), ((int)query.StatusCode, (int)body.StatusCode));
        Assert.Equal(401, (await _bench.CallAsync(refresh)).Status);
        Assert.Equal(401, (await _bench.CallAsync(client)).Status);
    }

    [Theory]
    [InlineData("grant_type")]
    [InlineData("code")]
    [InlineData("client_id")]
    [InlineData("anything")]
    public async Task No_parameter_may_come_twice(string name)
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var code = (await _bench.AllowAsync(client, pkce))["code"];

        var doubled = await _bench.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", client), ("code", code),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier), (name, "a"), (name, "b"));

        Assert.Equal((400, "invalid_request"), (doubled.Status, (string?)doubled.Json["error"]));
    }

    [Fact]
    public async Task A_refresh_grows_no_scope_and_moves_to_no_server()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        var moved = await _bench.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refresh),
            ("resource", ConnectBench.Issuer + "/mcp/other"));
        var grown = await _bench.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refresh),
            ("scope", "mcp admin offline_access"));

        Assert.Equal((400, "invalid_target"), (moved.Status, (string?)moved.Json["error"]));
        Assert.Equal((200, "mcp"), (grown.Status, (string?)grown.Json["scope"]));
    }

    [Fact]
    public async Task Refresh_in_four_processes_of_a_client_returns_the_same_tokens_to_all()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        for (var round = 0; round < 2; round++)
        {
            var token = refresh;
            var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _bench.RefreshAsync(client, token)));

            Assert.All(all, static one => Assert.Equal(200, one.Status));
            refresh = Assert.Single(all.Select(static one => (string)one.Json["refresh_token"]!).Distinct());
            var access = Assert.Single(all.Select(static one => (string)one.Json["access_token"]!).Distinct());
            Assert.Equal(200, (await _bench.CallAsync(access)).Status);
        }
    }

    [Fact]
    public async Task Refresh_token_theft_is_detected_when_thief_and_victim_both_redeemed_the_token()
    {
        var (client, _, stolen) = await _bench.ConnectAsync();
        var thief = await _bench.RefreshAsync(client, stolen);
        var victim = await _bench.RefreshAsync(client, stolen);
        Assert.Equal((string?)victim.Json["refresh_token"], (string?)thief.Json["refresh_token"]);
        var next = await _bench.RefreshAsync(client, (string)thief.Json["refresh_token"]!);
        Assert.Equal(200, next.Status);
        _time.Jump(TimeSpan.FromSeconds(60));

        var late = await _bench.RefreshAsync(client, (string)victim.Json["refresh_token"]!);

        await EndedAsync(client, late, next);
    }

    [Fact]
    public async Task Refresh_with_a_token_whose_successor_was_used_ends_the_sign_in_within_the_grace()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        var second = await _bench.RefreshAsync(client, refresh);
        var third = await _bench.RefreshAsync(client, (string)second.Json["refresh_token"]!);

        await EndedAsync(client, await _bench.RefreshAsync(client, refresh), third);
    }

    [Fact]
    public async Task Refresh_with_a_token_that_is_no_longer_remembered_ends_the_sign_in()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        var last = await _bench.RefreshAsync(client, refresh);
        for (var i = 0; i < 101; i++)
            last = await _bench.RefreshAsync(client, (string)last.Json["refresh_token"]!);
        Assert.Equal(200, last.Status);

        await EndedAsync(client, await _bench.RefreshAsync(client, refresh), last);
    }

    [Fact]
    public async Task Refresh_after_the_server_key_was_replaced_returns_the_same_tokens_within_the_grace()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        var services = _bench.Gateway.Host.Services;
        var store = services.GetRequiredService<OAuthStore>();
        var json = OAuthJson.Default.TokenKeyDocument;
        var first = await store.FindAsync(ControlKinds.OAuthKeys, "tokens", json, CancellationToken.None);
        var old = first!.Value.Keys[0] with { Created = store.Now - TimeSpan.FromDays(90) };
        await store.WriteAsync(ControlKinds.OAuthKeys, "tokens", first.Version, new TokenKeyDocument([old]), json);
        var before = await _bench.RefreshAsync(client, refresh);

        await services.GetRequiredService<OAuthCleaner>().CleanAsync(CancellationToken.None);
        var after = await _bench.RefreshAsync(client, refresh);

        var keys = await store.FindAsync(ControlKinds.OAuthKeys, "tokens", json, CancellationToken.None);
        Assert.Equal(2, keys!.Value.Keys.Count);
        Assert.Equal(200, after.Status);
        Assert.Equal((string?)before.Json["refresh_token"], (string?)after.Json["refresh_token"]);
        Assert.Equal(200, (await _bench.RefreshAsync(client, (string)after.Json["refresh_token"]!)).Status);
    }

    [Fact]
    public async Task A_refresh_token_that_comes_after_its_successor_ends_the_sign_in_and_the_grant_stays()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        var second = (string)(await _bench.RefreshAsync(client, refresh)).Json["refresh_token"]!;
        var third = (string)(await _bench.RefreshAsync(client, second)).Json["refresh_token"]!;
        _time.Jump(TimeSpan.FromSeconds(61));

        var reused = await _bench.RefreshAsync(client, refresh);

        Assert.Equal((400, "invalid_grant"), (reused.Status, (string?)reused.Json["error"]));
        Assert.Equal(400, (await _bench.RefreshAsync(client, third)).Status);
        Assert.Equal(401, (await _bench.CallAsync(access)).Status);
        Assert.Single(await _bench.GrantsAsync());
        Assert.Contains(_bench.Gateway.AuditRecords(), static record =>
            record.TryGetProperty("action", out var action) && action.GetString() == "refresh-reuse");
    }

    [Fact]
    public async Task Codex_whose_answer_was_lost_refreshes_again_without_a_resource()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        var lost = await _bench.RefreshAsync(client, refresh);
        _time.Jump(TimeSpan.FromSeconds(59));

        var again = await _bench.RefreshAsync(client, refresh);

        Assert.Equal(200, again.Status);
        Assert.Equal((string?)lost.Json["refresh_token"], (string?)again.Json["refresh_token"]);
        Assert.Equal(3541, (int)again.Json["expires_in"]!);
        _time.Jump(TimeSpan.FromSeconds(1));
        await EndedAsync(client, await _bench.RefreshAsync(client, refresh), again);
    }

    [Fact]
    public async Task An_access_token_is_over_after_an_hour_and_a_refresh_token_after_thirty_days_without_use()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        _time.Jump(TimeSpan.FromMinutes(61));
        Assert.Equal(401, (await _bench.CallAsync(access)).Status);
        var second = await _bench.RefreshAsync(client, refresh);
        Assert.Equal((200, 3600), (second.Status, (int)second.Json["expires_in"]!));

        _time.Jump(TimeSpan.FromDays(28));
        await _bench.AdminAsync("PUT", "grants/test-client-srv", new JsonObject
        {
            ["servers"] = new JsonObject { ["srv"] = "policy" },
            ["expires"] = null,
        });
        Assert.Equal(200, (await _bench.RefreshAsync(client, (string)second.Json["refresh_token"]!)).Status);
        _time.Jump(TimeSpan.FromDays(31));
        Assert.Equal(400, (await _bench.RefreshAsync(client, (string)second.Json["refresh_token"]!)).Status);
    }

    [Fact]
    public async Task Nothing_outlives_the_grant()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(client, pkce));
        var (_, html, _) = await _bench.AnswerAsync(asked.Html, changes: ("expires", "10m"));
        var tokens = await _bench.RedeemAsync(client, ConnectBench.Answer(html)["code"], pkce);

        Assert.InRange((int)tokens.Json["expires_in"]!, 1, 600);
        _time.Jump(TimeSpan.FromMinutes(11));
        Assert.Equal(401, (await _bench.CallAsync((string)tokens.Json["access_token"]!)).Status);
        var late = await _bench.RefreshAsync(client, (string)tokens.Json["refresh_token"]!);
        Assert.Equal((400, "invalid_grant"), (late.Status, (string?)late.Json["error"]));
    }

    [Fact]
    public async Task A_client_revokes_its_own_tokens_and_learns_nothing_about_others()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();

        Assert.Equal(200, await RevokeAsync(client, "pgr_unknown"));
        Assert.Equal(200, (await _bench.CallAsync(access)).Status);
        Assert.Equal(200, await RevokeAsync(client, refresh));

        Assert.Equal(401, (await _bench.CallAsync(access)).Status);
        Assert.Equal(400, (await _bench.RefreshAsync(client, refresh)).Status);
    }

    [Fact]
    public async Task An_operator_who_is_disabled_has_let_in_nobody_any_more()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        await _bench.AdminAsync("POST", "operators/ana/disable");

        var refreshed = await _bench.RefreshAsync(client, refresh);

        Assert.Equal((400, "invalid_grant"), (refreshed.Status, (string?)refreshed.Json["error"]));
    }

    /// <summary>Asserts that a refresh was refused, ended the sign-in, is on record, and left the grant.</summary>
    private async Task EndedAsync(
        string client, (int Status, JsonNode Json) refused, (int Status, JsonNode Json) newest)
    {
        Assert.Equal((400, "invalid_grant"), (refused.Status, (string?)refused.Json["error"]));
        Assert.Equal(400, (await _bench.RefreshAsync(client, (string)newest.Json["refresh_token"]!)).Status);
        Assert.Equal(401, (await _bench.CallAsync((string)newest.Json["access_token"]!)).Status);
        Assert.Single(await _bench.GrantsAsync());
        Assert.Single(_bench.Gateway.AuditRecords(), static record =>
            record.TryGetProperty("action", out var action) && action.GetString() == "refresh-reuse");
    }

    private async Task<int> RevokeAsync(string client, string token)
    {
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("client_id", client), KeyValuePair.Create("token", token)]);
        using var answer = await _bench.Program.PostAsync("/revoke", form);
        return (int)answer.StatusCode;
    }
}
