namespace Gateway.Server.Tests.Interop;

/// <summary>The official <c>@modelcontextprotocol/server-everything</c> over Streamable HTTP.</summary>
internal sealed class EverythingServer(NodeProcess process, Uri address) : IAsyncDisposable
{
    public Uri Address { get; } = address;

    public static async Task<EverythingServer> StartAsync(CancellationToken cancellationToken)
    {
        var process = NodeProcess.Start("everything-server.js");
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
