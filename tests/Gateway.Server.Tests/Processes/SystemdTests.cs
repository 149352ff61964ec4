namespace Gateway.Server.Tests.Processes;

/// <summary>A unit of <c>Type=notify</c>: what the service manager is told, at a socket of its own.</summary>
public sealed class SystemdTests
{
    [UnixFact]
    public async Task Says_when_it_serves_and_when_it_drains()
    {
        using var folder = new TestFolder("gateway-unit-");
        using var manager = Listen(folder);
        await using var gateway = await StartAsync(folder, PathOf(folder));

        Assert.StartsWith("READY=1\n", await ReadAsync(manager));
        gateway.Terminate();
        Assert.StartsWith("STOPPING=1\n", await ReadAsync(manager));
        await gateway.WaitForExitAsync();
        Assert.Equal(0, gateway.ExitCode);
    }

    [UnixFact]
    public async Task Serves_where_nobody_listens_at_that_socket_and_says_so()
    {
        using var folder = new TestFolder("gateway-unit-");

        await using var gateway = await StartAsync(folder, Path.Combine(folder.Path, "nobody"));

        await gateway.SaysAsync("NOTIFY_SOCKET names a socket that does not accept this process's state");
        using var client = new HttpClient { BaseAddress = gateway.Address };
        using var alive = await client.GetAsync(new Uri("/livez", UriKind.Relative));
        Assert.Equal(200, (int)alive.StatusCode);
    }

    [UnixFact]
    public async Task Watchdog_is_fed_while_the_process_runs_and_not_while_it_is_stopped()
    {
        using var folder = new TestFolder("gateway-unit-");
        using var manager = Listen(folder);
        await using var gateway = await StartAsync(folder, PathOf(folder), ("WATCHDOG_USEC", "2000000"));

        Assert.StartsWith("READY=1\n", await ReadAsync(manager));
        Assert.Equal("WATCHDOG=1", await ReadAsync(manager));
        Assert.Equal("WATCHDOG=1", await ReadAsync(manager));
        gateway.Pause();
        // One notice may have been on its way. Without the pause, two are sent in each second.
        if (!await IsSilentAsync(manager))
            Assert.True(await IsSilentAsync(manager));
        gateway.Resume();
        Assert.Equal("WATCHDOG=1", await ReadAsync(manager));
    }

    [UnixFact]
    public async Task Watchdog_of_another_process_is_not_fed()
    {
        using var folder = new TestFolder("gateway-unit-");
        using var manager = Listen(folder);
        await using var gateway = await StartAsync(
            folder, PathOf(folder), ("WATCHDOG_USEC", "400000"), ("WATCHDOG_PID", "1"));

        Assert.StartsWith("READY=1\n", await ReadAsync(manager));
        Assert.True(await IsSilentAsync(manager));
    }

    private static string PathOf(TestFolder folder) => Path.Combine(folder.Path, "notify");

    private static Socket Listen(TestFolder folder)
    {
        var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(PathOf(folder)));
        return manager;
    }

    private static Task<GatewayProcess> StartAsync(
        TestFolder folder, string socket, params (string Name, string Value)[] more) => GatewayProcess.StartAsync(
        TestConfig.Write(folder.Path, "http://127.0.0.1:1/mcp", """{ "version": "1", "default": "allow" }"""),
        Path.Combine(folder.Path, "data"),
        more.Append(("NOTIFY_SOCKET", socket)).ToDictionary(static one => one.Item1, static one => one.Item2));

    /// <summary>False, after one notice, if one arrives within two seconds.</summary>
    private static async Task<bool> IsSilentAsync(Socket manager)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await manager.ReceiveAsync(new byte[4096], SocketFlags.None, end.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static async Task<string> ReadAsync(Socket manager)
    {
        var buffer = new byte[4096];
        var length = await manager.ReceiveAsync(buffer).WaitAsync(Soon.AtMost);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
