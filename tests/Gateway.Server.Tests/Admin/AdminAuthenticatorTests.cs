using Gateway.Control.ConfigFile;
using Gateway.Policy.Schemas;

namespace Gateway.Server.Tests.Admin;

/// <summary>Who gets to the admin API, and where it is.</summary>
public sealed class AdminAuthenticatorTests
{
    [Theory]
    [InlineData("", 401)]
    [InlineData("Basic YWRtaW46YWRtaW4=", 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer ", 401)]
    public async Task Refuses_a_caller_without_a_key(string authorization, int status)
    {
        await using var bench = await AdminBench.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
        if (authorization.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Refuses_a_grants_token()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();

        Assert.Equal(401, (await bench.SendAsync("GET", "status", key: token)).Status);
    }

    [Fact]
    public async Task Refuses_an_unknown_host_and_a_page_of_another_origin()
    {
        await using var bench = await AdminBench.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(bench, request => request.Headers.Host = "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(
            bench, request => request.Headers.TryAddWithoutValidation("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(
            bench, request => request.Headers.TryAddWithoutValidation("Origin", "http://localhost:3000")));
    }

    [Fact]
    public async Task Refuses_a_body_that_a_form_could_send()
    {
        await using var bench = await AdminBench.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/grants")
        {
            Content = new StringContent("{}", new MediaTypeHeaderValue("text/plain")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bench.AdminKey);

        using var response = await bench.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Answers_on_the_operators_address_alone_where_there_is_one()
    {
        using var folder = new TestFolder("gateway-admin-");
        await using (var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = folder.Path,
                Listen = ["http://127.0.0.1:0"],
                AdminListen = "http://127.0.0.1:0",
                Quiet = true,
            },
            CancellationToken.None))
        {
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.NewAdminKey);

            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, host.Addresses[0]));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, host.Addresses[^1]));
        }
    }

    [Fact]
    public async Task Answers_nowhere_where_agents_come_from_other_machines()
    {
        using var folder = new TestFolder("gateway-admin-");
        await using (var host = await GatewayHost.StartAsync(
            new GatewayHostOptions { DataDirectory = folder.Path, Listen = ["http://0.0.0.0:0"], Quiet = true },
            CancellationToken.None))
        {
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.NewAdminKey);
            var port = new Uri(host.Addresses[0]).Port;

            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"http://127.0.0.1:{port}"));
        }
    }

    [Fact]
    public async Task Describes_every_route_without_a_key()
    {
        await using var bench = await AdminBench.StartAsync();

        using var document = System.Text.Json.JsonDocument.Parse(await bench.Client.GetStringAsync("/openapi/v1.json"));

        var paths = document.RootElement.GetProperty("paths");
        Assert.True(paths.GetProperty("/api/v1/grants").GetProperty("post").TryGetProperty("requestBody", out _));
        var audit = paths.GetProperty("/api/v1/audit").GetProperty("get");
        Assert.True(audit.GetProperty("parameters").GetArrayLength() > 5);
        Assert.Equal("3.1.1", document.RootElement.GetProperty("openapi").GetString());
    }

    [Fact]
    public async Task Serves_the_schemas_of_policies_and_of_the_configuration_file_to_editors()
    {
        await using var bench = await AdminBench.StartAsync();

        var policy = await bench.Client.GetByteArrayAsync("/schemas/policy-v1.json");
        var configuration = await bench.Client.GetByteArrayAsync("/schemas/gateway-v1.json");

        Assert.Equal(PublishedSchema.Policy.Utf8.ToArray(), policy);
        Assert.Equal(ConfigLoader.Schema.Utf8.ToArray(), configuration);
    }

    [Fact]
    public async Task Says_409_for_what_the_file_provisions()
    {
        await using var bench = await AdminBench.StartAsync("""
            {
              "servers": { "crm": { "url": "http://127.0.0.1:9/mcp" } },
              "policies": { "limited": { "version": "1", "default": "deny" } },
              "grants": { "bot": { "server": "crm", "policy": "limited", "token": "0123456789abcdef" } }
            }
            """);

        foreach (var (method, path) in new[]
        {
            ("PUT", "servers/crm"), ("DELETE", "servers/crm"), ("PUT", "policies/limited"),
            ("DELETE", "policies/limited"), ("PUT", "grants/bot"), ("PATCH", "grants/bot"), ("DELETE", "grants/bot"),
            ("POST", "grants/bot/rotate"),
        })
        {
            var reply = await bench.SendAsync(method, path, AdminBench.GrantBody("bot"), ifMatch: "*");
            Assert.Equal((path, 409), (path, reply.Status));
        }

        var created = await bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"));
        Assert.Equal(409, created.Status);
    }

    private static async Task<HttpStatusCode> GetAsync(AdminBench bench, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bench.AdminKey);
        change(request);
        using var response = await bench.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(new Uri(address), "/api/v1/status"));
        return response.StatusCode;
    }
}
