using System.Web;

namespace Gateway.Server.Tests.Operators;

/// <summary>Operators who sign in with an OpenID Connect provider.</summary>
public sealed class ProviderSignInTests : IAsyncLifetime
{
    private const string Start = "/api/v1/session/providers/company";
    private CompanyProvider _provider = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _provider = await CompanyProvider.StartAsync();
        await _provider.SetPersonAsync("s-1", "ana");
        _bench = await AdminBench.StartAsync(Config(_provider.Issuer));
    }

    public async Task DisposeAsync()
    {
        if (_bench is null)
            return;
        await _bench.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [NodeFact]
    public async Task The_sign_in_methods_are_public()
    {
        using var browser = Browser();

        var ways = JsonNode.Parse(await browser.GetStringAsync("/api/v1/session/ways"));

        Assert.Equal(
            """
            {"password":true,"passkey":false,"providers":[{"name":"company","displayName":"Company login",
            "path":"session/providers/company"}]}
            """.ReplaceLineEndings(""),
            ways!.ToJsonString());
    }

    [NodeFact]
    public async Task Makes_an_account_with_the_roles_of_the_claims_and_signs_the_browser_in()
    {
        await _provider.SetPersonAsync("s-1", "ana", "admins", "crm-team", "unknown");
        using var browser = Browser();

        var back = await SignInAsync(browser, "/console/?a=b");

        Assert.Equal((303, "/console/?a=b"), (back.Status, back.Location));
        var who = await WhoAsync(browser);
        Assert.Equal(("ana", "The person ana", "session"),
            ((string?)who!["name"], (string?)who["displayName"], (string?)who["via"]));
        Assert.Equal(["admin", "approver:crm", "viewer"], who["roles"]!.AsArray().Select(static one => (string?)one));
        var made = _bench.Changes().Single(static change => change.GetProperty("action").GetString() == "create");
        Assert.Equal("operators/ana", made.GetProperty("object").GetString());
        Assert.Equal("s-1", made.GetProperty("after").GetProperty("subject").GetString());

        await _provider.SetPersonAsync("s-1", "ana", "crm-team");
        await SignInAsync(browser);
        var history = (await _bench.SendAsync("GET", "history?object=operators/ana")).Json!["items"]!.AsArray();
        Assert.Equal(["roles", "create"], history.Select(static one => (string?)one!["action"]));
        Assert.Contains("admin", history[0]!["before"]!["roles"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("admin", history[0]!["after"]!["roles"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Who_comes_again_is_known_by_the_subject_alone()
    {
        using var browser = Browser();
        await SignInAsync(browser);
        await _provider.SetPersonAsync("s-1", "renamed");
        Assert.Equal(303, (await SignInAsync(browser)).Status);
        Assert.Equal("ana", (string?)(await WhoAsync(browser))!["name"]);

        await _provider.SetPersonAsync("s-2", "ana");
        Assert.Equal(303, (await SignInAsync(browser)).Status);

        Assert.Equal("ana-2", (string?)(await WhoAsync(browser))!["name"]);
    }

    [NodeFact]
    public async Task An_operator_of_the_same_name_is_not_taken_over_and_admin_is_nobody()
    {
        await _bench.KeyOfAsync("ana", "admin");
        using var browser = Browser();

        await SignInAsync(browser);

        Assert.Equal("ana-2", (string?)(await WhoAsync(browser))!["name"]);
        await _provider.SetPersonAsync("s-3", "admin@example.com");
        await SignInAsync(browser);
        Assert.Equal("admin-2", (string?)(await WhoAsync(browser))!["name"]);
    }

    [NodeFact]
    public async Task Roles_that_the_provider_gives_no_more_end_at_the_next_sign_in()
    {
        await _provider.SetPersonAsync("s-1", "ana", "admins");
        using var browser = Browser();
        await SignInAsync(browser);
        Assert.Equal(422, (await _bench.SendAsync(
            "PUT", "operators/ana", new JsonObject { ["roles"] = new JsonArray("viewer") }, ifMatch: "*")).Status);

        await _provider.SetPersonAsync("s-1", "ana");
        Assert.Equal(303, (await SignInAsync(browser)).Status);

        Assert.Equal(["viewer"], (await WhoAsync(browser))!["roles"]!.AsArray().Select(static one => (string?)one));
    }

    [NodeFact]
    public async Task Who_has_no_role_is_not_let_in_and_loses_the_roles_of_before()
    {
        await using var bench = await AdminBench.StartAsync(Config(_provider.Issuer, everybody: ""));
        using var browser = Browser(bench);
        await _provider.SetPersonAsync("s-1", "ana", "admins");
        Assert.Equal(303, (await SignInAsync(browser)).Status);
        await _provider.SetPersonAsync("s-1", "ana", "unknown");

        var back = await SignInAsync(browser);

        Assert.Equal(403, back.Status);
        Assert.Contains("No role", back.Html, StringComparison.Ordinal);
        Assert.Empty((await WhoAsync(browser))!["roles"]!.AsArray());
        await _provider.SetPersonAsync("s-9", "new");
        Assert.Equal(403, (await SignInAsync(browser)).Status);
        Assert.Single((await bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
    }

    [NodeFact]
    public async Task A_disabled_account_stays_out()
    {
        using var browser = Browser();
        await SignInAsync(browser);
        await _bench.SendAsync("POST", "operators/ana/disable");

        var back = await SignInAsync(browser);

        Assert.Equal(403, back.Status);
        Assert.Contains("disabled", back.Html, StringComparison.Ordinal);
        Assert.Null(await WhoAsync(browser));
    }

    [NodeFact]
    public async Task An_account_that_an_administrator_linked_keeps_its_roles_and_may_be_the_last_administrator()
    {
        JsonObject Linked(string name) => new()
        {
            ["name"] = name,
            ["roles"] = new JsonArray("admin"),
            ["identity"] = new JsonObject { ["issuer"] = _provider.Issuer, ["subject"] = "s-7" },
        };
        Assert.Equal(201, (await _bench.SendAsync("POST", "operators", Linked("zoe"))).Status);
        Assert.Equal(422, (await _bench.SendAsync("POST", "operators", Linked("twin"))).Status);
        await _provider.SetPersonAsync("s-7", "ana");
        using var browser = Browser();

        await SignInAsync(browser);

        var who = await WhoAsync(browser);
        Assert.Equal("zoe", (string?)who!["name"]);
        Assert.Equal(["admin"], who["roles"]!.AsArray().Select(static one => (string?)one));
        var shown = await _bench.SendAsync("GET", "operators/zoe");
        Assert.Equal("s-7", (string?)shown.Json!["identity"]!["subject"]);
        Assert.Equal(200, (await _bench.SendAsync("POST", "break-glass/disable")).Status);
    }

    [NodeFact]
    public async Task Another_browser_cannot_end_what_this_one_began_nor_this_one_twice()
    {
        using var browser = Browser();
        using var other = Browser();
        var back = await BeginAsync(browser);

        Assert.Equal(400, (await GetAsync(other, back)).Status);
        Assert.Null(await WhoAsync(other));
        Assert.Equal(400, (await GetAsync(browser, back.Replace("state=", "state=x"))).Status);
        Assert.Equal(303, (await GetAsync(browser, back)).Status);
        Assert.Equal(400, (await GetAsync(browser, back)).Status);
        Assert.Equal(400, (await GetAsync(browser, Start + "/callback")).Status);
        Assert.Equal(404, (await GetAsync(browser, "/api/v1/session/providers/other")).Status);
    }

    [NodeFact]
    public async Task A_provider_that_fails_lets_nobody_in_says_so_and_may_come_back()
    {
        using var browser = Browser();
        string[] faults =
        [
            "discovery", "issuer", "mix-up", "denied", "token", "no ID token", "token issuer", "audience", "nonce",
            "over", "userinfo", "subject", "huge", "unsigned", "None", "client secret", "public key as secret",
            "symmetric key", "encryption key", "other key", "key in header", "unknown key", "changed", "keys",
            "critical", "access token", "not yet", "no expiry", "duplicate", "azp", "no azp",
        ];
        foreach (var fault in faults)
        {
            await using var provider = await OpenIdProvider.StartAsync();
            await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "gateway.json"), Config(provider.Issuer));
            Assert.Equal(200, (await _bench.SendAsync("POST", "config/reload", new JsonObject())).Status);
            provider.Fault = fault;

            var back = await SignInAsync(browser);

            Assert.Equal((fault, fault == "denied" ? 403 : 502), (fault, back.Status));
            Assert.Contains("nobody was signed in", back.Html, StringComparison.OrdinalIgnoreCase);
            Assert.Null(await WhoAsync(browser));
            Assert.Empty((await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
            provider.Fault = null;
            await Soon.UntilAsync(
                async () => (await BeginAsync(browser)).Length > 0, "the provider came back, and nobody could begin");
        }
    }

    [NodeFact]
    public async Task Invited_person_gets_the_account_and_the_roles_of_the_invitation_once()
    {
        await _provider.SetPersonAsync("s-7", "benedict", "unknown");
        using var browser = Browser();
        var code = await InviteAsync("ben");

        var location = await StartAsync(browser, code);
        Assert.DoesNotContain(code, location, StringComparison.Ordinal);
        var back = await GetAsync(browser, await CompanyProvider.ReturnAsync(location));

        Assert.Equal((303, "/console/"), (back.Status, back.Location));
        var who = await WhoAsync(browser);
        Assert.Equal(("ben", "approver"), ((string?)who!["name"], (string?)who["roles"]![0]));
        // Later sign-ins keep the roles, because the invitation gave them, not the claims.
        Assert.Equal(303, (await SignInAsync(browser)).Status);
        Assert.Equal("approver", (string?)(await WhoAsync(browser))!["roles"]![0]);
        // The same person cannot accept a second account, and the link stays usable for somebody else.
        var second = await InviteAsync("cid");
        var refused = await GetAsync(browser, await CompanyProvider.ReturnAsync(await StartAsync(browser, second)));
        Assert.Equal(422, refused.Status);
        Assert.Contains("already linked", refused.Html, StringComparison.Ordinal);
        await _provider.SetPersonAsync("s-8", "cid");
        using var other = Browser();
        var accepted = await CompanyProvider.ReturnAsync(await StartAsync(other, second));
        Assert.Equal(303, (await GetAsync(other, accepted)).Status);
        Assert.Equal("cid", (string?)(await WhoAsync(other))!["name"]);
    }

    [NodeFact]
    public async Task Invitation_withdrawn_while_the_person_is_at_the_provider_admits_nobody()
    {
        await _provider.SetPersonAsync("s-7", "benedict", "unknown");
        using var browser = Browser();
        var location = await StartAsync(browser, await InviteAsync("ben"));
        await _bench.SendAsync("DELETE", "invitations/ben");

        var back = await GetAsync(browser, await CompanyProvider.ReturnAsync(location));

        Assert.Equal(403, back.Status);
        Assert.Contains("This link does not work", back.Html, StringComparison.Ordinal);
        Assert.Null(await WhoAsync(browser));
        Assert.Empty((await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
    }

    private async Task<string> InviteAsync(string name)
    {
        var made = await _bench.SendAsync(
            "POST", "invitations", new JsonObject { ["name"] = name, ["roles"] = new JsonArray("approver") });
        return ((string)made.Json!["link"]!).Split("code=")[1];
    }

    private static async Task<string> StartAsync(HttpClient browser, string code)
    {
        using var body = new StringContent(
            new JsonObject { ["code"] = code, ["provider"] = "company" }.ToJsonString(),
            new MediaTypeHeaderValue("application/json"));
        using var begun = await browser.PostAsync("/api/v1/session/invitation/provider", body);
        return (string)JsonNode.Parse(await begun.Content.ReadAsStringAsync())!["location"]!;
    }

    [NodeFact]
    public async Task Nobody_is_led_elsewhere()
    {
        using var browser = Browser();
        string[] offSite = ["https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com/", "evil", "/a b"];
        foreach (var next in offSite)
        {
            var answer = await GetAsync(browser, $"{Start}?return={Uri.EscapeDataString(next)}");

            Assert.Equal((next, 400, null), (next, answer.Status, answer.Location));
        }
    }

    [NodeFact]
    public async Task Works_behind_a_proxy_that_takes_a_path_away()
    {
        using var inner = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        });
        AdminBench? bench = null;
        await using var proxy = await LoopbackServer.StartAsync(async http =>
        {
            Assert.StartsWith("/ops/", http.Request.Path.Value, StringComparison.Ordinal);
            using var request = new HttpRequestMessage(
                HttpMethod.Get, bench!.Host.Addresses[0] + http.Request.Path.Value![4..] + http.Request.QueryString);
            if (http.Request.Headers.Cookie.Count > 0)
                request.Headers.Add("Cookie", (string)http.Request.Headers.Cookie!);
            using var answer = await inner.SendAsync(request);
            http.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Where(static one => one.Key != "Transfer-Encoding"))
                http.Response.Headers[name] = values.ToArray();
            await http.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
        });
        bench = await AdminBench.StartAsync(Config(_provider.Issuer, url: $"{proxy.Url}ops/"));
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = proxy.Url,
        };

        var (at, back) = await AskProviderAsync(browser, "/ops" + Start + "?return=/console/");
        var end = await GetAsync(browser, back);

        Assert.Equal($"{proxy.Url}ops{Start}/callback", HttpUtility.ParseQueryString(at.Query)["redirect_uri"]);
        Assert.Equal((303, "/ops/console/"), (end.Status, end.Location));
        Assert.Equal("ana", (string?)JsonNode.Parse(await browser.GetStringAsync("/ops/api/v1/session"))!["name"]);
        await bench.DisposeAsync();
    }

    private static string Config(string issuer, string everybody = "viewer", string? url = null)
    {
        var roles = new JsonObject
        {
            ["admins"] = new JsonArray("admin"),
            ["crm-team"] = new JsonArray("approver:crm", "viewer"),
        };
        if (everybody.Length > 0)
            roles["*"] = new JsonArray(everybody);
        var company = new JsonObject
        {
            ["issuer"] = issuer,
            ["clientId"] = OpenIdProvider.ClientId,
            ["clientSecret"] = OpenIdProvider.ClientSecret,
            ["displayName"] = "Company login",
            ["roles"] = roles,
        };
        return new JsonObject
        {
            ["admin"] = new JsonObject { ["url"] = url, ["providers"] = new JsonObject { ["company"] = company } },
        }.ToJsonString();
    }

    private HttpClient Browser(AdminBench? bench = null) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri((bench ?? _bench).Host.Addresses[0]),
        };

    private static async Task<(int Status, string Html, string? Location)> SignInAsync(
        HttpClient browser, string next = "/")
    {
        var begun = await GetAsync(browser, $"{Start}?return={Uri.EscapeDataString(next)}");
        return begun.Status != 303
            ? begun : await GetAsync(browser, await CompanyProvider.ReturnAsync(begun.Location!));
    }

    /// <summary>Where the provider sends the browser back to.</summary>
    private static async Task<string> BeginAsync(HttpClient browser) =>
        (await AskProviderAsync(browser, Start)).Back;

    private static async Task<(Uri At, string Back)> AskProviderAsync(HttpClient browser, string start)
    {
        var begun = await GetAsync(browser, start);
        if (begun.Status == 502)
            return (browser.BaseAddress!, "");
        Assert.Equal(303, begun.Status);
        return (new Uri(begun.Location!), await CompanyProvider.ReturnAsync(begun.Location!));
    }

    private static async Task<(int Status, string Html, string? Location)> GetAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
            answer.Headers.Location?.OriginalString);
    }

    private static async Task<JsonNode?> WhoAsync(HttpClient browser)
    {
        using var answer = await browser.GetAsync("/api/v1/session");
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync()) : null;
    }
}
