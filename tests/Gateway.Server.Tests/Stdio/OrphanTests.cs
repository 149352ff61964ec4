namespace Gateway.Server.Tests.Stdio;

/// <summary>However a session, a child or the gateway ends: no process is left, and no zombie.</summary>
public sealed class OrphanTests
{
    [LinuxFact]
    public async Task What_a_program_forked_ends_with_its_session()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();
        Assert.Contains("forked", await bench.CallAsync(StdioBench.Call("fork"), session));
        Assert.Equal(2, LiveProcesses.Alive(bench.Pids).Length);

        using var request = new HttpRequestMessage(HttpMethod.Delete, bench.Endpoint);
        request.Headers.Add("Mcp-Session-Id", session);
        using var deleted = await bench.Client.SendAsync(request);

        await LiveProcesses.AllGoneAsync(() => bench.Pids);
    }

    [LinuxFact]
    public async Task What_a_program_forked_ends_with_the_program()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();
        await bench.CallAsync(StdioBench.Call("fork"), session);

        await bench.CallAsync(StdioBench.Call("die"), session);

        await LiveProcesses.AllGoneAsync(() => bench.Pids);
    }

    [LinuxFact]
    public async Task A_program_that_ignores_the_end_of_its_input_and_sigterm_is_ended_at_shutdown()
    {
        await using var bench = await StdioBench.StartAsync(argument: "ignores-term");
        await bench.OpenAsync();
        await bench.OpenAsync();
        Assert.Equal(2, LiveProcesses.Alive(bench.Pids).Length);

        await bench.DisposeHostAsync();

        Assert.Empty(LiveProcesses.Alive(bench.Pids));
    }

    [LinuxFact]
    public async Task Shutdown_leaves_neither_children_nor_the_supervisor()
    {
        var before = LiveProcesses.ChildrenOf(Environment.ProcessId);
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();
        await bench.CallAsync(StdioBench.Call("fork"), session);
        var supervisor = LiveProcesses.ChildrenOf(Environment.ProcessId).Except(before).Except(bench.Pids).ToArray();

        await bench.DisposeHostAsync();

        Assert.NotEmpty(supervisor);
        await LiveProcesses.AllGoneAsync(() => bench.Pids.Concat(supervisor));
    }

    [LinuxFact]
    public async Task Killing_the_gateway_leaves_no_process()
    {
        using var folder = new TestFolder("gateway-stdio-");
        var config = StdioBench.WriteConfig(folder.Path, argument: "ignores-term");
        await using var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data"));
        using var client = gateway.Client();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await client.PostAsync("srv", Json(StdioBench.Initialize));
            var session = answer.Headers.GetValues("Mcp-Session-Id").Single();
            using var call = new HttpRequestMessage(HttpMethod.Post, "srv") { Content = Json(StdioBench.Call("fork")) };
            call.Headers.Add("Mcp-Session-Id", session);
            using var forked = await client.SendAsync(call);
            Assert.Equal(200, (int)forked.StatusCode);
        }

        var pids = Pids(folder);
        var children = LiveProcesses.ChildrenOf(gateway.Id);
        Assert.Equal(10, LiveProcesses.Alive(pids).Length);

        await gateway.KillAsync();

        await LiveProcesses.AllGoneAsync(() => pids.Concat(children));
    }

    [LinuxFact]
    public async Task A_lost_supervisor_is_replaced_by_one_that_knows_the_children()
    {
        using var folder = new TestFolder("gateway-stdio-");
        var config = StdioBench.WriteConfig(folder.Path, argument: "ignores-term");
        await using var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data"));
        using var client = gateway.Client();
        using (await client.PostAsync("srv", Json(StdioBench.Initialize)))
        {
            var pid = Pids(folder)[0];
            var supervisor = LiveProcesses.ChildrenOf(gateway.Id).Single(process => process != pid);
            System.Diagnostics.Process.GetProcessById(supervisor).Kill();
            await LiveProcesses.Until(() => !LiveProcesses.ChildrenOf(gateway.Id).Contains(supervisor));
            using var second = await client.PostAsync("srv", Json(StdioBench.Initialize));
            Assert.True((int)second.StatusCode == 200, await second.Content.ReadAsStringAsync() + gateway.Errors);
            var pids = Pids(folder);

            await gateway.KillAsync();

            await LiveProcesses.AllGoneAsync(() => pids);
        }
    }

    private static int[] Pids(TestFolder folder) =>
        [.. File.ReadAllLines(Path.Combine(folder.Path, "pids")).Select(static line => int.Parse(line, null))];

    private static StringContent Json(string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = new("application/json");
        return content;
    }
}
