namespace Gateway.Server.Tests.Edge;

/// <summary>Clients whose machine is gone: no FIN and no RST ever comes from them.</summary>
public sealed class VanishedClientTests
{
    private const int Clients = 64;
    private const string Key = "the-admin-key-of-this-test-0123456789";

    [Trait("run", "full")]
    [NetworkFact]
    public Task Clients_that_vanish_with_open_streams_do_not_disable_a_stdio_server() => VanishAsync(HttpMethod.Get);

    [NetworkFact]
    public Task Clients_that_vanish_during_a_call_do_not_disable_a_stdio_server() => VanishAsync(HttpMethod.Post);

    private static async Task VanishAsync(HttpMethod method)
    {
        var net = await Subnet.ClaimAsync();
        var (name, end) = ($"gwv{Environment.ProcessId}", $"gwv{Environment.ProcessId}e");
        using var folder = new TestFolder("gateway-vanished-");
        try
        {
            await MakeNetworkAsync(net, name, end);
            await using var gateway = await StartAsync(folder, net, name);
            var endpoint = new Uri(gateway.Address, "/mcp/srv");
            using var vanishing = From($"{net}.5", endpoint);
            var streams = new List<HttpResponseMessage>();
            for (var i = 0; i < Clients; i++)
                streams.Add(await OpenStreamAsync(vanishing, endpoint, method, i));
            using var other = From($"{net}.1", endpoint);

            await IpCommand.RunAsync($"addr del {net}.5/25 dev {end}");

            await Soon.UntilAsync(
                async () => (await InitializeAsync(other, endpoint)).Status == 200, "there is room for a new session");
            await Soon.UntilAsync(
                async () => !(await IpCommand.RunAsync($"netns exec {name} ss -Htn state established"))
                    .Contains($"{net}.5:", StringComparison.Ordinal),
                "the gateway has closed the connections of the vanished clients");
            streams.ForEach(static stream => stream.Dispose());
        }
        finally
        {
            await IpCommand.TryAsync($"netns del {name}");
            await IpCommand.TryAsync($"link del {end}");
            await IpCommand.TryAsync(Subnet.Removal(net)["ip ".Length..]);
        }
    }

    /// <summary>A link between this machine, which has two addresses there, and a namespace for the gateway.</summary>
    private static async Task MakeNetworkAsync(string net, string name, string end)
    {
        await IpCommand.RunAsync($"netns add {name}");
        await IpCommand.RunAsync($"-n {name} link set lo up");
        await IpCommand.RunAsync($"link add {end} type veth peer name gateway netns {name}");
        await IpCommand.RunAsync($"addr add {net}.1/25 dev {end}");
        await IpCommand.RunAsync($"addr add {net}.5/25 dev {end}");
        await IpCommand.RunAsync($"link set {end} up");
        await IpCommand.RunAsync($"-n {name} addr add {net}.2/25 dev gateway");
        await IpCommand.RunAsync($"-n {name} link set gateway up");
    }

    private static Task<GatewayProcess> StartAsync(TestFolder folder, string net, string name)
    {
        var config = folder.File("gateway.json", $$"""
            {
              "admin": { "key": "{{Key}}" },
              "servers": { "srv": { "command": "/bin/sh", "args": ["{{Stdio.StdioBench.Script}}"],
                "childrenMax": {{Clients}} } },
              "policies": { "policy": { "version": "1", "default": "allow" } },
              "grants": {
                "a": { "server": "srv", "policy": "policy", "token": "{{TestTokens.Agent}}" },
                "b": { "server": "srv", "policy": "policy", "token": "{{TestTokens.Other}}" } }
            }
            """);
        return GatewayProcess.StartAsync(
            new GatewayPlace { Host = $"{net}.2", Prefix = ["ip", "netns", "exec", name] }, config,
            Path.Combine(folder.Path, "data"));
    }

    private static HttpClient From(string address, Uri endpoint)
    {
        var client = AddressedClient.Create(endpoint, address);
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/event-stream");
        return client;
    }

    private static async Task<(int Status, string? Session)> InitializeAsync(
        HttpClient client, Uri endpoint, int number = 0)
    {
        using var request = Request(HttpMethod.Post, endpoint, number);
        request.Content = new StringContent(
            Stdio.StdioBench.Initialize, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.SendAsync(request);
        var session = answer.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
        return ((int)answer.StatusCode, session);
    }

    private static async Task<HttpResponseMessage> OpenStreamAsync(
        HttpClient client, Uri endpoint, HttpMethod method, int number)
    {
        var (status, session) = await InitializeAsync(client, endpoint, number);
        Assert.Equal(200, status);
        using var request = Request(method, endpoint, number);
        request.Headers.Add("Mcp-Session-Id", session);
        // The program asks its client something, and answers only then.
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent(
                Stdio.StdioBench.Call("ask"), new MediaTypeHeaderValue("application/json"));
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)answer.StatusCode);
        return answer;
    }

    // A grant has 32 streams at most, so that two of them share the clients.
    private static HttpRequestMessage Request(HttpMethod method, Uri endpoint, int number) => new(method, endpoint)
    {
        Headers =
        {
            Authorization = new AuthenticationHeaderValue(
                "Bearer", number % 2 == 0 ? TestTokens.Agent : TestTokens.Other),
        },
    };
}
