namespace Gateway.Server.Tests.Interop;

/// <summary>The official <c>@modelcontextprotocol/server-everything</c> over Streamable HTTP or HTTP+SSE.</summary>
internal sealed class EverythingServer(NodeProcess process, Uri address) : IAsyncDisposable
{
    public Uri Address { get; } = address;

    public static async Task<EverythingServer> StartAsync(
        CancellationToken cancellationToken, string script = "everything-server.js")
    {
        var process = NodeProcess.Start(script);
        try
        {
            using var first = JsonDocument.Parse(await process.ReadJsonLineAsync(cancellationToken));
            return new EverythingServer(process, new Uri(first.RootElement.GetProperty("url").GetString()!));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
