namespace Gateway.Server.Tests.Operators;

/// <summary>Signing in with a password, and what wrong ones cost.</summary>
public sealed class SignInTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private AdminBench _bench = null!;
    private OperatorBrowser _browser = null!;

    private Uri Address => new(_bench.Host.Addresses[0]);

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(time: _time);
        await _bench.SendAsync("POST", "operators", Ana("ana", "editor"));
        _browser = new OperatorBrowser(Address);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Gives_a_session_that_changes_things_with_the_page_s_own_header_only()
    {
        var (status, signedIn) = await _browser.SignInAsync("ana", Password);

        Assert.Equal((201, "session"), (status, (string?)signedIn!["who"]!["via"]));
        var session = Assert.Single(_browser.SetCookies, static one => one.StartsWith("gateway-session="));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", session, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", session, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(200, (await _browser.SendAsync("GET", "grants")).Status);
        Assert.Equal(200, (await _browser.SendAsync("POST", "pause")).Status);

        var csrf = _browser.Csrf;
        foreach (var wrong in (string?[])[null, "", "x", csrf + "x"])
        {
            _browser.Csrf = wrong;
            Assert.Equal(400, (await _browser.SendAsync("POST", "resume")).Status);
        }

        _browser.Csrf = (string?)(await _browser.SendAsync("GET", "session")).Json!["csrf"];
        Assert.Equal(200, (await _browser.SendAsync("POST", "resume")).Status);
        Assert.Equal("ana", _bench.Changes()[^1].GetProperty("by").GetString());
    }

    [Fact]
    public async Task Takes_the_header_of_no_other_session()
    {
        await _browser.SignInAsync("ana", Password);
        using var other = new OperatorBrowser(Address);
        await other.SignInAsync("ana", Password);

        _browser.Csrf = other.Csrf;

        Assert.Equal(400, (await _browser.SendAsync("POST", "pause")).Status);
    }

    [Fact]
    public async Task Answers_a_wrong_password_an_unknown_name_and_a_disabled_account_alike()
    {
        await _bench.SendAsync("POST", "operators", Ana("ben", "viewer"));
        await _bench.SendAsync("POST", "operators/ben/disable");
        await _bench.KeyOfAsync("without", "viewer");
        var answers = new List<string>();

        foreach (var (name, password) in new[]
        {
            ("ana", "wrong"), ("nobody", Password), ("ben", Password), ("without", Password), ("", ""),
        })
        {
            var (status, json) = await _browser.SignInAsync(name, password);
            Assert.Equal((name, 401), (name, status));
            answers.Add(json!.ToJsonString());
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(401, (await _browser.SendAsync("GET", "session")).Status);
    }

    [Theory]
    [InlineData("ana")]
    [InlineData("nobody")]
    public async Task Looks_at_no_further_password_after_six_wrong_ones_and_at_the_right_one_no_sooner(string name)
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => _browser.SignInAsync(name, $"guess-{i}")));

        Assert.Equal(6, answers.Count(static answer => answer.Status == 401));
        Assert.Equal(6, answers.Count(static answer => answer.Status == 429));
        Assert.Equal(429, (await _browser.SignInAsync("ana", Password)).Status);
        // Wrong passwords do not lock out the keys of the same address.
        Assert.Equal(200, (await _bench.SendAsync("GET", "grants")).Status);
        _time.Jump(TimeSpan.FromSeconds(1));
        Assert.Equal(201, (await _browser.SignInAsync("ana", Password)).Status);
    }

    [LinuxFact]
    public async Task Holds_the_account_at_every_address_and_others_at_none()
    {
        await _bench.SendAsync("POST", "operators", Ana("ben", "viewer"));
        foreach (var from in (string[])["127.0.0.2", "127.0.0.3", "127.0.0.4"])
        {
            using var guesser = From(from);
            for (var i = 0; i < 2; i++)
                Assert.Equal(401, (await guesser.SignInAsync("ana", "wrong")).Status);
        }

        Assert.Equal(429, (await _browser.SignInAsync("ana", Password)).Status);
        Assert.Equal(201, (await _browser.SignInAsync("ben", Password)).Status);
    }

    [Fact]
    public async Task Makes_a_key_in_place_of_a_session_for_who_is_no_browser()
    {
        var body = new JsonObject
        {
            ["name"] = "ana",
            ["password"] = Password,
            ["key"] = new JsonObject { ["name"] = "cli", ["roles"] = new JsonArray("viewer") },
        };

        var (status, made) = await _browser.SendAsync("POST", "session", body);

        Assert.Equal((201, 0), (status, _browser.SetCookies.Count));
        var key = (string)made!["key"]!;
        Assert.Equal(200, (await _bench.SendAsync("GET", "grants", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("POST", "pause", key: key)).Status);
        body["key"]!["roles"] = new JsonArray("admin");
        Assert.Equal(422, (await _browser.SendAsync("POST", "session", body)).Status);
    }

    [Fact]
    public async Task Changes_the_own_password_and_signs_out_every_other_browser()
    {
        const string another = "another sentence of mine";
        await _browser.SignInAsync("ana", Password);
        using var other = new OperatorBrowser(Address);
        await other.SignInAsync("ana", Password);

        var (wrong, _) = await ChangeAsync("not the password", another);
        var (weak, _) = await ChangeAsync(Password, "too short");
        var (changed, _) = await ChangeAsync(Password, another);

        Assert.Equal((401, 422, 204), (wrong, weak, changed));
        Assert.Equal(200, (await _browser.SendAsync("GET", "session")).Status);
        Assert.Equal(401, (await other.SendAsync("GET", "session")).Status);
        Assert.Equal(401, (await other.SignInAsync("ana", Password)).Status);
        Assert.Equal(201, (await other.SignInAsync("ana", another)).Status);
    }

    [Fact]
    public async Task Is_on_record()
    {
        await _browser.SignInAsync("ana", Password);
        await _browser.SendAsync("DELETE", "session");

        Assert.Equal(["ana sign-in", "ana sign-out"], AuditTrail.Read(Path.Combine(_bench.Folder, "data", "audit"))
            .Where(static record => record.GetProperty("kind").GetString() == "access"
                && record.GetProperty("by").GetString() == "ana")
            .Select(static record => $"{record.GetProperty("by")} {record.GetProperty("action")}"));
    }

    private Task<(int Status, JsonNode? Json)> ChangeAsync(string current, string password) => _browser.SendAsync(
        "POST", "session/password", new JsonObject { ["current"] = current, ["password"] = password });

    private OperatorBrowser From(string address) => new(Address, new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static JsonObject Ana(string name, string role) => new()
    {
        ["name"] = name,
        ["roles"] = new JsonArray(role),
        ["password"] = Password,
    };
}
