using System.Buffers.Text;

namespace Gateway.Server.Tests.Operators;

/// <summary>Adding passkeys and signing in with them, and everything that must not let anybody in.</summary>
public sealed class PasskeyTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private readonly CookieContainer _jar = new();
    private AdminBench _bench = null!;
    private OperatorBrowser _browser = null!;
    private SoftAuthenticator _authenticator = null!;

    /// <summary>Passkeys belong to names.</summary>
    private Uri Address => new(_bench.Host.Addresses[0].Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    private string Origin => Address.GetLeftPart(UriPartial.Authority);

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(time: _time);
        foreach (var (name, role) in ((string, string)[])[("ana", "editor"), ("ben", "viewer")])
        {
            await _bench.SendAsync("POST", "operators", new JsonObject
            {
                ["name"] = name,
                ["roles"] = new JsonArray(role),
                ["password"] = Password,
            });
        }

        _browser = NewBrowser(_jar);
        _authenticator = new SoftAuthenticator { Origin = Origin };
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose()
    {
        _browser.Dispose();
        _authenticator.Dispose();
    }

    [Fact]
    public async Task Is_added_by_a_signed_in_browser_and_signs_in_without_a_name()
    {
        Assert.False((bool)(await _browser.SendAsync("GET", "session/ways")).Json!["passkey"]!);
        await AddAsync();
        using var other = NewBrowser();

        Assert.True((bool)(await other.SendAsync("GET", "session/ways")).Json!["passkey"]!);
        var (status, signedIn) = await SignInAsync(other);

        Assert.Equal((201, "ana", "session"), (
            status, (string?)signedIn!["who"]!["name"], (string?)signedIn["who"]!["via"]));
        Assert.Contains(other.SetCookies, static one => one.StartsWith("gateway-session="));
        Assert.Equal(200, (await other.SendAsync("GET", "grants")).Status);
        var listed = Assert.Single((await other.SendAsync("GET", "operators/ana/passkeys")).Json!["items"]!.AsArray());
        Assert.Equal(("laptop", "localhost"), ((string?)listed!["name"], (string?)listed["domain"]));
        Assert.NotNull(listed["lastUsed"]);
        var added = _bench.Changes()[^1];
        Assert.Equal(("ana", "add passkey laptop"), (
            added.GetProperty("by").GetString(), added.GetProperty("action").GetString()));
        var history = await _bench.SendAsync("GET", "history?object=passkeys/ana");
        Assert.Equal("add passkey laptop", (string?)history.Json!["items"]![0]!["action"]);
    }

    [Fact]
    public async Task Asks_with_everything_the_sign_in_needs()
    {
        await _browser.SignInAsync("ana", Password);

        var made = (await _browser.SendAsync("POST", "session/passkeys/options")).Json!;
        var cookie = Assert.Single(_browser.SetCookies, static one => one.StartsWith("gateway-passkey="));
        var asked = (await _browser.SendAsync("POST", "session/passkey/options")).Json!;

        Assert.Equal(("localhost", "ana", "required", "required"), (
            (string?)made["rp"]!["id"], (string?)made["user"]!["name"],
            (string?)made["authenticatorSelection"]!["residentKey"],
            (string?)made["authenticatorSelection"]!["userVerification"]));
        Assert.Equal(("localhost", "required"), ((string?)asked["rpId"], (string?)asked["userVerification"]));
        Assert.Empty(asked["allowCredentials"]?.AsArray() ?? []);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("another port")]
    [InlineData("a frame of another site")]
    [InlineData("another domain")]
    [InlineData("a registration in place of a sign-in")]
    [InlineData("another challenge")]
    [InlineData("nobody verified")]
    [InlineData("another's account")]
    [InlineData("an unknown account")]
    [InlineData("no account")]
    [InlineData("a signature of another key")]
    [InlineData("a counter that stands still")]
    [InlineData("a counter that went back")]
    [InlineData("nothing")]
    public async Task Lets_nobody_in_with(string wrong)
    {
        _authenticator.SignCount = 7;
        await AddAsync();
        using var other = NewBrowser();
        using var otherAuthenticator = new SoftAuthenticator(wrong == "another domain" ? "evil.example" : "localhost")
        {
            Origin = Origin,
        };
        var asked = (await other.SendAsync("POST", "session/passkey/options")).Json!;
        var credential = Wrong(wrong, asked, otherAuthenticator);

        var (status, json) = await other.SendAsync(
            "POST", "session/passkey", new JsonObject { ["credential"] = credential });

        Assert.Equal((401, "Not signed in"), (status, (string?)json!["title"]));
        Assert.Equal(401, (await other.SendAsync("GET", "session")).Status);
        // The passkey itself is as good as before.
        (_authenticator.Origin, _authenticator.SignCount, _authenticator.IsCrossOrigin) = (Origin, 50, false);
        (_authenticator.IsVerified, _authenticator.UserHandle) = (true, IdOf("ana"));
        Assert.Equal(201, (await SignInAsync(other)).Status);
    }

    [Fact]
    public async Task A_challenge_is_accepted_once_despite_concurrent_replays()
    {
        await AddAsync();
        var jar = new CookieContainer();
        using var other = NewBrowser(jar);
        var asked = (await other.SendAsync("POST", "session/passkey/options")).Json!;
        var body = new JsonObject { ["credential"] = _authenticator.Get(asked) };
        var cookies = jar.GetCookieHeader(Address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync(cookies, body)));

        Assert.Equal([201, 401, 401, 401, 401, 401], answers.Order());
        // A counter that would pass does not make the challenge new.
        body = new JsonObject { ["credential"] = _authenticator.Get(asked) };
        Assert.Equal(401, await SendAsync(cookies, body));
    }

    [Fact]
    public async Task Answers_within_five_minutes_and_only_what_the_browser_was_asked()
    {
        await AddAsync();
        using var other = NewBrowser();
        var asked = (await other.SendAsync("POST", "session/passkey/options")).Json!;
        _time.Jump(TimeSpan.FromMinutes(5));
        var late = new JsonObject { ["credential"] = _authenticator.Get(asked) };

        Assert.Equal(401, (await other.SendAsync("POST", "session/passkey", late)).Status);
        using var third = NewBrowser();
        asked = (await other.SendAsync("POST", "session/passkey/options")).Json!;
        var stolen = new JsonObject { ["credential"] = _authenticator.Get(asked) };
        Assert.Equal(401, (await third.SendAsync("POST", "session/passkey", stolen)).Status);
        Assert.Equal(201, (await SignInAsync(other)).Status);
    }

    [Theory]
    [InlineData("""{}""", 400)]
    [InlineData("""{ "credential": null }""", 401)]
    [InlineData("""{ "credential": "x" }""", 401)]
    [InlineData("""{ "credential": { "id": 7 } }""", 401)]
    [InlineData("""{ "credential": { "id": "AA", "rawId": "AA", "type": "public-key", "response": {} } }""", 401)]
    [InlineData("""{ "credential": {}, "name": "ana" }""", 400)]
    public async Task Takes_no_body_of_another_form(string body, int status)
    {
        await AddAsync();
        using var other = NewBrowser();
        await other.SendAsync("POST", "session/passkey/options");

        Assert.Equal(status, (await other.SendAsync("POST", "session/passkey", JsonNode.Parse(body))).Status);
        Assert.Equal(401, (await other.SendAsync("GET", "session")).Status);
    }

    [Fact]
    public async Task Opens_nothing_once_it_is_removed_or_its_account_disabled_and_the_other_browsers_are_signed_out()
    {
        await AddAsync();
        using var other = NewBrowser();
        Assert.Equal(201, (await SignInAsync(other)).Status);
        await _bench.SendAsync("POST", "operators/ana/disable");
        Assert.Equal(401, (await SignInAsync(other)).Status);
        await _bench.SendAsync("POST", "operators/ana/enable");
        Assert.Equal(201, (await SignInAsync(other)).Status);

        Assert.Equal(204, (await _browser.SendAsync("DELETE", "operators/ana/passkeys/laptop")).Status);

        Assert.Equal(401, (await other.SendAsync("GET", "session")).Status);
        Assert.Equal(401, (await SignInAsync(other)).Status);
        Assert.Equal(200, (await _browser.SendAsync("GET", "session")).Status);
        Assert.Equal(404, (await _browser.SendAsync("DELETE", "operators/ana/passkeys/laptop")).Status);
    }

    [Fact]
    public async Task Belongs_to_no_later_account_of_the_name()
    {
        await AddAsync();
        var version = (await _bench.SendAsync("GET", "operators/ana")).ETag;
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/ana", ifMatch: version)).Status);
        await _bench.KeyOfAsync("ana", "admin");
        using var other = NewBrowser();

        Assert.Equal(401, (await SignInAsync(other)).Status);
        Assert.Empty((await _bench.SendAsync("GET", "operators/ana/passkeys")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task Is_seen_and_removed_by_its_owner_and_administrators_alone()
    {
        await AddAsync();
        using var ben = NewBrowser();
        await ben.SignInAsync("ben", Password);

        Assert.Equal(403, (await ben.SendAsync("GET", "operators/ana/passkeys")).Status);
        Assert.Equal(403, (await ben.SendAsync("DELETE", "operators/ana/passkeys/laptop")).Status);
        Assert.Equal(200, (await _bench.SendAsync("GET", "operators/ana/passkeys")).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/ana/passkeys/laptop")).Status);
    }

    [Fact]
    public async Task Is_made_with_no_key_which_may_have_fewer_roles()
    {
        var key = await _bench.KeyOfAsync("cleo", "editor");

        Assert.Equal(403, (await _bench.SendAsync("POST", "session/passkeys/options", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("POST", "session/passkeys/options")).Status);
    }

    [Fact]
    public async Task Is_not_added_by_another_session_from_another_origin_twice_or_without_a_name()
    {
        await _browser.SignInAsync("ana", Password);
        var asked = await OptionsAsync();
        using var again = NewBrowser(_jar);
        await again.SignInAsync("ana", Password);
        Assert.Equal(422, (await AddAsync(again, "laptop", _authenticator.Create(asked))).Status);

        _browser.Csrf = again.Csrf;
        asked = await OptionsAsync();
        _authenticator.Origin = "https://localhost.evil.example";
        Assert.Equal(422, (await AddAsync(_browser, "laptop", _authenticator.Create(asked))).Status);
        _authenticator.Origin = Origin;
        asked = await OptionsAsync();
        Assert.Equal(422, (await AddAsync(_browser, "not a name", _authenticator.Create(asked))).Status);
        asked = await OptionsAsync();
        var cookie = _jar.GetAllCookies().Single(static one => one.Name == "gateway-passkey").Value;
        Assert.Equal(201, (await AddAsync(_browser, "laptop", _authenticator.Create(asked))).Status);
        await _browser.SendAsync("DELETE", "operators/ana/passkeys/laptop");

        // Whoever has seen the answer cannot bring the removed one back.
        _jar.Add(Address, new Cookie("gateway-passkey", cookie));
        Assert.Equal(422, (await AddAsync(_browser, "laptop", _authenticator.Create(asked))).Status);
        Assert.Equal(201, (await AddAsync(_browser, "laptop", _authenticator.Create(await OptionsAsync()))).Status);
        Assert.Equal(422, (await AddAsync(_browser, "second", _authenticator.Create(await OptionsAsync()))).Status);
    }

    [Fact]
    public async Task Is_refused_where_the_page_is_opened_by_an_address_and_beyond_ten()
    {
        using var numeric = new OperatorBrowser(new Uri(_bench.Host.Addresses[0]));
        await numeric.SignInAsync("ana", Password);
        var refused = await numeric.SendAsync("POST", "session/passkeys/options");
        Assert.Equal(409, refused.Status);
        Assert.Contains("by its host name", (string?)refused.Json!["detail"], StringComparison.Ordinal);

        await _browser.SignInAsync("ana", Password);
        for (var i = 0; i < 10; i++)
        {
            using var one = new SoftAuthenticator { Origin = Origin };
            Assert.Equal(201, (await AddAsync(_browser, $"key-{i}", one.Create(await OptionsAsync()))).Status);
        }

        Assert.Equal(409, (await _browser.SendAsync("POST", "session/passkeys/options")).Status);
    }

    private JsonObject Wrong(string wrong, JsonNode asked, SoftAuthenticator otherAuthenticator)
    {
        var handle = _authenticator.UserHandle;
        switch (wrong)
        {
            case "another origin": _authenticator.Origin = "https://evil.example"; break;
            case "another port": _authenticator.Origin = "http://localhost:1"; break;
            case "a frame of another site": _authenticator.IsCrossOrigin = true; break;
            case "another challenge": asked["challenge"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; break;
            case "nobody verified": _authenticator.IsVerified = false; break;
            case "another's account": _authenticator.UserHandle = IdOf("ben"); break;
            case "an unknown account": _authenticator.UserHandle = "AAAA"; break;
            case "no account": _authenticator.UserHandle = null; break;
            case "a counter that stands still": _authenticator.SignCount = 6; break;
            case "a counter that went back": _authenticator.SignCount = 2; break;
            default: break;
        }

        if (wrong == "nothing")
            return [];
        if (wrong is not ("another domain" or "a signature of another key"))
        {
            var isMade = wrong.StartsWith("a registration", StringComparison.Ordinal);
            return _authenticator.Get(asked, isMade ? "webauthn.create" : "webauthn.get");
        }

        otherAuthenticator.UserHandle = handle;
        otherAuthenticator.SignCount = 100;
        var credential = otherAuthenticator.Get(asked);
        var own = _authenticator.Get(asked);
        (credential["id"], credential["rawId"]) = ((string)own["id"]!, (string)own["id"]!);
        return credential;
    }

    /// <summary>The account's id as the store has it, which is what a passkey says of it.</summary>
    private string IdOf(string name)
    {
        var file = Path.Combine(_bench.Folder, "data", "control", "operators", $"{name}.json");
        var id = (string)JsonNode.Parse(File.ReadAllText(file))!["content"]!["id"]!;
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id));
    }

    private OperatorBrowser NewBrowser(CookieContainer? jar = null) =>
        new(Address, new SocketsHttpHandler { UseProxy = false, CookieContainer = jar ?? new() });

    private async Task AddAsync()
    {
        await _browser.SignInAsync("ana", Password);
        var (status, json) = await AddAsync(_browser, "laptop", _authenticator.Create(await OptionsAsync()));
        Assert.True(status == 201, json?.ToJsonString());
    }

    private async Task<JsonNode> OptionsAsync()
    {
        var (status, json) = await _browser.SendAsync("POST", "session/passkeys/options");
        Assert.True(status == 200, json?.ToJsonString());
        return json!;
    }

    private static Task<(int Status, JsonNode? Json)> AddAsync(
        OperatorBrowser browser, string name, JsonObject credential) => browser.SendAsync(
            "POST", "session/passkeys", new JsonObject { ["name"] = name, ["credential"] = credential });

    private async Task<(int Status, JsonNode? Json)> SignInAsync(OperatorBrowser browser)
    {
        browser.Csrf = null;
        var asked = (await browser.SendAsync("POST", "session/passkey/options")).Json!;
        return await browser.SendAsync(
            "POST", "session/passkey", new JsonObject { ["credential"] = _authenticator.Get(asked) });
    }

    private async Task<int> SendAsync(string cookies, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/api/v1/session/passkey"))
        {
            Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("Cookie", cookies);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
