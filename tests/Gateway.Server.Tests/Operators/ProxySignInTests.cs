using System.Net.Http.Json;
using Gateway.Control.ConfigFile;

namespace Gateway.Server.Tests.Operators;

/// <summary>Operators whom a proxy has signed in, and those who only say so.</summary>
public sealed class ProxySignInTests : IAsyncLifetime
{
    private const string Secret = "the-secret-of-the-proxy";
    private const string Config = """
        {
          "admin": {
            "proxy": {
              "addresses": ["127.0.0.2"], "header": "X-Remote-User", "secret": "the-secret-of-the-proxy"
            }
          }
        }
        """;

    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(Config);
        await _bench.SendAsync("POST", "operators", Account("ana", "admin"));
        await _bench.SendAsync("POST", "operators", Account("ben", "viewer"));
        await _bench.SendAsync("POST", "operators/ben/disable");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Lets_in_whom_the_proxy_names_with_the_roles_of_the_account()
    {
        using var proxy = Proxy();

        var who = await AskAsync(proxy, "GET", "session", Named("ana"));

        Assert.Equal(("ana", "proxy"), ((string?)who.Json!["name"], (string?)who.Json["via"]));
        Assert.Equal(200, (await AskAsync(proxy, "GET", "operators", Named("ana"))).Status);
        await _bench.SendAsync(
            "PUT", "operators/ana", new JsonObject { ["roles"] = new JsonArray("viewer") }, ifMatch: "*");
        Assert.Equal(403, (await AskAsync(proxy, "GET", "operators", Named("ana"))).Status);
    }

    [Fact]
    public async Task Wants_of_a_change_what_only_a_page_of_ours_can_bring()
    {
        using var proxy = Proxy();

        Assert.Equal(400, (await AskAsync(proxy, "POST", "pause", Named("ana"))).Status);
        var csrf = (string)(await AskAsync(proxy, "GET", "session", Named("ana"))).Json!["csrf"]!;
        Assert.Equal(200, (await AskAsync(proxy, "POST", "pause", [.. Named("ana"), ("X-CSRF-Token", csrf)])).Status);
        Assert.Equal("ana", _bench.Changes()[^1].GetProperty("by").GetString());
    }

    [Theory]
    [InlineData("X-Remote-User: ana")]
    [InlineData("X-Remote-User: ana", "X-Gateway-Proxy-Secret: not-the-secret-of-it")]
    [InlineData("X-Remote-User: ana", "X-Gateway-Proxy-Secret: ")]
    [InlineData("X-Remote-User: ana", "X-Gateway-Proxy-Secret: " + Secret, "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: ben", "X-Remote-User: ana", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: ana", "X-Remote-User: ana", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: ana,ben", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: ", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: ANA", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: nobody", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: admin", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Remote-User: ben", "X-Gateway-Proxy-Secret: " + Secret)]
    [InlineData("X-Gateway-Proxy-Secret: " + Secret)]
    public async Task Refuses_whatever_is_not_one_name_and_one_secret(params string[] headers)
    {
        using var proxy = Proxy();

        var reply = await AskAsync(
            proxy, "GET", "session", [.. headers.Select(static one => (one.Split(": ")[0], one.Split(": ")[1]))]);

        Assert.Equal(401, reply.Status);
    }

    [Fact]
    public async Task Refuses_the_header_from_elsewhere_also_beside_a_session_and_takes_a_key_all_the_same()
    {
        using var elsewhere = Proxy("127.0.0.3");
        using var signedIn = await elsewhere.PostAsync(
            new Uri("/api/v1/session", UriKind.Relative),
            JsonContent.Create(new { name = "ana", password = "correct horse battery staple" }));
        Assert.Equal(HttpStatusCode.Created, signedIn.StatusCode);
        Assert.Equal(200, (await AskAsync(elsewhere, "GET", "session")).Status);

        Assert.Equal(401, (await AskAsync(elsewhere, "GET", "session", Named("ana"))).Status);

        var key = ("Authorization", $"Bearer {_bench.AdminKey}");
        var who = await AskAsync(elsewhere, "GET", "session", [.. Named("ana"), key]);
        Assert.Equal("admin", (string?)who.Json!["name"]);
    }

    [Theory]
    [InlineData("127.0.0.3", 401)]
    [InlineData("127.0.0.2", 200)]
    public async Task Proxy_address_is_that_of_the_connection_whatever_a_trusted_proxy_forwards(
        string peer, int expected)
    {
        await using var bench = await AdminBench.StartAsync(
            Config.Replace("{\n  \"admin\"", "{ \"trustedProxies\": [\"127.0.0.2\", \"127.0.0.3\"], \"admin\"",
                StringComparison.Ordinal));
        await bench.SendAsync("POST", "operators", Account("ana", "admin"));
        using var proxy = Proxy(peer, bench);

        var reply = await AskAsync(
            proxy, "GET", "session",
            [.. Named("ana"), ("X-Forwarded-For", peer == "127.0.0.2" ? "203.0.113.9" : "127.0.0.2")]);

        Assert.Equal(expected, reply.Status);
    }

    [Fact]
    public async Task Is_off_unless_the_configuration_has_it()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("POST", "operators", Account("ana", "admin"));
        using var proxy = Proxy(bench: bench);

        foreach (var header in new[] { "X-Remote-User", "X-Forwarded-User" })
        {
            Assert.Equal(401, (await AskAsync(
                proxy, "GET", "session", (header, "ana"), ("X-Gateway-Proxy-Secret", Secret))).Status);
        }
    }

    [Theory]
    [InlineData("""{ "addresses": [], "secret": "the-secret-of-the-proxy" }""", "needs \"addresses\"")]
    [InlineData("""{ "addresses": ["10.0.0.0/8"], "secret": "the-secret-of-the-proxy" }""", "is not an IP address")]
    [InlineData("""{ "addresses": ["::1"] }""", "needs a \"secret\"")]
    [InlineData("""{ "addresses": ["::1"], "secret": "short" }""", "16 to 512")]
    [InlineData("""{ "addresses": ["::1"], "secret": "the-secret-of-the-proxy", "header": "Cookie" }""", "cannot be")]
    public void A_file_that_would_open_more_is_refused(string proxy, string why)
    {
        var path = Path.Combine(_bench.Folder, "wrong.json");
        File.WriteAllText(path, $$"""{ "admin": { "proxy": {{proxy}} } }""");

        var problem = Assert.Single(ConfigLoader.Load(path, static _ => null).Problems);

        Assert.StartsWith("/admin/proxy", problem.Pointer, StringComparison.Ordinal);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    private static JsonObject Account(string name, string role) => new()
    {
        ["name"] = name,
        ["roles"] = new JsonArray(role),
        ["password"] = "correct horse battery staple",
    };

    private static (string, string)[] Named(string name) =>
        [("X-Remote-User", name), ("X-Gateway-Proxy-Secret", Secret)];

    /// <summary>Whoever connects from this address of loopback.</summary>
    private HttpClient Proxy(string from = "127.0.0.2", AdminBench? bench = null) =>
        AddressedClient.Create(new Uri((bench ?? _bench).Host.Addresses[0]), from);

    private static async Task<(int Status, JsonNode? Json)> AskAsync(
        HttpClient client, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
        foreach (var same in headers.GroupBy(static one => one.Name))
            request.Headers.TryAddWithoutValidation(same.Key, same.Select(static one => one.Value));
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
