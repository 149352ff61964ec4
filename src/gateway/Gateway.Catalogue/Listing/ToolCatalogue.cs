using System.Text.Json;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Upstreams;
using Gateway.Upstreams.Stdio;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Catalogue.Listing;

/// <summary>
/// Asks servers for their tools with the official client: an operator's question, never an agent's. A server may answer
/// it with anything, so every bound holds while it is read.
/// </summary>
public sealed class ToolCatalogue(GatewayOptions options) : IDisposable
{
    private const int MessageCharsMax = 500;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim _places = new(options.InventoriesMax);

    /// <exception cref="CatalogueException">
    /// The server cannot be reached, refuses, speaks no MCP, or answers without end.
    /// </exception>
    public async Task<Inventory> ListAsync(ServerModel server, IUpstream upstream, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Within);
        var meter = new InventoryMeter(options.InventoryBytesMax, limit);
        var isIn = false;
        try
        {
            await _places.WaitAsync(limit.Token);
            isIn = true;
            return await ReadAsync(server, upstream, meter, limit.Token);
        }
        catch (Exception) when (meter.IsOver)
        {
            // How the client puts it depends on where in an answer the bound was reached.
            throw Endless(server, $"more than {options.InventoryBytesMax} bytes");
        }
        catch (EndlessListException e)
        {
            throw Endless(server, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or McpException or IOException or JsonException
            or InvalidOperationException or TimeoutException)
        {
            throw new CatalogueException(
                $"The server {server.Name} at {server.Address} could not be asked for its tools: {Shortened(Why(e))} "
                + WayOut(upstream, e), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var why = isIn
                ? $"did not list its tools within {Within.TotalSeconds} s."
                : $"was not asked: {options.InventoriesMax} other servers are being asked. Try again.";
            throw new CatalogueException($"The server {server.Name} at {server.Address} {why}", e);
        }
        finally
        {
            if (isIn)
                _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<Inventory> ReadAsync(
        ServerModel server, IUpstream upstream, InventoryMeter meter, CancellationToken cancellationToken)
    {
        using var http = UpstreamClient.To(upstream, meter);
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = UpstreamClient.AddressOf(server),
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
            },
            http);
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: cancellationToken);
        var lists = new ListReading(client, options);
        var capabilities = client.ServerCapabilities;
        var missing = new List<string>();
        if (capabilities.Tools is not null || (capabilities.Prompts is null && capabilities.Resources is null))
        {
            await lists.ReadAsync(
                InventoryKind.Tool, RequestMethods.ToolsList, "tools", "name", cancellationToken);
        }

        if (capabilities.Prompts is not null)
            await TryReadAsync(InventoryKind.Prompt, RequestMethods.PromptsList, "prompts", "name");
        if (capabilities.Resources is not null)
        {
            await TryReadAsync(InventoryKind.Resource, RequestMethods.ResourcesList, "resources", "uri");
            await TryReadAsync(
                InventoryKind.Template, RequestMethods.ResourcesTemplatesList, "resourceTemplates", "uriTemplate");
        }

        return new Inventory(
            [.. lists.Items.Where(static item => item.Kind == InventoryKind.Tool).Select(ToolFacts.Of)
                .OrderBy(static tool => tool.Name, StringComparer.Ordinal)],
            Note(lists.IsWhole, missing))
        {
            Items = lists.Items,
            Instructions = client.ServerInstructions,
        };

        // Servers declare a capability and lack one of its methods: what they do list is still shown.
        async Task TryReadAsync(InventoryKind kind, string method, string member, string namedBy)
        {
            try
            {
                await lists.ReadAsync(kind, method, member, namedBy, cancellationToken);
            }
            catch (McpProtocolException e)
            {
                missing.Add($"{method} ({Shortened(e.Message)})");
            }
        }
    }

    private string? Note(bool isWhole, List<string> missing)
    {
        var most = isWhole ? null
            : $"{Inventory.CutNote}{options.InventoryToolsMax} tools of a server are shown; "
                + "what it offers beyond is left out.";
        var refused = missing.Count == 0 ? null
            : $"The server declares what it does not list: it refused {string.Join(" and ", missing)}.";
        return most is null ? refused : refused is null ? most : $"{most} {refused}";
    }

    /// <summary>What the client says; but where an answer has another form, its words name types of its own.</summary>
    private static string Why(Exception e)
    {
        const string missing = "including: ";
        if (e is not JsonException json)
            return e.Message;
        var at = e.Message.IndexOf(missing, StringComparison.Ordinal);
        var where = at >= 0 ? $", without {e.Message[(at + missing.Length)..].TrimEnd('.')}"
            : json.Path is { } path ? $", at {path}" : "";
        return $"its answer is not of the form that MCP gives it{where}.";
    }

    private static string Shortened(string text) =>
        text.Length > MessageCharsMax ? text[..MessageCharsMax] + "…" : text;

    /// <summary>Of a program that ended, its own last words; only an operator gets to see them.</summary>
    private static string WayOut(IUpstream upstream, Exception e)
    {
        if (upstream.Status is not StdioStatus programs)
            return "Check that it runs, that its URL is its MCP endpoint, and that it has its credential.";
        var isEnd = false;
        for (var cause = e; cause is not null; cause = cause.InnerException)
            isEnd |= cause is UpstreamException;
        return isEnd && programs.LastErrorLines is { Length: > 0 } lines
            ? $"Last on its standard error: {string.Join(" | ", lines)}"
            : "Check that its command runs by hand, with the environment that is registered and nothing else.";
    }

    private static CatalogueException Endless(ServerModel server, string what) => new(
        $"The server {server.Name} at {server.Address} was asked for its tools and answered with {what}. Nothing of it "
        + "is shown. Look at what that server is, and whether it does so to every client.");
}
