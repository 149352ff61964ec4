namespace Gateway.Server.Tests.Stdio;

/// <summary>What the registration of a program lets it take: user, limits of the system, children, time.</summary>
public sealed class ContainedChildTests
{
    [LinuxFact]
    public async Task Limits_of_the_system_are_in_force_before_the_program_begins()
    {
        await using var bench = await StdioBench.StartAsync(
            more: """, "ulimits": { "openFiles": 55, "cpuSeconds": 77, "fileBytes": 1048576, "processes": 4000 }""");

        var self = await bench.CallAsync(StdioBench.Call("self"), await bench.OpenAsync());

        Assert.Contains("files 55 cpu 77 size 2048", self);
    }

    [LinuxFact]
    public async Task A_limit_above_the_limit_of_the_gateway_is_reported_as_such()
    {
        await using var bench = await StdioBench.StartAsync(more: """, "ulimits": { "openFiles": 2147483647 }""");

        Assert.Contains("its limits could not be set", await bench.CallAsync(StdioBench.Initialize, null));
        Assert.Empty(bench.Pids);
    }

    [LinuxFact]
    public async Task Another_user_is_taken_only_where_the_gateway_is_root()
    {
        // Its text stands here, since that user may not read where the tests are.
        const string program = """
            { "command": "/bin/sh", "user": "65534:65534", "cwd": "/", "args": ["-c",
              "read line; printf '{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"self\":\"%s\"}}\\n' \"$(id -u):$(id -G) $HOME\"; read line"] }
            """;
        if (!Environment.IsPrivilegedProcess)
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(
                () => StdioBench.StartProgramAsync(program));
            Assert.Contains("so it cannot start a program as another user", refused.Message);
            return;
        }

        await using var bench = await StdioBench.StartProgramAsync(program);

        Assert.Contains("\"self\":\"65534:65534 /\"", await bench.CallAsync(StdioBench.Initialize, null));
    }

    [LinuxFact]
    public async Task Beyond_its_children_a_server_starts_none_while_all_are_in_use()
    {
        await using var bench = await StdioBench.StartAsync(more: ", \"childrenMax\": 2");
        await bench.OpenAsync();
        await bench.OpenAsync();

        var refused = await bench.CallAsync(StdioBench.Initialize, null);

        Assert.Contains("it already runs 2 programs, which is the maximum. The call did not reach the server", refused);
        Assert.Equal(2, bench.Pids.Length);
        Assert.Matches(
            $"gateway_stdio_starts_refused_total\\{{reason=\"at_bound\",server=\"{bench.Server}\"\\}} 1",
            await bench.MetricsTextAsync());
    }

    [LinuxFact]
    public async Task Beyond_all_its_programs_a_gateway_starts_none()
    {
        await using var bench = await StdioBench.StartAsync(programsMax: 1);
        await bench.OpenAsync();

        var refused = await bench.CallAsync(StdioBench.Initialize, null);

        Assert.Contains("the gateway already runs 1 programs, which is the maximum.", refused);
        Assert.Single(bench.Pids);
    }

    [LinuxFact]
    public async Task A_child_that_nobody_uses_ends_after_its_idle_time()
    {
        await using var bench = await StdioBench.StartAsync(more: ", \"idleSeconds\": 1");
        var session = await bench.OpenAsync();
        Assert.Contains("echo", await bench.CallAsync(StdioBench.Call("echo"), session));

        await LiveProcesses.AllGoneAsync(() => bench.Pids);
        await bench.HasSeriesAsync($"gateway_stdio_ends_total{{reason=\"idle\",server=\"{bench.Server}\"}} 1");
        using var after = await bench.PostAsync(StdioBench.Call("echo"), session);

        Assert.Equal(404, (int)after.StatusCode);
    }

    [LinuxFact]
    public async Task Open_stream_that_brings_nothing_does_not_keep_a_child()
    {
        await using var bench = await StdioBench.StartAsync(more: ", \"idleSeconds\": 1");
        var session = await bench.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, bench.Endpoint);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var stream = await bench.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)stream.StatusCode);

        await LiveProcesses.AllGoneAsync(() => bench.Pids);

        await bench.HasSeriesAsync($"gateway_stdio_ends_total{{reason=\"idle\",server=\"{bench.Server}\"}} 1");
    }
}
