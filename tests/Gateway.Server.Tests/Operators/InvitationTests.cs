using System.Web;

namespace Gateway.Server.Tests.Operators;

/// <summary>Links with which people become operators, once.</summary>
public sealed class InvitationTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private AdminBench _bench = null!;
    private OperatorBrowser _browser = null!;

    private Uri Address => new(_bench.Host.Addresses[0].Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(time: _time);
        _browser = new OperatorBrowser(Address);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Accept_creates_the_account_with_the_roles_and_signs_in()
    {
        var code = await InviteAsync("ben", "approver");

        var offer = await PostAsync("session/invitation", code);
        Assert.Equal((200, "ben", "An administrator"), (
            offer.Status, (string?)offer.Json!["name"], (string?)offer.Json["by"]));
        Assert.Equal("""["approver"]""", offer.Json["roles"]!.ToJsonString());
        var (status, json) = await AcceptAsync(code);

        Assert.True(status == 201, json!.ToJsonString());
        Assert.Equal("""["approver"]""", json["who"]!["roles"]!.ToJsonString());
        Assert.Equal(200, (await _browser.SendAsync("GET", "approvals")).Status);
        Assert.Equal(403, (await _browser.SendAsync("GET", "grants")).Status);
        Assert.Empty(await OpenAsync());
        var changes = _bench.Changes().Select(static one =>
            $"{one.GetProperty("by").GetString()} {one.GetProperty("action").GetString()} "
            + one.GetProperty("object").GetString());
        Assert.Equal(
            ["admin create invitations/ben", "ben use invitations/ben", "ben create operators/ben"], changes);
        Assert.Equal("invitation", _bench.Changes()[^1].GetProperty("credential").GetString());
    }

    [Fact]
    public async Task Opening_the_link_any_number_of_times_does_not_use_it()
    {
        var code = await InviteAsync("ben", "viewer");
        using (var scanner = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address })
        {
            // The token is in the fragment, so a scanner of mail requests the console without it.
            var page = await scanner.GetAsync("/console/");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        }

        for (var i = 0; i < 10; i++)
            Assert.Equal(200, (await PostAsync("session/invitation", code)).Status);

        Assert.Equal(201, (await AcceptAsync(code)).Status);
    }

    [Fact]
    public async Task Concurrent_acceptances_create_one_account()
    {
        var code = await InviteAsync("ben", "viewer");

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var browser = new OperatorBrowser(Address);
            return await AcceptAsync(code, browser);
        }));

        Assert.Single(all, static one => one.Status == 201);
        Assert.All(all.Where(static one => one.Status != 201), static one =>
            Assert.Contains(one.Status, (int[])[403, 409, 429]));
        // Links that no longer work count as wrong guesses, which delay keys from the same address.
        _time.Jump(TimeSpan.FromHours(1));
        Assert.Single((await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task Wrong_used_expired_and_withdrawn_links_get_the_same_response()
    {
        var used = await InviteAsync("ben", "viewer");
        await AcceptAsync(used);
        var withdrawn = await InviteAsync("cid", "viewer");
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "invitations/cid")).Status);
        var expired = await InviteAsync("dan", "viewer", "1h");
        _time.Jump(TimeSpan.FromHours(1));

        List<string> refusals = [];
        foreach (var code in (string[])[used, withdrawn, expired, "pgi_made-up"])
        {
            var shown = await PostAsync("session/invitation", code);
            var accepted = await AcceptAsync(code);
            _time.Jump(TimeSpan.FromMinutes(11));
            refusals.AddRange($"{shown.Status} {shown.Json}", $"{accepted.Status} {accepted.Json}");
        }

        Assert.Single(refusals.Distinct());
        Assert.StartsWith("403", refusals[0], StringComparison.Ordinal);
        Assert.Equal(404, (await _bench.SendAsync("DELETE", "invitations/cid")).Status);
    }

    [Fact]
    public async Task Wrong_codes_from_one_address_wait_longer_each_time_and_so_does_the_right_one()
    {
        var code = await InviteAsync("ben", "viewer");
        for (var i = 0; i < 6; i++)
            Assert.Equal(403, (await PostAsync("session/invitation", $"pgi_{i}")).Status);

        Assert.Equal(429, (await PostAsync("session/invitation", code)).Status);
        Assert.Equal(429, (await AcceptAsync(code)).Status);
        _time.Jump(TimeSpan.FromSeconds(1));
        Assert.Equal(201, (await AcceptAsync(code)).Status);
    }

    [Fact]
    public async Task Opening_a_used_link_is_no_wrong_guess_and_does_not_excuse_any()
    {
        var used = await InviteAsync("ben", "viewer");
        await AcceptAsync(used);
        var open = await InviteAsync("cid", "viewer");
        for (var i = 0; i < 10; i++)
            Assert.Equal(403, (await PostAsync("session/invitation", used)).Status);

        Assert.Equal(200, (await PostAsync("session/invitation", open)).Status);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(403, (await PostAsync("session/invitation", used)).Status);
            Assert.Equal(403, (await PostAsync("session/invitation", $"pgi_{i}")).Status);
        }

        Assert.Equal(429, (await PostAsync("session/invitation", used)).Status);
        Assert.Equal(429, (await PostAsync("session/invitation", open)).Status);
    }

    [Theory]
    [InlineData("PATCH", """{"roles":["viewer"]}""")]
    [InlineData("POST", null)]
    [InlineData("DELETE", null)]
    public async Task Inviter_who_loses_the_role_is_disabled_or_removed_ends_the_invitation(string method, string? body)
    {
        var ana = await _bench.KeyOfAsync("ana", "admin");
        var code = await InviteAsync("ben", "viewer", key: ana);
        var path = method == "POST" ? "operators/ana/disable" : "operators/ana";

        var changed = await ChangeAsync(method, path, body);

        Assert.True(changed < 300, $"{changed}");
        Assert.Equal(403, (await AcceptAsync(code)).Status);
        Assert.Empty(await OpenAsync());
        var withdrawn = _bench.Changes().Single(static one => one.GetProperty("action").GetString() == "withdraw");
        Assert.Equal("(invitations)", withdrawn.GetProperty("by").GetString());
        // The role comes back, the invitation does not.
        if (method == "PATCH")
            await ChangeAsync("PATCH", "operators/ana", """{"roles":["admin"]}""");
        Assert.Equal(403, (await AcceptAsync(code)).Status);
    }

    [Fact]
    public async Task Expired_invitation_is_recorded_and_stays_expired_when_the_clock_is_set_back()
    {
        var code = await InviteAsync("ben", "viewer", "1h");
        _time.Jump(TimeSpan.FromHours(2));
        await Soon.UntilAsync(
            () => _bench.Changes().Any(static one => one.GetProperty("action").GetString() == "expire"),
            "the expired invitation was not recorded");

        _time.Jump(TimeSpan.FromHours(-2));

        Assert.Equal(403, (await AcceptAsync(code)).Status);
    }

    [Theory]
    [InlineData("""{"name":"ben","roles":["boss"]}""", 422)]
    [InlineData("""{"name":"ben","roles":[]}""", 422)]
    [InlineData("""{"name":"admin","roles":["viewer"]}""", 422)]
    [InlineData("""{"name":"a b","roles":["viewer"]}""", 422)]
    [InlineData("""{"name":"ben","roles":["viewer"],"for":"31d"}""", 422)]
    [InlineData("""{"name":"ben","roles":["viewer"],"for":"soon"}""", 422)]
    [InlineData("""{"name":"ben","roles":["viewer"],"for":"30d"}""", 201)]
    [InlineData("""{"name":"ana","roles":["viewer"]}""", 409)]
    public async Task Create_checks_the_name_the_roles_and_the_length(string body, int status)
    {
        await _bench.KeyOfAsync("ana", "editor");

        Assert.Equal(status, (await _bench.SendAsync("POST", "invitations", JsonNode.Parse(body))).Status);
    }

    [Fact]
    public async Task Only_an_administrator_invites_and_a_second_open_invitation_is_refused()
    {
        var body = new JsonObject { ["name"] = "ben", ["roles"] = new JsonArray("viewer") };
        foreach (var role in (string[])["viewer", "editor", "approver", "member"])
        {
            var key = await _bench.KeyOfAsync($"a-{role}", role);
            Assert.Equal(403, (await _bench.SendAsync("POST", "invitations", body.DeepClone(), key: key)).Status);
            Assert.Equal(403, (await _bench.SendAsync("GET", "invitations", key: key)).Status);
        }

        await InviteAsync("ben", "viewer");
        Assert.Equal(409, (await _bench.SendAsync("POST", "invitations", body.DeepClone())).Status);
    }

    [Fact]
    public async Task Acceptance_that_fails_leaves_the_link_usable()
    {
        var code = await InviteAsync("ben", "viewer");
        Assert.Equal(422, (await AcceptAsync(code, password: "short")).Status);
        Assert.Equal(422, (await _browser.SendAsync(
            "POST", "session/invitation/accept", new JsonObject { ["code"] = code })).Status);

        Assert.Equal(201, (await AcceptAsync(code)).Status);
    }

    [Fact]
    public async Task The_code_is_in_no_file_and_in_no_record()
    {
        var code = await InviteAsync("ben", "viewer");
        await PostAsync("session/invitation", code);
        await AcceptAsync(code);

        await _bench.Host.DisposeAsync();

        var kept = Directory.GetFiles(_bench.Folder, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(kept);
        Assert.All(kept, file => Assert.DoesNotContain(code, File.ReadAllText(file, Encoding.Latin1)));
        Assert.True(code.Length >= 4 + 43, "256 random bits in base64url");
    }

    [Fact]
    public async Task Passkey_creates_an_account_without_a_password()
    {
        var code = await InviteAsync("ben", "viewer");
        using var authenticator = new SoftAuthenticator { Origin = Address.GetLeftPart(UriPartial.Authority) };
        var options = await PostAsync("session/invitation/passkey", code);
        Assert.Equal(200, options.Status);

        var (status, json) = await _browser.SendAsync("POST", "session/invitation/accept", new JsonObject
        {
            ["code"] = code,
            ["passkey"] = new JsonObject { ["name"] = "first", ["credential"] = authenticator.Create(options.Json!) },
        });

        Assert.True(status == 201, json!.ToJsonString());
        var account = (await _bench.SendAsync("GET", "operators/ben")).Json!;
        Assert.False((bool)account["hasPassword"]!);
        using var other = new OperatorBrowser(Address);
        var asked = (await other.SendAsync("POST", "session/passkey/options")).Json!;
        var signedIn = await other.SendAsync(
            "POST", "session/passkey", new JsonObject { ["credential"] = authenticator.Get(asked) });
        Assert.Equal((201, "ben"), (signedIn.Status, (string?)signedIn.Json!["who"]!["name"]));
    }

    [Fact]
    public async Task Passkey_of_one_invitation_accepts_no_other()
    {
        var (code, other) = (await InviteAsync("ben", "viewer"), await InviteAsync("cid", "editor"));
        using var authenticator = new SoftAuthenticator { Origin = Address.GetLeftPart(UriPartial.Authority) };
        var options = await PostAsync("session/invitation/passkey", code);

        var refused = await _browser.SendAsync("POST", "session/invitation/accept", new JsonObject
        {
            ["code"] = other,
            ["passkey"] = new JsonObject { ["name"] = "first", ["credential"] = authenticator.Create(options.Json!) },
        });

        Assert.Equal(422, refused.Status);
        Assert.Empty((await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
        Assert.Equal(2, (await OpenAsync()).Count);
    }

    [Fact]
    public async Task Command_line_invites_lists_and_withdraws()
    {
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

        var invited = await cli.RunAsync(
            "operator", "invite", "ben", "--role", "approver:crm", "--display-name", "Ben", "--for", "12h");

        Assert.True(invited.ExitCode == 0, invited.Errors);
        Assert.Contains("/console/#/invitation?code=pgi_", invited.Output, StringComparison.Ordinal);
        var listed = await cli.RunAsync("operator", "invitations");
        Assert.Contains("ben", listed.Output, StringComparison.Ordinal);
        Assert.Contains("approver:crm", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("pgi_", listed.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await cli.RunAsync("operator", "withdraw", "ben")).ExitCode);
        Assert.Contains(
            "no open invitations", (await cli.RunAsync("operator", "invitations")).Output,
            StringComparison.Ordinal);
        var wrong = await cli.RunAsync("operator", "invite", "ben", "--role", "viewer", "--for", "31d");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("at most 30d", wrong.Errors, StringComparison.Ordinal);
    }

    private async Task<string> InviteAsync(string name, string role, string? life = null, string? key = null)
    {
        var body = new JsonObject { ["name"] = name, ["roles"] = new JsonArray(role), ["for"] = life };
        if (life is null)
            body.Remove("for");
        var (status, json, _) = await _bench.SendAsync("POST", "invitations", body, key: key);
        Assert.True(status == 201, json?.ToJsonString());
        var link = new Uri((string)json!["link"]!);
        Assert.Equal(("/console/", ""), (link.AbsolutePath, link.Query));
        return HttpUtility.ParseQueryString(link.Fragment.Split('?')[1])["code"]!;
    }

    private async Task<JsonArray> OpenAsync() =>
        (await _bench.SendAsync("GET", "invitations")).Json!["items"]!.AsArray();

    private async Task<int> ChangeAsync(string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (body is not null)
        {
            request.Content = new StringContent(
                body, Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
        }

        using var response = await _bench.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private Task<(int Status, JsonNode? Json)> PostAsync(string path, string code) =>
        _browser.SendAsync("POST", path, new JsonObject { ["code"] = code });

    private Task<(int Status, JsonNode? Json)> AcceptAsync(
        string code, OperatorBrowser? browser = null, string password = Password) =>
        (browser ?? _browser).SendAsync(
            "POST", "session/invitation/accept", new JsonObject { ["code"] = code, ["password"] = password });
}
