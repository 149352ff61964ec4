using Gateway.Catalogue.Publishing;

namespace Gateway.Server.Tests.Edge;

/// <summary>Clients read which servers there are, at an address where nothing else answers.</summary>
public sealed class RegistryTests : IAsyncLifetime, IDisposable
{
    private const string Config = """
        {
          "publicUrl": "https://gw.example.com",
          "servers": {
            "billing": { "url": "http://127.0.0.1:1/secret-place" },
            "crm": { "url": "http://127.0.0.1:1/mcp", "headers": { "Authorization": "Bearer hidden" } },
            "mail": { "url": "http://127.0.0.1:1/mcp" }
          },
          "policies": {}, "grants": {}
        }
        """;

    private static readonly string[] Allowed =
        ["npm:@modelcontextprotocol/server-*", "mcp-mailtrap", "absent", "nothing*"];

    private readonly TestFolder _folder = new("gateway-registry-");
    private GatewayHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var path = Path.Combine(_folder.Path, "gateway.json");
        await File.WriteAllTextAsync(path, Config);
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                RegistryListen = "http://127.0.0.1:0",
                Registry = new RegistryOptions { Allow = [.. Allowed] },
                Quiet = true,
                ConfigFile = new() { Path = path },
            },
            CancellationToken.None);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(_host.RegistryAddress!),
        };
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lists_the_servers_by_the_address_of_the_gateway()
    {
        var (status, list) = await GetAsync("/v0.1/servers?search=com.example.gw/");
        var first = list["servers"]![0]!;
        var text = list.ToJsonString();

        Assert.Equal(200, status);
        Assert.Equal(["com.example.gw/billing", "com.example.gw/crm", "com.example.gw/mail"], Names(list));
        Assert.Equal(3, (int)list["metadata"]!["count"]!);
        Assert.Equal("streamable-http", (string?)first["server"]!["remotes"]![0]!["type"]);
        Assert.Equal("https://gw.example.com/mcp/billing", (string?)first["server"]!["remotes"]![0]!["url"]);
        Assert.InRange(((string)first["server"]!["description"]!).Length, 1, 100);
        Assert.True((bool)first["_meta"]!["io.modelcontextprotocol.registry/official"]!["isLatest"]!);
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-place", text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_page_by_page_and_finds_by_name_and_time()
    {
        var (_, one) = await GetAsync("/v0.1/servers?limit=2&search=gw/");
        var (_, two) = await GetAsync($"/v0.1/servers?limit=2&search=gw/&cursor={one["metadata"]!["nextCursor"]}");
        var (_, found) = await GetAsync("/v0.1/servers?search=CRM&version=latest");
        var (_, since) = await GetAsync("/v0.1/servers?updated_since=2999-01-01T00:00:00Z");

        Assert.Equal(["com.example.gw/billing", "com.example.gw/crm"], Names(one));
        Assert.Equal(["com.example.gw/mail"], Names(two));
        Assert.Null(two["metadata"]!["nextCursor"]);
        Assert.Equal(["com.example.gw/crm"], Names(found));
        Assert.Empty(Names(since));
        Assert.Equal(400, (await GetAsync("/v0.1/servers?limit=x")).Status);
        Assert.Equal(400, (await GetAsync("/v0.1/servers?updated_since=soon")).Status);
    }

    [Theory]
    [InlineData("com.example.gw%2Fcrm")]
    [InlineData("com.example.gw/crm")]
    public async Task Shows_a_server_by_its_versions(string name)
    {
        var (_, all) = await GetAsync($"/v0.1/servers/{name}/versions");
        var (status, latest) = await GetAsync($"/v0.1/servers/{name}/versions/latest");
        var (_, exact) = await GetAsync($"/v0.1/servers/{name}/versions/{latest["server"]!["version"]}");
        var (missing, said) = await GetAsync($"/v0.1/servers/{name}/versions/9.9.9");

        Assert.Equal(["com.example.gw/crm"], Names(all));
        Assert.Equal(200, status);
        Assert.Equal(latest.ToJsonString(), exact.ToJsonString());
        Assert.Equal((404, "Server not found"), (missing, (string?)said["error"]));
        Assert.Equal(404, (await GetAsync("/v0.1/servers/com.example.gw%2Fother/versions/latest")).Status);
    }

    [Fact]
    public async Task Lets_pages_read_it_and_answers_nothing_else()
    {
        using var asked = await _client.GetAsync(new Uri("/v0.1/servers", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v0.1/servers");
        using var preflight = await _client.SendAsync(request);
        using var posted = await _client.PostAsync(new Uri("/v0.1/servers", UriKind.Relative), null);
        using var agents = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        Assert.Equal("*", asked.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(204, (int)preflight.StatusCode);
        Assert.Equal("GET, OPTIONS", preflight.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal(405, (int)posted.StatusCode);
        string[] others = ["/mcp/crm", "/api/v1/status", "/readyz", "/metrics", "/console/", "/v0/other"];
        foreach (var path in others)
            Assert.Equal(404, (await GetAsync(path)).Status);
        using var elsewhere = await agents.GetAsync(new Uri(new Uri(_host.Addresses[0]), "/v0.1/servers"));
        Assert.Equal(404, (int)elsewhere.StatusCode);
        Assert.Single(_host.Addresses);
    }

    [Theory]
    [InlineData("/v0")]
    [InlineData("/v0.1")]
    public async Task Lists_the_allowed_public_servers_page_by_page(string root)
    {
        var names = new List<string>();
        var packages = new List<string>();
        var cursor = "";
        do
        {
            var (status, page) = await GetAsync($"{root}/servers?limit=2&search=.catalogue&cursor={cursor}");
            Assert.Equal(200, status);
            Assert.InRange(page["servers"]!.AsArray().Count, 1, 2);
            foreach (var one in page["servers"]!.AsArray())
            {
                FollowsTheSchema(one!);
                names.Add((string)one!["server"]!["name"]!);
                packages.Add((string)one["server"]!["packages"]![0]!["identifier"]!);
            }

            cursor = Uri.EscapeDataString((string?)page["metadata"]!["nextCursor"] ?? "");
        }
        while (cursor.Length > 0);

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains("@modelcontextprotocol/server-filesystem", packages);
        Assert.Contains("com.example.gw.catalogue/mcp-mailtrap", names);
        Assert.All(packages, static one => Assert.True(
            one.StartsWith("@modelcontextprotocol/server-", StringComparison.Ordinal) || one == "mcp-mailtrap", one));
        var (found, latest) = await GetAsync($"{root}/servers/{Uri.EscapeDataString(names[0])}/versions/latest");
        Assert.Equal((200, names[0]), (found, (string?)latest["server"]!["name"]));
    }

    [Fact]
    public async Task Follows_the_published_schema_of_the_registry()
    {
        var (_, list) = await GetAsync("/v0/servers?limit=100");

        Assert.Equal(["metadata", "servers"], list.AsObject().Select(static one => one.Key).Order());
        Assert.All(list["servers"]!.AsArray(), static one => FollowsTheSchema(one!));
        Assert.Equal(3, list["servers"]!.AsArray().Count(static one => one!["server"]!["remotes"] is not null));
    }

    /// <summary>
    /// Checks what the schemas of 2025-09-29 and 2025-12-11 require of a server, and the API of its metadata.
    /// </summary>
    private static void FollowsTheSchema(JsonNode entry)
    {
        string[] members = ["$schema", "_meta", "description", "icons", "name", "packages", "remotes", "repository",
            "title", "version", "websiteUrl"];
        var server = entry["server"]!.AsObject();
        Assert.Subset(members.ToHashSet(), server.Select(static one => one.Key).ToHashSet());
        Assert.Matches("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", (string)server["name"]!);
        Assert.InRange(((string)server["name"]!).Length, 3, 200);
        Assert.InRange(((string)server["description"]!).Length, 1, 100);
        Assert.InRange(((string)server["version"]!).Length, 1, 255);
        Assert.Matches("^https://static.modelcontextprotocol.io/schemas/2025-(09-29|12-11)/server.schema.json$",
            (string)server["$schema"]!);
        foreach (var package in server["packages"]?.AsArray() ?? [])
        {
            Assert.Matches("^(npm|pypi|oci)$", (string)package!["registryType"]!);
            Assert.Matches("^[^ ]+$", (string)package["identifier"]!);
            Assert.Equal("stdio", (string?)package["transport"]!["type"]);
            Assert.Equal(3, package.AsObject().Count);
        }

        foreach (var remote in server["remotes"]?.AsArray() ?? [])
            Assert.Matches("^https?://[^ ]+$", (string)remote!["url"]!);
        var official = entry["_meta"]!["io.modelcontextprotocol.registry/official"]!;
        Assert.Equal("active", (string?)official["status"]);
        Assert.True((bool)official["isLatest"]!);
        Assert.True(DateTimeOffset.TryParse((string)official["publishedAt"]!, CultureInfo.InvariantCulture, out _));
    }

    private async Task<(int Status, JsonNode Json)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private static IEnumerable<string> Names(JsonNode list) =>
        list["servers"]!.AsArray().Select(static one => (string)one!["server"]!["name"]!);
}
