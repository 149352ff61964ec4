namespace Gateway.LoadTests.Processes;

/// <summary>A real gateway in a separate process, over a data directory that may outlive it.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private readonly ServerProcess _server;

    private GatewayProcess(ServerProcess server, IPEndPoint address, TimeSpan readyAfter) =>
        (_server, Address, ReadyAfter) = (server, address, readyAfter);

    public IPEndPoint Address { get; }

    /// <summary>The time from the start of the process to its first 200 on <c>/readyz</c>.</summary>
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
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="environment">Environment variables in addition to those of this process.</param>
    /// <param name="mayBeUnready">
    /// True to accept a gateway that listens but cannot decide, for example because its clock is off.
    /// </param>
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
