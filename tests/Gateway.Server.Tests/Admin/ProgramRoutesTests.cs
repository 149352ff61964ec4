namespace Gateway.Server.Tests.Admin;

/// <summary>Every route of the admin API in a process of its own, which may be the native program.</summary>
public sealed class ProgramRoutesTests
{
    private static readonly string Config = $$"""
        {
          "admin": { "key": "{{AdminBench.ConfiguredKey}}" },
          "servers": { "srv": { "url": "http://127.0.0.1:1/mcp" } },
          "policies": { "open": { "version": "1", "default": "allow" } },
          "grants": { "agent": { "servers": { "srv": "open" }, "token": "{{TestTokens.Agent}}" } }
        }
        """;

    [Fact]
    public async Task Every_described_route_is_served_without_a_failure_of_the_gateway()
    {
        using var folder = new TestFolder("gateway-routes-");
        var config = Path.Combine(folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, Config);
        await using var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data"));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = gateway.Address,
        };
        var paths = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminBench.ConfiguredKey);

        var operations = paths.SelectMany(static path => path.Value!.AsObject(), static (path, operation) =>
            (Path: path.Key, Method: operation.Key.ToUpperInvariant(), Operation: operation.Value!)).ToList();
        var failed = new List<string>();
        // The last one ends the key of this test.
        foreach (var (path, method, operation) in operations
            .OrderBy(static one => one.Path.EndsWith("/break-glass/disable", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(method), path.Replace("{name}", "srv", StringComparison.Ordinal)
                    .Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            if (operation["requestBody"]?["content"] is { } content)
            {
                request.Content = new StringContent(
                    "{}", new MediaTypeHeaderValue(content.AsObject().Select(static one => one.Key).Single()));
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var text = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadAsStringAsync() : "";
            if (response.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.Unauthorized
                || text.Contains("This API has no ", StringComparison.Ordinal))
                failed.Add($"{method} {path}: {(int)response.StatusCode} {text}");
        }

        Assert.Empty(failed);
        Assert.InRange(operations.Count, 100, int.MaxValue);
    }
}
