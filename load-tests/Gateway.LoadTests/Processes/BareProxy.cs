namespace Gateway.LoadTests.Processes;

/// <summary>A Kestrel that only forwards, in a separate process.</summary>
internal static class BareProxy
{
    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="FileNotFoundException">It is not built.</exception>
    public static async Task<(ServerProcess Process, IPEndPoint Address)> StartAsync(
        Uri server, bool isInline, CancellationToken cancellationToken)
    {
        const string Listens = "bare proxy listens on ";
        var program = Tools.BareProxy() ?? throw new FileNotFoundException(
            "The bare proxy is not there; build it with: dotnet build load-tests/Gateway.BareProxy -c Release");
        var process = isInline
            ? ServerProcess.Start(program, [server.ToString(), "inline"],
                new Dictionary<string, string> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1" })
            : ServerProcess.Start(program, [server.ToString()]);
        try
        {
            var line = await process.LineAsync(Listens, cancellationToken);
            var address = new Uri(line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]);
            return (process, new IPEndPoint(IPAddress.Loopback, address.Port));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }
}
