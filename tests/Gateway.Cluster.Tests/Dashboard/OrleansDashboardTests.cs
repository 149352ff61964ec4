using Gateway.Cluster.Certificates;
using Gateway.Cluster.Tests.Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Cluster.Tests.Dashboard;

/// <summary>The Orleans dashboard of two silos, at the operators' listener of a frontend.</summary>
public sealed class OrleansDashboardTests
{
    private const string Password = "correct horse battery staple";
    private const string Pages = "/orleans/";

    /// <summary>All routes of the package, and spellings that routing takes for the same.</summary>
    private static readonly string[] Paths =
    [
        "/orleans", "/orleans/", "/ORLEANS/", "/orleans//", "/orleans/%69ndex.html", "/orleans/index.html",
        "/orleans/favicon.ico", "/orleans/index.min.js", "/orleans/index.css", "/orleans/fonts/fa-solid-900.woff2",
        "/orleans/img/OrleansLogo.png", "/orleans/version", "/orleans/DashboardCounters",
        "/orleans/dashboardcounters/", "/orleans/ClusterStats", "/orleans/Reminders", "/orleans/Reminders/1",
        "/orleans/HistoricalStats/a", "/orleans/SiloProperties/a", "/orleans/SiloMetadata/a",
        "/orleans/SiloStats/a", "/orleans/SiloCounters/a", "/orleans/GrainStats/a", "/orleans/TopGrainMethods",
        "/orleans/GrainTypes", "/orleans/GrainState?grainId=1&grainType=a", "/orleans/Trace",
        "/orleans/LifecycleStages",
    ];

    [ClusterFact]
    public async Task Operators_who_may_read_see_both_silos_and_nobody_else_sees_anything()
    {
        using var certificates = new FleetCertificates();
        await using var fleet = await SiloFleet.StartAsync(silos: 0, certificates);
        fleet.Environment = [("GATEWAY_DASHBOARD", "true")];
        await fleet.AddSilosAsync(2);
        using var folder = new TestFolder();
        var operators = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var frontend = await StartAsync(fleet, folder, operators);
        using var http = Client(operators);
        await AddOperatorAsync(http, "reader", "viewer");
        await AddOperatorAsync(http, "guardian", "approver");

        using var agents = Client(frontend.Address);
        using var reader = Client(operators);
        using var guardian = Client(operators);
        using var stranger = Client(operators);
        await SignInAsync(reader, "reader");
        await SignInAsync(guardian, "guardian");
        foreach (var path in Paths)
        {
            Assert.Equal((path, 404), (path, await StatusAsync(agents, path)));
            var refused = await StatusAsync(stranger, path);
            Assert.Equal((path, path.Contains("//") ? 404 : 401), (path, refused));
            if (refused == 404) continue;
            Assert.Equal((path, 403), (path, await StatusAsync(guardian, path)));
            foreach (var change in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete])
            {
                using var answer = await reader.SendAsync(new HttpRequestMessage(change, path));
                Assert.Equal((path, HttpStatusCode.MethodNotAllowed), (path, answer.StatusCode));
            }
        }

