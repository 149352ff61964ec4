using System.Web;
using Gateway.Server.Tests.Connect;

namespace Gateway.Fleet.Tests;

/// <summary>
/// Clients that sign in by OAuth at gateways that share a database, one of which is killed on the way.
/// </summary>
public partial class SharedSignInTests() : FleetTest("""
    { "version": "1", "default": "deny",
      "tools": { "read": { "limits": [ { "counter": "reads", "window": "month", "max": 3 } ] } } }
    """)
{
    private const string Issuer = "http://localhost:9412";
    private const string Redirect = "https://client.example.com/callback";
    private const string Resource = Issuer + "/mcp/srv";
    private const string Password = "correct horse battery staple";
    private readonly Pkce _pkce = new();

    [ClusterFact]
    public async Task A_code_of_a_gateway_that_was_killed_is_good_at_another_once_and_its_grant_counts_on()
    {
        Bench.Configure($$""", "oauth": { "issuer": "{{Issuer}}" }""");
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var (client, code) = await AllowAsync(first);

        await first.KillAsync();
        await first.DisposeAsync();

        var (status, tokens) = await RedeemAsync(second, client, code);
        Assert.True(status == 200, tokens.ToJsonString());
        var access = (string)tokens["access_token"]!;
        Assert.Equal("done", await CallAsync(second, access));
        Assert.Equal("done", await CallAsync(second, access));

        // A third gateway, that knows nothing but what the store has.
        await using var third = await Bench.StartGatewayAsync();
        var (renewed, next) = await TokenAsync(
            third, ("grant_type", "refresh_token"), ("client_id", client),
            ("refresh_token", (string)tokens["refresh_token"]!));
        Assert.True(renewed == 200, next.ToJsonString());
        Assert.Equal("done", await CallAsync(third, (string)next["access_token"]!));
        Assert.Equal("rate_limited", await CallAsync(second, (string)next["access_token"]!));
        Assert.Equal(3, Bench.Server.Requests.Count);

        var (again, refused) = await RedeemAsync(third, client, code);
        Assert.Equal((400, "invalid_grant"), (again, (string?)refused["error"]));
    }

    [ClusterFact]
    public async Task Two_gateways_at_once_give_tokens_for_a_code_no_more_than_once()
    {
        Bench.Configure($$""", "oauth": { "issuer": "{{Issuer}}" }""");
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var (client, code) = await AllowAsync(first);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            RedeemAsync(i % 2 == 0 ? first : second, client, code)));

        // Not at all, where one that comes second ends what came of the code before the first has its tokens.
        Assert.InRange(answers.Count(static answer => answer.Status == 200), 0, 1);
        Assert.All(answers.Where(static answer => answer.Status != 200), static answer =>
            Assert.Equal((400, "invalid_grant"), (answer.Status, (string?)answer.Json["error"])));
    }

    /// <summary>Registers a client at a gateway, signs an operator in there and lets the client in.</summary>
    private async Task<(string Client, string Code)> AllowAsync(GatewayProcess gateway)
    {
        using var made = await new Operator(gateway).SendAsync(HttpMethod.Post, "operators", new JsonObject
        {
            ["name"] = "ana",
            ["roles"] = new JsonArray((JsonNode)"editor"),
            ["password"] = Password,
        });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = gateway.Address,
        };
        var client = default(string);
        await Soon.UntilAsync(
            async () =>
            {
                using var body = new StringContent(
                    $$"""
                    {"client_name":"Test","redirect_uris":["{{Redirect}}"],"token_endpoint_auth_method":"none"}
                    """,
                    new MediaTypeHeaderValue("application/json"));
                using var answer = await browser.PostAsync("/register", body);
                client = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["client_id"];
                return client is not null;
            },
            "it is registered");

        var page = await PageAsync(browser, "/sign-in");
        await PostAsync(
            browser, "/sign-in", ("csrf", Field(page, "csrf")), ("return", "/authorize?x"), ("name", "ana"),
            ("password", Password));
        var asked = await PageAsync(
            browser,
            $"/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(Redirect)}&state=s"
            + $"&code_challenge={_pkce.Challenge}&code_challenge_method=S256"
            + $"&resource={Uri.EscapeDataString(Resource)}");
        var allowed = await PostAsync(
            browser, "/authorize", ("request", Field(asked, "request")), ("csrf", Field(asked, "csrf")),
            ("action", "allow"), ("label", Field(asked, "label")), ("policy", "policy"), ("expires", "30d"));
        var next = new Uri(HttpUtility.HtmlDecode(Next().Match(allowed).Groups[1].Value));
        return (client!, HttpUtility.ParseQueryString(next.Query)["code"]!);
    }

    private Task<(int Status, JsonNode Json)> RedeemAsync(GatewayProcess gateway, string client, string code) =>
        TokenAsync(
            gateway, ("grant_type", "authorization_code"), ("client_id", client), ("code", code),
            ("redirect_uri", Redirect), ("code_verifier", _pkce.Verifier), ("resource", Resource));

    private static async Task<(int Status, JsonNode Json)> TokenAsync(
        GatewayProcess gateway, params (string Name, string Value)[] form)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (status, json) = (0, default(JsonNode));
        await Soon.UntilAsync(
            async () =>
            {
                using var content = Form(form);
                using var answer = await client.PostAsync(new Uri(gateway.Address, "/token"), content);
                (status, json) = ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
                return status != 503;
            },
            "the request for tokens is counted");
        return (status, json!);
    }

    /// <summary>
    /// <c>done</c>, or the outcome that the refusal tells. What the database was too slow to count was refused, and is
    /// asked again.
    /// </summary>
    private static async Task<string> CallAsync(GatewayProcess gateway, string token)
    {
        var outcome = "";
        await Soon.UntilAsync(
            async () => (outcome = await TryCallAsync(gateway, token)) != "unavailable", "a call is counted");
        return outcome;
    }

    private static async Task<string> TryCallAsync(GatewayProcess gateway, string token)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/mcp/srv"))
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var result = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["result"]!;
        return (string?)result["_meta"]?["policy-gateway/decision"]?["outcome"] ?? "done";
    }

    /// <summary>A page; none is given while the database of a busy machine is too slow to count the request.</summary>
    private static async Task<string> PageAsync(HttpClient browser, string path)
    {
        var page = "";
        await Soon.UntilAsync(
            async () =>
            {
                using var answer = await browser.GetAsync(path);
                page = await answer.Content.ReadAsStringAsync();
                return answer.StatusCode == HttpStatusCode.OK;
            },
            $"the page {path}");
        return page;
    }

    private static async Task<string> PostAsync(
        HttpClient browser, string path, params (string Name, string Value)[] fields)
    {
        using var form = Form(fields);
        using var answer = await browser.PostAsync(path, form);
        return await answer.Content.ReadAsStringAsync();
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] fields) =>
        new(fields.Select(static one => KeyValuePair.Create(one.Name, one.Value)));

    private static string Field(string html, string name)
    {
        var input = Regex.Match(html, $"<input[^>]* name=\"{name}\"[^>]*>").Value;
        return HttpUtility.HtmlDecode(Regex.Match(input, " value=\"([^\"]*)\"").Groups[1].Value);
    }

    [GeneratedRegex("id=\"next\" href=\"([^\"]*)\"")]
    private static partial Regex Next();
}
