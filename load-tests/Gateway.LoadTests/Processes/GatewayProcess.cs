namespace Gateway.LoadTests.Processes;

/// <summary>A real gateway in a process of its own, over a data directory that may outlive it.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private readonly ServerProcess _server;

    private GatewayProcess(ServerProcess server, IPEndPoint address, TimeSpan readyAfter) =>
        (_server, Address, ReadyAfter) = (server, address, readyAfter);

    public IPEndPoint Address { get; }

    /// <summary>From the start of the process to its first 200 on <c>/readyz</c>.</summary>
    public TimeSpan ReadyAfter { get; }

    public int Id => _server.Id;

    public TimeSpan CpuTime => _server.CpuTime;

    public TimeSpan KernelTime => _server.KernelTime;

    public long MemoryBytes => _server.MemoryBytes;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="program">The executable of a Release build.</param>
    /// <param name="config">The configuration file.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="more">Further arguments of <c>gateway run</c>.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="environment">Variables that it has besides this process's.</param>
    /// <param name="mayBeUnready">Takes one that listens and decides nothing, as with a clock that is off.</param>
    public static async Task<GatewayProcess> StartAsync(
        string program, string config, string data, IEnumerable<string> more, int port,
        CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null,
        bool mayBeUnready = false)
    {
        const string Listens = "gateway listens on ";
        var begin = TimeProvider.System.GetTimestamp();
        var server = ServerProcess.Start(
            program,
            ["run", "--config", config, "--data", data, "--listen", $"http://127.0.0.1:{port}", .. more],
            environment);
        try
        {
            var line = await server.LineAsync(Listens, cancellationToken);
            var address = new Uri(line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]);
            if (!mayBeUnready)
                await ReadyAsync(new Uri(address, "/readyz"), cancellationToken);
            return new GatewayProcess(
                server, new IPEndPoint(IPAddress.Loopback, address.Port),
                TimeProvider.System.GetElapsedTime(begin));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public Task StopAsync() => _server.StopAsync();

    public void Kill() => _server.Kill();

    public void Dispose() => _server.Dispose();

    private static async Task ReadyAsync(Uri ready, CancellationToken cancellationToken)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        while (true)
        {
            using var question = new HttpRequestMessage(HttpMethod.Get, ready);
            using var answer = await http.SendAsync(question, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(2, cancellationToken);
        }
    }
}
