using System.Web;

namespace Gateway.Fleet.Tests;

/// <summary>
/// Connections of callers at three gateways that share a database, each a process of its own. The authorization server
/// (<c>oidc-provider</c>) rotates refresh tokens, and ends everything if one is used twice.
/// </summary>
public sealed class SharedConnectionTests() : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    // Tokens are unusable 5 seconds before they expire, and a round must end before its new token is due.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan UntilUnusable = TimeSpan.FromSeconds(15.5);
    private const string Issuer = "http://localhost:9412";
    private const string Password = "correct horse battery staple";
    private const string Account = "ana@crm";
    private const int CallsPerGateway = 10;

    [ClusterFact(WithNode = true)]
    public async Task A_token_is_renewed_once_over_three_gateways_and_stays_with_two_if_one_is_killed()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var node = NodeProcess.Start(
            "connected-server.js", $"{Issuer}/connections/callback", $"{Lifetime.TotalSeconds}");
        var place = JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
        await ConfigureAsync((string)place["url"]!);
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await ConnectAsync(first);

        await AssertRenewedAsync(1, [first, second, third]);
        await first.KillAsync();
        await AssertRenewedAsync(2, [second, third]);

        async Task AssertRenewedAsync(int renewals, GatewayProcess[] gateways)
        {
            // What is waited for is the end of a token's life, which nothing announces.
            using (var life = new PeriodicTimer(UntilUnusable))
                await life.WaitForNextTickAsync(deadline.Token);
            var texts = await Task.WhenAll(
                Enumerable.Range(0, CallsPerGateway).SelectMany(_ => gateways).Select(CallAsync));
            Assert.All(texts, static text => Assert.Equal(Account, text));
            await node.WriteLineAsync("count");
            var counts = JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
            Assert.Equal((renewals, 0), ((int)counts["refreshes"]!, (int)counts["errors"]!));
        }
    }

    private async Task ConfigureAsync(string server)
    {
        Bench.Configure($$""", "oauth": { "issuer": "{{Issuer}}" }""");
        var config = await File.ReadAllTextAsync(Bench.ConfigPath);
        await File.WriteAllTextAsync(Bench.ConfigPath, config
            .Replace(Bench.Server.Url, server, StringComparison.Ordinal)
            .Replace(
                "\"headers\": { \"Authorization\": \"Bearer upstream-secret\" }",
                "\"auth\": \"oauth\", \"oauth\": { \"clientId\": \"gateway-client\" }", StringComparison.Ordinal));
    }

    /// <summary>Follows the link of a call as the browser of an operator, who has an account at the server.</summary>
    private static async Task ConnectAsync(GatewayProcess gateway)
    {
        using var made = await new Operator(gateway).SendAsync(HttpMethod.Post, "operators", new JsonObject
        {
            ["name"] = "ana",
            ["roles"] = new JsonArray("editor"),
            ["password"] = Password,
        });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = gateway.Address,
            DefaultRequestHeaders = { { "X-Account", Account } },
        };
        var link = Regex.Match(await CallAsync(gateway), $"{Issuer}(/connections/[A-Za-z0-9_-]+)").Groups[1].Value;
        var signIn = await GoAsync(browser, link);
        await PostAsync(
            browser, "/sign-in", ("csrf", Field(signIn, "csrf")), ("return", link), ("name", "ana"),
            ("password", Password));
        var page = await GoAsync(browser, link);
        var next = await PostAsync(
            browser, link, ("csrf", Field(page, "csrf")), ("issuer", Field(page, "issuer")));
        var end = await GoAsync(
            browser, HttpUtility.HtmlDecode(Regex.Match(next, "id=\"next\" href=\"([^\"]*)\"").Groups[1].Value));
        Assert.Contains("is connected", end, StringComparison.Ordinal);
    }

    /// <summary>Follows redirects until a page. The gateway is where its issuer would be.</summary>
    private static async Task<string> GoAsync(HttpClient browser, string to)
    {
        var at = new Uri(browser.BaseAddress!, to);
        for (var steps = 0; steps < 20; steps++)
        {
            if (at.AbsoluteUri.StartsWith(Issuer, StringComparison.Ordinal))
                at = new Uri(browser.BaseAddress!, at.PathAndQuery);
            using var answer = await browser.GetAsync(at);
            if (answer.Headers.Location is not { } next)
                return await answer.Content.ReadAsStringAsync();
            at = new Uri(at, next);
        }

        throw new InvalidOperationException($"Too many redirects, the last to {at}.");
    }

    private static async Task<string> PostAsync(
        HttpClient browser, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(static one => KeyValuePair.Create(one.Name, one.Value)));
        using var answer = await browser.PostAsync(path, form);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Field(string html, string name)
    {
        var input = Regex.Match(html, $"<input[^>]* name=\"{name}\"[^>]*>").Value;
        Assert.True(input.Length > 0, html);
        return HttpUtility.HtmlDecode(Regex.Match(input, " value=\"([^\"]*)\"").Groups[1].Value);
    }

    /// <summary>Returns the text of the tool's result: the account, or a link.</summary>
    private static async Task<string> CallAsync(GatewayProcess gateway)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/mcp/srv"))
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (string?)JsonNode.Parse(text)!["result"]?["content"]?[0]?["text"] ?? text;
    }
}
