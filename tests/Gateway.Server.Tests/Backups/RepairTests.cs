namespace Gateway.Server.Tests.Backups;

/// <summary>A disk has damaged some files of a data directory.</summary>
public sealed class RepairTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-repair-");
    private string? _key;

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_with_damaged_documents_serves_the_others_lists_all_and_is_repaired()
    {
        await using var server = await RecordingServer.StartAsync();
        var tokens = new Dictionary<string, string>();
        await using (var host = await StartAsync())
        {
            await RunAsync(host, "server", "add", "crm", server.Url);
            var policyFile = _folder.File("policy.json", """{ "version": "1", "default": "allow" }""");
            foreach (var name in (string[])["sound", "lost"])
                await RunAsync(host, "policy", "set", name, policyFile);
            foreach (var (name, policy) in ((string, string)[])[("bot1", "sound"), ("bot2", "lost"), ("bot3", "sound")])
            {
                var made = await RunAsync(host, "grant", "create", name, "--server", $"crm={policy}");
                tokens[name] = Regex.Match(made.Output, "pgw_[A-Za-z0-9_-]{43}").Value;
            }
        }

        var grant = Path.Combine(Data, "control", "grants", "bot3.json");
        var lost = Path.Combine(Data, "control", "policies", "lost.json");
        await File.WriteAllTextAsync(grant, "{\"name\":\"bot3\",");
        await File.WriteAllBytesAsync(lost, new byte[512]);
        await using (var host = await StartAsync())
        {
            var status = await new Cli(_folder.Path, new Uri(host.Addresses[0]), _key!).RunAsync("status");
            Assert.Contains(grant, status.Output, StringComparison.Ordinal);
            Assert.Contains(lost, status.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("LineNumber", status.Output, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await CallAsync(host, tokens["bot1"]));
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(host, tokens["bot3"]));
            var before = server.Requests.Count;
            await CallAsync(host, tokens["bot2"]);
            Assert.Equal(before, server.Requests.Count);
            var held = await new Cli(_folder.Path).RunAsync("repair", "--data", Data);
            Assert.Equal(2, held.ExitCode);
        }

        var cli = new Cli(_folder.Path);
        var planned = await cli.RunAsync("repair", "--data", Data, "--dry-run");
        var repaired = await cli.RunAsync("repair", "--data", Data);
        var again = await cli.RunAsync("repair", "--data", Data);

        Assert.Equal((1, 0, 0), (planned.ExitCode, repaired.ExitCode, again.ExitCode));
        Assert.Contains("grants/bot3: moved to", repaired.Output, StringComparison.Ordinal);
        Assert.Contains("No document is damaged.", again.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(grant));
        await using var last = await StartAsync();
        await RunAsync(last, "policy", "set", "lost", Path.Combine(_folder.Path, "policy.json"));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(last, tokens["bot2"]));
    }

    [Fact]
    public async Task Damaged_object_is_set_again_or_deleted_while_the_gateway_runs_and_its_bytes_are_kept()
    {
        await using var server = await RecordingServer.StartAsync();
        var policy = _folder.File("policy.json", """{ "version": "1", "default": "allow" }""");
        var addresses = _folder.File("people.txt", "ana@example.com");
        await using (var host = await StartAsync())
        {
            await RunAsync(host, "server", "add", "crm", server.Url);
            await RunAsync(host, "policy", "set", "lost", policy);
            await RunAsync(host, "list", "set", "people", addresses);
            await RunAsync(host, "grant", "create", "bot1", "--server", "crm=lost");
            await RunAsync(host, "grant", "create", "bot2", "--server", "crm=lost");
        }

        string[] objects = ["servers/crm", "policies/lost", "lists/people", "grants/bot1", "grants/bot2"];
        foreach (var one in objects)
            await File.WriteAllTextAsync(Path.Combine(Data, "control", $"{one}.json"), $"damaged {one}");
        string? token;
        await using (var host = await StartAsync())
        {
            await RunAsync(host, "server", "add", "crm", server.Url);
            await RunAsync(host, "policy", "set", "lost", policy);
            await RunAsync(host, "list", "set", "people", addresses);
            var made = await RunAsync(host, "grant", "create", "bot1", "--server", "crm=lost");
            token = Regex.Match(made.Output, "pgw_[A-Za-z0-9_-]{43}").Value;
            await RunAsync(host, "grant", "revoke", "bot2");

            Assert.Equal(HttpStatusCode.OK, await CallAsync(host, token));
        }

        Assert.All(objects, one => Assert.Equal(
            $"damaged {one}", File.ReadAllText(Path.Combine(Data, "control-damaged", $"{one}.json"))));
        Assert.False(File.Exists(Path.Combine(Data, "control", "grants", "bot2.json")));
        await using var last = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(last, token));
        var status = await new Cli(_folder.Path, new Uri(last.Addresses[0]), _key!).RunAsync("status");
        Assert.DoesNotContain("damaged", status.Output, StringComparison.Ordinal);
    }

    private Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        new GatewayHostOptions
        {
            DataDirectory = Data,
            Listen = ["http://127.0.0.1:0"],
            Quiet = true,
            ShowAdminKey = key => _key = key,
        },
        CancellationToken.None);

    private async Task<CliRun> RunAsync(GatewayHost host, params string[] arguments)
    {
        var run = await new Cli(_folder.Path, new Uri(host.Addresses[0]), _key!).RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }

    private static async Task<HttpStatusCode> CallAsync(GatewayHost host, string token)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{host.Addresses[0]}/mcp/crm"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{}}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
