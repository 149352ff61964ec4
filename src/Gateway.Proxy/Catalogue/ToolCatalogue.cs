using System.Text.Json;
using Gateway.Mcp;
using Gateway.Proxy.Snapshots;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace Gateway.Proxy.Catalogue;

/// <summary>Asks servers for their tools with the official client: an operator's question, never an agent's.</summary>
internal static class ToolCatalogue
{
    /// <summary>Tools that are read of one server; what comes after them is left out.</summary>
    public const int ToolsMax = 10_000;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    /// <exception cref="CatalogueException">The server cannot be reached, refuses, or speaks no MCP.</exception>
    public static async Task<IReadOnlyList<ToolFacts>> ListAsync(
        ServerModel server, IUpstream upstream, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Within);
        try
        {
            using var http = UpstreamClient.To(upstream);
            var transport = new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = UpstreamClient.AddressOf(server),
                    TransportMode = HttpTransportMode.StreamableHttp,
                    EnableStandaloneGetStream = false,
                },
                http);
            await using var client = await McpClient.CreateAsync(transport, cancellationToken: limit.Token);
            var tools = await client.ListToolsAsync(cancellationToken: limit.Token);
            return [.. tools.Take(ToolsMax).Select(Facts).OrderBy(static tool => tool.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is HttpRequestException or McpException or IOException or JsonException
            or InvalidOperationException or TimeoutException)
        {
            throw new CatalogueException(
                $"The server {server.Name} at {server.Address} could not be asked for its tools: {e.Message} "
                + "Check that it runs, that its URL is its MCP endpoint, and that it has its credential.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CatalogueException(
                $"The server {server.Name} at {server.Address} did not list its tools within {Within.TotalSeconds} s.",
                e);
        }
    }

    private static ToolFacts Facts(McpClientTool tool)
    {
        var annotations = tool.ProtocolTool.Annotations;
        return new ToolFacts(
            tool.Name, tool.Description, tool.JsonSchema, annotations?.ReadOnlyHint, annotations?.DestructiveHint);
    }
}
