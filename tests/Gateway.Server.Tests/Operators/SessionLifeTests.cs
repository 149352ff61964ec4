using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Server.Tests.Operators;

/// <summary>How long a signed-in browser stays so.</summary>
public sealed class SessionLifeTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private AdminBench _bench = null!;
    private OperatorBrowser _browser = null!;

    private Uri Address => new(_bench.Host.Addresses[0]);

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(time: _time);
        await _bench.SendAsync("POST", "operators", Ana());
        _browser = new OperatorBrowser(Address);
        Assert.Equal(201, (await _browser.SignInAsync("ana", Password)).Status);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Ends_after_an_hour_without_a_request()
    {
        _time.Jump(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await _browser.SendAsync("GET", "session")).Status);
        await SeenLaterAsync(_time.GetUtcNow().AddMinutes(-1));
        _time.Jump(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await _browser.SendAsync("GET", "session")).Status);
        await SeenLaterAsync(_time.GetUtcNow().AddMinutes(-1));

        _time.Jump(TimeSpan.FromMinutes(61));

        Assert.Equal(401, (await _browser.SendAsync("GET", "session")).Status);
    }

    [Fact]
    public async Task Ends_after_twelve_hours_however_much_it_is_used()
    {
        for (var i = 0; i < 23; i++)
        {
            _time.Jump(TimeSpan.FromMinutes(31));
            Assert.Equal(200, (await _browser.SendAsync("GET", "session")).Status);
            await SeenLaterAsync(_time.GetUtcNow().AddMinutes(-1));
        }

        _time.Jump(TimeSpan.FromMinutes(10));

        Assert.Equal(401, (await _browser.SendAsync("GET", "session")).Status);
    }

    [Fact]
    public async Task Ends_when_it_is_signed_out_or_revoked_and_its_cookie_opens_nothing_again()
    {
        using var other = new OperatorBrowser(Address);
        await other.SignInAsync("ana", Password);
        var listed = (await _browser.SendAsync("GET", "sessions")).Json!["items"]!.AsArray();
        Assert.Equal(2, listed.Count);
        var others = listed.Single(static one => !(bool)one!["isThis"]!)!;

        Assert.Equal(204, (await _browser.SendAsync("DELETE", $"sessions/{others["id"]}")).Status);
        Assert.Equal(401, (await other.SendAsync("GET", "session")).Status);
        Assert.Equal(204, (await _browser.SendAsync("DELETE", "session")).Status);
        Assert.Equal(401, (await _browser.SendAsync("GET", "session")).Status);
    }

    [Fact]
    public async Task Sees_and_ends_no_session_of_others_unless_an_administrator_does()
    {
        var ben = await _bench.KeyOfAsync("ben", "editor");
        var id = (string)(await _browser.SendAsync("GET", "sessions")).Json!["items"]![0]!["id"]!;

        Assert.Empty((await _bench.SendAsync("GET", "sessions", key: ben)).Json!["items"]!.AsArray());
        Assert.Equal(404, (await _bench.SendAsync("DELETE", $"sessions/{id}", key: ben)).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", $"sessions/{id}")).Status);
        Assert.Equal(401, (await _browser.SendAsync("GET", "session")).Status);
    }

    [Fact]
    public async Task Has_what_the_account_may_now()
    {
        Assert.Equal(200, (await _browser.SendAsync("GET", "operators")).Status);

        await _bench.SendAsync(
            "PUT", "operators/ana", new JsonObject { ["roles"] = new JsonArray("viewer") }, ifMatch: "*");

        Assert.Equal(403, (await _browser.SendAsync("GET", "operators")).Status);
        Assert.Equal(200, (await _browser.SendAsync("GET", "grants")).Status);
        await _bench.SendAsync("POST", "operators/ana/disable");
        Assert.Equal(401, (await _browser.SendAsync("GET", "grants")).Status);
        await _bench.SendAsync("DELETE", "operators/ana", ifMatch: "*");
        await _bench.SendAsync("POST", "operators", Ana());
        Assert.Equal(401, (await _browser.SendAsync("GET", "grants")).Status);
    }

    [Fact]
    public async Task Makes_room_for_the_twenty_first_browser()
    {
        var browsers = new List<OperatorBrowser>();
        for (var i = 0; i < 20; i++)
        {
            _time.Jump(TimeSpan.FromSeconds(1));
            var browser = new OperatorBrowser(Address);
            browsers.Add(browser);
            Assert.Equal(201, (await browser.SignInAsync("ana", Password)).Status);
        }

        Assert.Equal(401, (await _browser.SendAsync("GET", "session")).Status);
        Assert.Equal(200, (await browsers[0].SendAsync("GET", "session")).Status);
        Assert.Equal(20, (await _bench.SendAsync("GET", "sessions")).Json!["items"]!.AsArray().Count);
        browsers.ForEach(static browser => browser.Dispose());
    }

    [Fact]
    public async Task Goes_on_over_a_restart_and_over_TLS_by_a_name_that_no_other_host_can_set()
    {
        using var folder = new TestFolder("gateway-admin-");
        var certificate = new TestCertificate(folder.Path);
        certificate.Write("one");
        var cookies = new CookieContainer();
        var key = "";
        string? csrf;
        await using (var host = await StartAsync(folder, certificate, made => key = made))
        {
            using var browser = Browser(host, cookies);
            await PostAsync(host, key, Ana());
            Assert.Equal(201, (await browser.SignInAsync("ana", Password)).Status);
            csrf = browser.Csrf;
            var cookie = Assert.Single(
                browser.SetCookies, static one => one.StartsWith("__Host-gateway-session="));
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        }

        await using (var host = await StartAsync(folder, certificate, made => key = made))
        {
            using var browser = Browser(host, cookies);
            browser.Csrf = csrf;
            Assert.Equal(200, (await browser.SendAsync("POST", "pause")).Status);
        }
    }

    private static OperatorBrowser Browser(GatewayHost host, CookieContainer cookies)
    {
        var handler = TestCertificate.Handler();
        handler.CookieContainer = cookies;
        return new OperatorBrowser(new Uri(host.Addresses[0]), handler);
    }

    private static async Task PostAsync(GatewayHost host, string key, JsonObject body)
    {
        using var client = new HttpClient(TestCertificate.Handler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync(new Uri($"{host.Addresses[0]}/api/v1/operators"), content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static Task<GatewayHost> StartAsync(
        TestFolder folder, TestCertificate certificate, Action<string> showKey) => GatewayHost.StartAsync(
        new GatewayHostOptions
        {
            DataDirectory = Path.Combine(folder.Path, "data"),
            Listen = ["https://127.0.0.1:0"],
            Tls = new TlsFiles(certificate.Certificate, certificate.Key),
            Quiet = true,
            ShowAdminKey = showKey,
        },
        CancellationToken.None);

    /// <summary>The session's end is moved on in the background.</summary>
    private Task SeenLaterAsync(DateTimeOffset than) => Soon.UntilAsync(async () =>
    {
        var seen = (await _bench.SendAsync("GET", "sessions")).Json!["items"]!.AsArray();
        return seen.Any(one => (DateTimeOffset)one!["seen"]! >= than);
    }, "the session was seen");

    private static JsonObject Ana() => new()
    {
        ["name"] = "ana",
        ["roles"] = new JsonArray("admin"),
        ["password"] = Password,
    };
}
