namespace Gateway.Server.Tests.Connect;

/// <summary>Operators who allow a client after they have signed in with a passkey.</summary>
public sealed class PasskeyConnectTests : IAsyncLifetime, IDisposable
{
    private readonly SoftAuthenticator _authenticator = new() { Origin = "" };
    private ConnectBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync();
        var console = new UriBuilder(_bench.Gateway.Address) { Host = "localhost" }.Uri;
        using var browser = new OperatorBrowser(console);
        await browser.SignInAsync("ana", ConnectBench.Password);
        _authenticator.Origin = console.GetLeftPart(UriPartial.Authority);
        var options = (await browser.SendAsync("POST", "session/passkeys/options")).Json!;
        var (status, json) = await browser.SendAsync("POST", "session/passkeys", new JsonObject
        {
            ["name"] = "laptop",
            ["credential"] = _authenticator.Create(options),
        });
        Assert.True(status == 201, json?.ToJsonString());
        _authenticator.Origin = ConnectBench.Issuer;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose() => _authenticator.Dispose();

    [Fact]
    public async Task The_page_asks_for_it_by_one_script_and_goes_on_with_the_client()
    {
        var client = await _bench.RegisterAsync();
        var question = ConnectBench.Question(client, new Pkce());
        using var answer = await _bench.Browser.GetAsync(question);
        var page = await answer.Content.ReadAsStringAsync();
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        var (status, html, location) = await PostAsync(page, question);

        Assert.True(status == 303, html);
        Assert.Equal(question, location?.OriginalString);
        Assert.Matches("script-src 'sha256-[A-Za-z0-9+/=]+'$", policy);
        Assert.Contains("Test Client", (await ConnectBench.PageAsync(_bench.Browser, question)).Html);
    }

    [Fact]
    public async Task A_response_for_the_console_opens_nothing_here_and_the_page_asks_again()
    {
        var page = (await ConnectBench.PageAsync(_bench.Browser, "/sign-in")).Html;
        _authenticator.Origin = new UriBuilder(_bench.Gateway.Address) { Host = "localhost" }.Uri
            .GetLeftPart(UriPartial.Authority);

        var (status, html, _) = await PostAsync(page, "/authorize?x");

        Assert.Equal(401, status);
        Assert.Contains("The passkey is not valid here", html, StringComparison.Ordinal);
        _authenticator.Origin = ConnectBench.Issuer;
        Assert.Equal(303, (await PostAsync(html, "/authorize?x")).Status);
    }

    private async Task<(int Status, string Html, Uri? Location)> PostAsync(string page, string next)
    {
        var options = Regex.Match(page, "data-options=\"([^\"]+)\"").Groups[1].Value;
        var credential = _authenticator.Get(JsonNode.Parse(WebUtility.HtmlDecode(options))!);
        return await ConnectBench.PostAsync(
            _bench.Browser, "/sign-in", ("csrf", ConnectBench.Field(page, "csrf")), ("return", next),
            ("passkey", credential.ToJsonString()));
    }
}
