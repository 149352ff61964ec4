namespace Gateway.Fleet.Tests.Outages;

/// <summary>A machine boots, and the gateway starts before its database.</summary>
public sealed class StartWithoutStoreTests
{
    [ClusterFact]
    public async Task Start_without_the_database_listens_denies_and_serves_once_it_is_there()
    {
        await using var bench = await FleetBench.StartAsync("""{ "version": "1", "default": "allow" }""");
        await bench.Database.StopAsync("fast");
        using var folder = new TestFolder();
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "notify.socket")));
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");

        var starting = GatewayProcess.StartProgramAsync(
            new GatewayPlace { Environment = Environment(folder) }, Programs.Gateway,
            [
                "run", "--config", bench.ConfigPath, "--data", Path.Combine(folder.Path, "data"),
                "--store", bench.Database.Url(), "--listen", address.OriginalString,
            ]);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        await Soon.UntilAsync(() => IsAsync(client, "/livez", HttpStatusCode.OK), "the gateway listens");
        using var content = new StringContent("{}");
        using var denied = await client.PostAsync(new Uri("/mcp/srv", UriKind.Relative), content);
        var isUnready = await IsAsync(client, "/readyz", HttpStatusCode.ServiceUnavailable);
        var extended = await ReceiveAsync(manager);
        await bench.Database.StartAsync();
        await using var gateway = await starting;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, denied.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(8), denied.Headers.RetryAfter?.Delta);
        Assert.True(isUnready);
        Assert.StartsWith("EXTEND_TIMEOUT_USEC=32000000\n", extended, StringComparison.Ordinal);
        await Soon.UntilAsync(() => IsAsync(client, "/readyz", HttpStatusCode.OK), "the gateway is ready");
        string said;
        do
            said = await ReceiveAsync(manager);
        while (said.StartsWith("EXTEND_TIMEOUT_USEC", StringComparison.Ordinal));
        Assert.StartsWith("READY=1", said, StringComparison.Ordinal);
        var agent = new Agent(gateway.Client(), "any", new CallHistory("agent"));
        Assert.Equal(CallOutcome.Admitted, await agent.CallAsync());
        Assert.Contains("The gateway cannot start yet and denies every call", gateway.Errors, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Environment(TestFolder folder) =>
        new() { ["NOTIFY_SOCKET"] = Path.Combine(folder.Path, "notify.socket") };

    private static async Task<string> ReceiveAsync(Socket manager)
    {
        var buffer = new byte[1024];
        var length = await manager.ReceiveAsync(buffer).WaitAsync(Soon.AtMost);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task<bool> IsAsync(HttpClient client, string path, HttpStatusCode status)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode == status;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
