namespace Gateway.Server.Tests.Credentials;

/// <summary>A stored credential goes to nobody but the receiver that it was entered for.</summary>
public sealed class CredentialBindingTests : IAsyncLifetime
{
    private const string Key = "the-key-of-the-header";
    private RecordingServer _server = null!;
    private RecordingServer _other = null!;
    private TokenIssuer _issuer = null!;
    private TokenIssuer _otherIssuer = null!;
    private AdminBench _bench = null!;
    private string _editor = null!;
    private string _agent = null!;
    private int _issued;

    public async Task InitializeAsync()
    {
        (_server, _other) = (await RecordingServer.StartAsync(), await RecordingServer.StartAsync());
        (_issuer, _otherIssuer) = (await TokenIssuer.StartAsync(), await TokenIssuer.StartAsync());
        _issuer.Asked = _otherIssuer.Asked = () => Interlocked.Increment(ref _issued);
        _bench = await AdminBench.StartAsync();
        _editor = await _bench.KeyOfAsync("ed", "editor");
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
        await _other.DisposeAsync();
        await _issuer.DisposeAsync();
        await _otherIssuer.DisposeAsync();
    }

    [Theory]
    [InlineData("PUT", "scheme")]
    [InlineData("PUT", "host")]
    [InlineData("PUT", "port")]
    [InlineData("PUT", "path")]
    [InlineData("PUT", "query")]
    [InlineData("PATCH", "scheme")]
    [InlineData("PATCH", "host")]
    [InlineData("PATCH", "port")]
    [InlineData("PATCH", "path")]
    [InlineData("PATCH", "query")]
    [InlineData("PATCH", "header added")]
    [InlineData("PATCH", "header removed")]
    [InlineData("PATCH", "replica")]
    [InlineData("PATCH", "proxy")]
    [InlineData("PATCH", "proxy resolves")]
    [InlineData("PUT", "proxy")]
    public async Task A_header_is_detached_where_an_editor_changes_who_receives_it(string method, string what)
    {
        await ProvideAsync(Headers());

        var changed = await ChangeAsync(method, what, _editor);

        Assert.Equal((200, """["header X-Key"]"""),
            (changed.Status, changed.Json!["detachedCredentials"]?.ToJsonString()));
        await RefusesAsync("header X-Key");
    }

    [Theory]
    [InlineData("PUT", "host")]
    [InlineData("PUT", "port")]
    [InlineData("PATCH", "port")]
    [InlineData("PATCH", "query")]
    [InlineData("PATCH", "header added")]
    [InlineData("PATCH", "header removed")]
    [InlineData("PATCH", "replica")]
    [InlineData("PATCH", "proxy")]
    public async Task A_header_follows_a_change_of_its_receiver_by_an_operator_who_manages_secrets(
        string method, string what)
    {
        await ProvideAsync(Headers());

        var changed = await ChangeAsync(method, what, key: null);

        Assert.Equal((200, null), (changed.Status, changed.Json!["detachedCredentials"]));
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
        Assert.Equal(Key, Assert.Single(_server.Requests.Concat(_other.Requests)).Headers["X-Key"]);
    }