        Assert.Equal(401, await StatusAsync(stranger, Pages, AgentConfig.Token));
        await SeesAsync(reader);
        string[] closed = ["GrainState?grainId=1&grainType=a", "Trace", "LifecycleStages", "SiloProperties/none"];
        foreach (var path in closed) Assert.Equal(404, await StatusAsync(reader, Pages + path));
        // The address of a silo that has never been.
        Assert.Equal(503, await StatusAsync(reader, Pages + "SiloProperties/127.0.0.1:1@7"));
        await CallsNothingElseAsync(fleet, certificates);
    }

    [ClusterFact]
    public async Task Without_the_option_there_is_no_dashboard()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        using var folder = new TestFolder();
        var operators = new Uri($"http://127.0.0.1:{Ports.Free()}");
        await StartAsync(fleet, folder, operators);
        using var http = Client(operators);

        Assert.Equal(404, await StatusAsync(http, Pages, AgentConfig.AdminKey));
        Assert.Equal(404, await StatusAsync(http, "/orleans/DashboardCounters", AgentConfig.AdminKey));
    }

    /// <summary>The page with what it loads, and the figures of the silos.</summary>
    private static async Task SeesAsync(HttpClient reader)
    {
        using var page = await reader.GetAsync(Pages);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'none'; script-src 'self'; ",
            page.Headers.GetValues("Content-Security-Policy").Single());
        using var script = await reader.GetAsync(Pages + "index.min.js");
        Assert.InRange((await script.Content.ReadAsByteArrayAsync()).Length, 100_000, int.MaxValue);
        Assert.Equal(200, await StatusAsync(reader, Pages + "index.css"));

        var hosts = new JsonArray();
        await Soon.UntilAsync(
            async () =>
            {
                // The grain that collects the counters may still start, which is an error of this page.
                using var counters = await reader.GetAsync(Pages + "DashboardCounters");
                if (!counters.IsSuccessStatusCode)
                    return false;
                hosts = JsonNode.Parse(await counters.Content.ReadAsStringAsync())!["hosts"]!.AsArray();
                return hosts.Count == 2;
            },
            "the dashboard shows two silos");
        var addresses = new List<string>();
        foreach (var host in hosts)
        {
            Assert.Equal("Active", (string?)host!["status"]);
            addresses.Add(Uri.EscapeDataString((string)host["siloAddress"]!));
            var versions = JsonNode.Parse(await reader.GetStringAsync(Pages + "SiloProperties/" + addresses[^1]))!;
            Assert.StartsWith("10.", (string?)versions["orleansVersion"]);
        }

        // Of one silo: the dashboard's SiloGrainService ends the collection of a silo at its first failure, such as one
        // while the other silo joins.
        await Soon.UntilAsync(
            async () =>
            {
                var figures = await Task.WhenAll(addresses.Select(
                    address => reader.GetStringAsync(Pages + "HistoricalStats/" + address)));
                return figures.Any(static silo => JsonNode.Parse(silo)!.AsArray().Any(static one => one is not null));
            },
            "the dashboard shows figures of a silo");

        Assert.Contains("CounterBatchGrain", await reader.GetStringAsync(Pages + "GrainTypes"));
        Assert.Equal(200, await StatusAsync(reader, Pages + "ClusterStats"));
        Assert.Equal(200, await StatusAsync(reader, Pages + "TopGrainMethods"));
        Assert.Equal(200, await StatusAsync(reader, Pages + "Reminders/1"));
    }

    /// <summary>A frontend's certificate still opens no method that changes something or loads a grain.</summary>
    private static async Task CallsNothingElseAsync(SiloFleet fleet, FleetCertificates certificates)
    {
        using var client = RogueClient.Build(
            fleet.Silos[0].ClientPort, builder => builder.Secure(certificates.OpenFrontend(fleet), false));
        await client.StartAsync();
        var grains = client.Services.GetRequiredService<IGrainFactory>();
        var dashboard = grains.GetGrain(Interface("IDashboardGrain"), 0);
        var silo = grains.GetGrain(Interface("ISiloGrainProxy"), $"127.0.0.1:{fleet.Silos[0].SiloPort}@0");

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => CallAsync(dashboard, "GetGrainState"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => CallAsync(silo, "Enable"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => CallAsync(silo, "SetVersion"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(
            () => grains.GetGrain<IManagementGrain>(0).GetHosts());
        await client.StopAsync();

        Type Interface(string name) => Type.GetType($"Orleans.Dashboard.Core.{name}, Orleans.Dashboard", true)!;

        Task CallAsync(IGrain grain, string method)
        {
            var type = Interface(method == "GetGrainState" ? "IDashboardGrain" : "ISiloGrainProxy");
            var declared = type.GetInterfaces().Prepend(type)
                .Select(one => one.GetMethod(method)).First(static one => one is not null)!;
            return (Task)declared.Invoke(grain, new object?[declared.GetParameters().Length])!;
        }
    }

    private static Task<ClusterProcess> StartAsync(SiloFleet fleet, TestFolder folder, Uri operators) =>
        fleet.StartReadyAsync(
            "frontend", "--config", AgentConfig.Write(folder.Path, "http://127.0.0.1:1/mcp", max: 1), "--data",
            Path.Combine(folder.Path, "data"), "--listen", "http://127.0.0.1:0", "--admin-listen",
            operators.AbsoluteUri.TrimEnd('/'));

    private static async Task AddOperatorAsync(HttpClient http, string name, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/operators")
        {
            Content = Json($$"""{"name":"{{name}}","roles":["{{role}}"],"password":"{{Password}}"}"""),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", AgentConfig.AdminKey) },
        };
        using var made = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    private static async Task SignInAsync(HttpClient http, string name)
    {
        using var signedIn = await http.PostAsync(
            "/api/v1/session", Json($$"""{"name":"{{name}}","password":"{{Password}}"}"""));
        Assert.True(signedIn.IsSuccessStatusCode, await signedIn.Content.ReadAsStringAsync());
    }

    private static async Task<int> StatusAsync(HttpClient http, string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = address };
}
