namespace Gateway.Server.Tests.Connect;

/// <summary>What is tried at the page that asks: each ends on the gateway's own page, with nobody let in.</summary>
public sealed class AuthorizeAttackTests : IAsyncLifetime
{
    private ConnectBench _bench = null!;
    private string _client = "";

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync();
        _client = await _bench.RegisterAsync(
            "Test Client", ConnectBench.Redirect, "http://127.0.0.1:8000/callback", "http://localhost/callback");
        await _bench.SignInAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("read write admin:everything")]
    [InlineData("openid profile email")]
    [InlineData("claudeai")]
    public async Task Claude_ai_asks_for_odd_scopes_and_is_given_what_there_is(string scope)
    {
        var pkce = new Pkce();
        var answer = await _bench.AllowAsync(_client, pkce, ("scope", scope));

        var (status, json) = await _bench.RedeemAsync(_client, answer["code"], pkce);

        Assert.Equal((200, "mcp"), (status, (string?)json["scope"]));
    }

    [Fact]
    public async Task A_form_of_another_site_or_another_browser_allows_nothing()
    {
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(_client, new Pkce()));
        using var other = _bench.NewBrowser();
        await _bench.SignInAsync(other);
        var theirs = await ConnectBench.PageAsync(other, ConnectBench.Question(_client, new Pkce()));

        // Without the page's own value, with another browser's, and with another browser's question.
        Assert.Equal(400, (await _bench.AnswerAsync(asked.Html, changes: ("csrf", ""))).Status);
        Assert.Equal(400, (await _bench.AnswerAsync(
            asked.Html, changes: ("csrf", ConnectBench.Field(theirs.Html, "csrf")))).Status);
        Assert.Equal(400, (await _bench.AnswerAsync(
            asked.Html, changes: ("request", ConnectBench.Field(theirs.Html, "request")))).Status);
        using var nobody = _bench.NewBrowser();
        Assert.Equal(401, (await _bench.AnswerAsync(asked.Html, browser: nobody)).Status);
        foreach (var (header, value) in ((string, string)[])
            [("Origin", "https://evil.example.com"), ("Sec-Fetch-Site", "cross-site")])
        {
            _bench.Browser.DefaultRequestHeaders.Add(header, value);
            Assert.Equal(400, (await _bench.AnswerAsync(asked.Html)).Status);
            _bench.Browser.DefaultRequestHeaders.Remove(header);
        }

        Assert.Empty(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task A_question_is_answered_once()
    {
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(_client, new Pkce()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _bench.AnswerAsync(asked.Html)));

        Assert.Single(answers, static answer => answer.Status == 200);
        Assert.Equal(3, answers.Count(static answer => answer.Status == 400));
        Assert.Equal(400, (await _bench.AnswerAsync(asked.Html, "deny")).Status);
        Assert.Single(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task Pages_stand_in_no_frame_and_run_no_script()
    {
        using var page = await _bench.Browser.GetAsync(ConnectBench.Question(_client, new Pkce()));
        var html = await page.Content.ReadAsStringAsync();

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("DENY", Assert.Single(page.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Nobody_signs_a_browser_in_from_another_site_or_leads_it_elsewhere()
    {
        using var browser = _bench.NewBrowser();
        var page = await ConnectBench.PageAsync(browser, "/sign-in?return=https://evil.example.com/");
        (string, string)[] form =
            [("name", "ana"), ("password", ConnectBench.Password), ("csrf", ConnectBench.Field(page.Html, "csrf"))];

        Assert.Equal("", ConnectBench.Field(page.Html, "return"));
        Assert.Equal(400, (await ConnectBench.PostAsync(browser, "/sign-in", form[..2])).Status);
        using var other = _bench.NewBrowser();
        Assert.Equal(400, (await ConnectBench.PostAsync(other, "/sign-in", form)).Status);
        string[] elsewhere = ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "/mcp"];
        foreach (var next in elsewhere)
        {
            var (status, _, location) = await ConnectBench.PostAsync(browser, "/sign-in", [.. form, ("return", next)]);
            Assert.Equal((200, (Uri?)null), (status, location));
        }
    }

    [Fact]
    public async Task A_name_is_shown_as_text_on_one_line_and_called_unverified()
    {
        var client = await _bench.RegisterAsync(
            "<script>alert(1)</script>\u202Egnp.exe\r\n\"'><img src=x>" + new string('x', 200));

        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(client, new Pkce()));

        Assert.Contains("&lt;script&gt;", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', asked.Html);
        Assert.DoesNotContain(new string('x', 81), asked.Html, StringComparison.Ordinal);
        Assert.Contains("the client chose this name", asked.Html, StringComparison.Ordinal);
        Assert.Contains("client.example.com", asked.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_the_issuer_opens_nothing_of_the_operators_api()
    {
        using var asked = await _bench.Browser.GetAsync("/api/v1/session");

        Assert.Equal(401, (int)asked.StatusCode);
    }
}