    [Fact]
    public async Task A_header_is_attached_again_where_the_replicas_and_the_proxy_are_put_back()
    {
        await ProvideAsync(Headers());
        await ChangeAsync("PATCH", "proxy", _editor);
        var moved = await ChangeAsync("PATCH", "replica", _editor);

        var back = await _bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["url"] = _server.Url, ["proxy"] = null }, "*", _editor);

        Assert.Equal([_server.Url, _other.Url], moved.Json!["urls"]!.AsArray().Select(static url => (string)url!));
        Assert.Equal("""{"url":"http://127.0.0.1:9","resolves":false}""", moved.Json["proxy"]!.ToJsonString());
        Assert.Equal((200, null, null, null),
            (back.Status, back.Json!["detachedCredentials"], back.Json["urls"], back.Json["proxy"]));
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
    }

    [Theory]
    [InlineData("PUT", "port")]
    [InlineData("PUT", "path")]
    [InlineData("PUT", "issuer")]
    [InlineData("PUT", "no issuer")]
    [InlineData("PUT", "headers given")]
    [InlineData("PATCH", "port")]
    [InlineData("PATCH", "issuer")]
    [InlineData("PATCH", "no issuer")]
    [InlineData("PATCH", "header added")]
    public async Task A_client_secret_is_detached_where_an_editor_changes_who_receives_it(string method, string what)
    {
        await ProvideAsync(Account());

        var changed = await ChangeAsync(method, what, _editor);

        Assert.Equal((200, """["OAuth client secret"]"""),
            (changed.Status, changed.Json!["detachedCredentials"]?.ToJsonString()));
        await RefusesAsync("OAuth client secret");
        Assert.Equal(0, _issued);
    }

    [Theory]
    [InlineData("PUT", "port")]
    [InlineData("PATCH", "issuer")]
    public async Task A_client_secret_follows_a_change_of_its_receiver_by_an_operator_who_manages_secrets(
        string method, string what)
    {
        await ProvideAsync(Account());

        var changed = await ChangeAsync(method, what, key: null);

        Assert.Equal((200, null), (changed.Status, changed.Json!["detachedCredentials"]));
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
        Assert.Equal(1, _issued);
    }

    [Theory]
    [InlineData("""{ "host": "crm.example.com" }""")]
    [InlineData("""{ "oauthPolicy": "limited" }""")]
    [InlineData("""{ "oauth": { "scope": "more" } }""")]
    [InlineData("{}")]
    public async Task What_does_not_decide_the_receiver_detaches_nothing(string patch)
    {
        var body = Account();
        body["headers"] = Headers()["headers"]!.DeepClone();
        await ProvideAsync(body);

        var changed = await _bench.SendAsync("PATCH", "servers/crm", JsonNode.Parse(patch), "*", _editor);

        Assert.Equal((200, null), (changed.Status, changed.Json!["detachedCredentials"]));
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
        Assert.Equal(Key, Assert.Single(_server.Requests).Headers["X-Key"]);
    }

    [Fact]
    public async Task The_credential_is_attached_again_where_the_receiver_is_put_back()
    {
        await ProvideAsync(Headers());
        await MoveAsync(_other.Url, _editor);
        await MoveAsync("http://127.0.0.1:1/mcp", key: null);

        var back = await MoveAsync(_server.Url.Replace("http://127", "HTTP://127", StringComparison.Ordinal), _editor);

        Assert.Null(back.Json!["detachedCredentials"]);
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
        Assert.Equal(Key, Assert.Single(_server.Requests).Headers["X-Key"]);
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task A_credential_that_was_moved_on_purpose_stays_where_it_was_moved()
    {
        await ProvideAsync(Headers());
        await MoveAsync(_other.Url, key: null);

        var back = await MoveAsync(_server.Url, _editor);

        Assert.NotNull(back.Json!["detachedCredentials"]);
        await RefusesAsync("header X-Key");
    }

    [Fact]
    public async Task A_change_of_something_else_approves_no_receiver()
    {
        await ProvideAsync(Headers());
        await MoveAsync(_other.Url, _editor);

        var patched = await _bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["host"] = "crm.example.com" }, "*");
        var replaced = await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = _other.Url }, "*");

        Assert.NotNull(patched.Json!["detachedCredentials"]);
        Assert.NotNull(replaced.Json!["detachedCredentials"]);
        await RefusesAsync("header X-Key");
    }

    [Fact]
    public async Task An_operator_with_the_credentials_enters_them_again_one_by_one()
    {
        var body = Account();
        body["headers"] = new JsonObject { ["X-Key"] = Key, ["X-Second"] = "second" };
        await ProvideAsync(body);
        var moved = await MoveAsync(_other.Url, _editor);
        Assert.Equal(3, moved.Json!["detachedCredentials"]!.AsArray().Count);

        await EnterAsync("""{ "headers": { "x-key": "mine" } }""");
        await RefusesAsync("header X-Second, OAuth client secret");
        await EnterAsync("""{ "headers": { "X-Second": "mine too" } }""");
        await RefusesAsync("OAuth client secret");
        var last = await EnterAsync($$"""{ "oauth": { "clientSecret": "{{TokenIssuer.Secret}}" } }""");

        Assert.Null(last.Json!["detachedCredentials"]);
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
        var sent = Assert.Single(_other.Requests).Headers;
        Assert.Equal(("mine", "mine too", "Bearer issued-1"), (sent["x-key"], sent["X-Second"], sent["Authorization"]));

        Task<AdminReply> EnterAsync(string patch) =>
            _bench.SendAsync("PATCH", "servers/crm", JsonNode.Parse(patch), "*", _editor);
    }

    [Fact]
    public async Task A_test_of_the_connection_sends_no_credential_elsewhere()
    {
        await ProvideAsync(Headers());
        var body = new JsonObject { ["url"] = _other.Url };

        var refused = await _bench.SendAsync("POST", "servers/crm/test", body, key: _editor);

        Assert.Equal((200, false), (refused.Status, (bool)refused.Json!["answers"]!));
        Assert.Contains(
            "must be entered again: header X-Key", (string?)refused.Json["problem"], StringComparison.Ordinal);
        Assert.Empty(_other.Requests);
        await _bench.SendAsync("POST", "servers/crm/test", body);
        Assert.Equal(Key, _other.Requests.First().Headers["X-Key"]);
    }

    [Fact]
    public async Task Another_name_has_no_credential()
    {
        await ProvideAsync(Headers());
        var shown = (await _bench.SendAsync("GET", "servers/crm")).Json!;

        var renamed = await _bench.SendAsync(
            "PUT", "servers/crm2", new JsonObject { ["url"] = (string?)shown["url"] }, key: _editor);

        Assert.Equal("[]", renamed.Json!["headerNames"]!.ToJsonString());
        await _bench.SendAsync("POST", "servers/crm2/test", new JsonObject { ["url"] = _server.Url }, key: _editor);
        Assert.All(_server.Requests, static one => Assert.False(one.Headers.ContainsKey("X-Key")));
    }

    [Fact]
    public async Task An_older_version_of_the_history_brings_no_credential_back()
    {
        await ProvideAsync(Headers());
        await MoveAsync(_other.Url, key: null);
        var history = (await _bench.SendAsync("GET", "history?object=servers/crm")).Json!["items"]!.AsArray();
        var before = history[0]!["before"]!;

        var restored = await _bench.SendAsync("POST", $"servers/crm/versions/{history[1]!["version"]}/restore",
            ifMatch: "*", key: _editor);
        var written = await MoveAsync((string)before["url"]!, _editor);

        Assert.Equal(404, restored.Status);
        Assert.DoesNotContain(Key, history.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(written.Json!["detachedCredentials"]);
        await RefusesAsync("header X-Key");
    }

    [Fact]
    public async Task A_server_that_was_removed_leaves_no_credential()
    {
        await ProvideAsync(Headers());
        await _bench.SendAsync("DELETE", "grants/bot", ifMatch: "*");
        await _bench.SendAsync("DELETE", "servers/crm", ifMatch: "*", key: _editor);

        var made = await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = _server.Url }, key: _editor);

        Assert.Equal((201, "[]"), (made.Status, made.Json!["headerNames"]!.ToJsonString()));
    }

    [Fact]
    public async Task The_record_and_the_command_line_show_what_must_be_entered_again()
    {
        await ProvideAsync(Headers());
        var admin = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
        var editor = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _editor);

        var moved = await editor.RunAsync("server", "set", "crm", "--url", _other.Url);
        var listed = await admin.RunAsync("server", "list");
        var shown = await admin.RunAsync("server", "show", "crm");
        var inspected = await admin.RunAsync("server", "inspect", "crm");
        var entered = await editor.RunAsync("server", "set", "crm", "--header", "X-Key: mine");

        Assert.Contains("must be entered again: header X-Key", moved.Output, StringComparison.Ordinal);
        Assert.Contains("credential must be entered again", listed.Output, StringComparison.Ordinal);
        Assert.Contains("must be entered again: header X-Key", shown.Output, StringComparison.Ordinal);
        Assert.Contains("must be entered again: header X-Key", inspected.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, inspected.ExitCode);
        Assert.Equal(0, entered.ExitCode);
        Assert.Equal((200, false), await _bench.CallAsync(_agent));
        Assert.Contains(_bench.Changes(), static one => one.GetProperty("action").GetString() == "patch"
            && one.GetProperty("after").TryGetProperty("detachedCredentials", out _));
    }

    private JsonObject Headers() => new()
    {
        ["url"] = _server.Url,
        ["headers"] = new JsonObject { ["X-Key"] = Key },
    };

    private JsonObject Account() => new()
    {
        ["url"] = _server.Url,
        ["oauth"] = new JsonObject
        {
            ["clientId"] = "gw",
            ["clientSecret"] = TokenIssuer.Secret,
            ["issuer"] = _issuer.Issuer,
        },
    };

    private async Task ProvideAsync(JsonObject server)
    {
        Assert.Equal(201, (await _bench.SendAsync("PUT", "servers/crm", server)).Status);
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited));
        _agent = (string)(await _bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"))).Json!["token"]!;
    }

    private Task<AdminReply> MoveAsync(string url, string? key) =>
        _bench.SendAsync("PATCH", "servers/crm", new JsonObject { ["url"] = url }, "*", key);

    private async Task<AdminReply> ChangeAsync(string method, string what, string? key)
    {
        if (what == "header removed")
        {
            var two = new JsonObject { ["headers"] = new JsonObject { ["X-Second"] = "second" } };
            await _bench.SendAsync("PATCH", "servers/crm", two, "*");
        }

        var change = Change(what);
        if (method == "PUT")
            change.TryAdd("url", _server.Url);
        return await _bench.SendAsync(method, "servers/crm", change, "*", key);
    }

    private JsonObject Change(string what) => what switch
    {
        "scheme" => new() { ["url"] = _server.Url.Replace("http:", "https:", StringComparison.Ordinal) },
        "host" => new() { ["url"] = _server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) },
        "port" => new() { ["url"] = _other.Url },
        "path" => new() { ["url"] = _server.Url + "/tenant" },
        "query" => new() { ["url"] = _server.Url + "?tenant=other" },
        "header added" => new() { ["headers"] = new JsonObject { ["X-Forwarded-Host"] = "evil.example" } },
        "headers given" => new() { ["headers"] = new JsonObject { ["X-Forwarded-Host"] = "evil.example" } },
        "header removed" => new() { ["headers"] = new JsonObject { ["X-Second"] = null } },
        "replica" => new() { ["urls"] = new JsonArray(_server.Url, _other.Url) },
        "proxy" => new() { ["proxy"] = new JsonObject { ["url"] = "http://127.0.0.1:9" } },
        "proxy resolves" => new() { ["proxy"] = new JsonObject { ["resolves"] = true } },
        "issuer" => Issued(_otherIssuer.Issuer),
        "no issuer" => Issued(null),
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static JsonObject Issued(string? issuer) =>
        new() { ["oauth"] = new JsonObject { ["clientId"] = "gw", ["issuer"] = issuer } };

    /// <summary>A call is refused with 502 and the missing credential, and no server receives anything.</summary>
    private async Task RefusesAsync(string missing)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/crm")
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_customers","arguments":{}}}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_agent}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await _bench.Client.SendAsync(request);
        var message = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!
            ["message"]!.GetValue<string>();

        Assert.Equal(502, (int)answer.StatusCode);
        Assert.Contains($"must be entered again: {missing}. ", message, StringComparison.Ordinal);
        Assert.Contains("was not counted", message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
        Assert.Empty(_other.Requests);
    }
}
