using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Edge;

/// <summary>
/// Every spelling of every path, on every listener, meets the guard of the canonical path or is not found. The routes
/// are those that routing knows, so a new one is tested from its first commit.
/// </summary>
public sealed class RouteGuardTests : IAsyncLifetime, IDisposable
{
    private const string Config = """
        {
          "publicUrl": "https://gw.example.com",
          "oauth": { "issuer": "https://gw.example.com" },
          "servers": { "srv": { "url": "http://127.0.0.1:1/mcp" } },
          "policies": {}, "grants": {}
        }
        """;

    /// <summary>Paths that middleware in front of routing serves, and one that nothing serves.</summary>
    private static readonly (string Method, string Path)[] BeforeRouting =
    [
        ("POST", "/mcp"), ("POST", "/mcp/srv"), ("GET", "/mcp/srv"), ("DELETE", "/mcp/srv"),
        ("GET", "/authorize"), ("GET", "/sign-in"), ("GET", "/sign-in/provider"), ("POST", "/token"),
        ("POST", "/revoke"), ("POST", "/register"), ("GET", "/.well-known/oauth-authorization-server"),
        ("POST", "/v1/acquire"), ("POST", "/v1/refund"), ("POST", "/v1/release"), ("GET", "/v0.1/servers"),
        ("POST", "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"), ("GET", "/nothing"),
    ];

    private readonly TestFolder _folder = new("gateway-guards-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private GatewayHost _host = null!;

    public async Task InitializeAsync()
    {
        var path = Path.Combine(_folder.Path, "gateway.json");
        await File.WriteAllTextAsync(path, Config);
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                AdminListen = "http://127.0.0.1:0",
                RegistryListen = "http://127.0.0.1:0",
                Extensions = DefaultExtensions.Read("--acquire-listen", "http://127.0.0.1:0"),
                Quiet = true,
                ConfigFile = new() { Path = path },
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_endpoint_names_its_guard()
    {
        var unguarded = Endpoints().Where(static one => one.Metadata.GetMetadata<EndpointGuard>() is null);

        Assert.Empty(unguarded.Select(static one => one.DisplayName));
        Assert.InRange(Endpoints().Count(), 100, int.MaxValue);
    }

    [Theory]
    [InlineData("localhost", null)]
    [InlineData("evil.example", null)]
    [InlineData("localhost", "https://evil.example")]
    public async Task Every_spelling_of_a_path_meets_the_guard_of_the_path(string host, string? origin)
    {
        var compared = 0;
        var passed = new List<string>();
        foreach (var listener in Listeners())
        {
            foreach (var (method, path) in Routes())
            {
                var canonical = await StatusAsync(listener, method, path, host, origin);
                foreach (var spelling in Spellings(path))
                {
                    var status = await StatusAsync(listener, method, spelling, host, origin);
                    compared++;
                    // A refusal is fine: 400 by the web server, 401 and 403 by the API for paths that it does not have.
                    if (status != canonical && status is not (400 or 401 or 403 or 404))
                        passed.Add($"{listener} {method} {spelling}: {status}, but {path}: {canonical}");
                }
            }
        }

        Assert.Empty(passed);
        Assert.InRange(compared, 4_000, int.MaxValue);
    }

    [Fact]
    public async Task Metrics_exist_only_where_operators_are_served_however_the_path_is_spelled()
    {
        foreach (var spelling in Spellings("/metrics"))
        {
            var onAgents = await StatusAsync(_host.Addresses[0], "GET", spelling, "localhost", null);
            Assert.Contains(onAgents, (int[])[400, 404]);
            Assert.NotEqual(200, await StatusAsync(_host.Addresses[^1], "GET", spelling, "evil.example", null));
            Assert.NotEqual(
                200, await StatusAsync(_host.Addresses[^1], "GET", spelling, "localhost", "https://evil.example"));
        }

        Assert.Equal(200, await StatusAsync(_host.Addresses[^1], "GET", "/Metrics/", "localhost", null));
    }

    private static IEnumerable<string> Spellings(string path)
    {
        yield return path + "/";
        yield return path + "//";
        yield return "/" + path;
        yield return path.Insert(path.LastIndexOf('/'), "/");
        yield return path.ToUpperInvariant();
        yield return string.Concat(path.Select(static one => one == '/' ? "/" : $"%{(int)one:x2}"));
        yield return "/" + path[1..].Replace("/", "%2f", StringComparison.Ordinal);
        yield return path + "%2f";
        yield return path + ";";
        yield return path + ";x=1/";
        yield return path + "/.";
        yield return "/x/.." + path;
        yield return "/." + path;
        yield return path + "%00";
        yield return path + "%20";
        yield return path + "?x=/";
        yield return path + "\\";
        if (path.Length == 1)
            yield break; // the root has no first letter
        yield return "/" + char.ToUpperInvariant(path[1]) + path[2..];
        yield return $"/%{(int)path[1]:x2}{path[2..]}";
        yield return $"/%{(int)path[1]:X2}{path[2..]}/";
        yield return $"/%25{(int)path[1]:x2}{path[2..]}";
    }

    private IEnumerable<string> Listeners() =>
        [_host.Addresses[0], _host.Addresses[^1], _host.RegistryAddress!, _host.AcquireAddress!];

    private IEnumerable<RouteEndpoint> Endpoints() =>
        _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<(string Method, string Path)> Routes() => Endpoints()
        .SelectMany(static one =>
            (one.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method,
                "/" + Regex.Replace(one.RoutePattern.RawText!, @"\{[^}]*\}", "srv").TrimStart('/'))))
        .Concat(BeforeRouting).Distinct();

    private async Task<int> StatusAsync(string listener, string method, string path, string host, string? origin)
    {
        // Sent as it is spelled: the client would put it right otherwise.
        var uri = new Uri(
            listener.TrimEnd('/') + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        request.Headers.TryAddWithoutValidation("Host", host);
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        if (method is "POST" or "PUT" or "PATCH")
            request.Content = new ByteArrayContent([]);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)response.StatusCode;
    }
}
