using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Stdio;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Catalogue.Listing;

/// <summary>
/// The list of the tools of servers, read with the official client, for an operator and never for an agent. A server
/// may respond with anything, so every bound applies during reading.
/// </summary>
/// <param name="time">The clock of the time limits.</param>
public sealed class ToolCatalogue(TimeProvider time) : IDisposable
{
    /// <summary>The maximum number of servers that are listed concurrently; any further one waits.</summary>
    internal const int AtOnceMax = 4;

    // For all responses of one server together.
    private const int BytesMax = 16 * 1024 * 1024;
    private const int MessageCharsMax = 500;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The extra time for a program that may first be downloaded: <c>npx -y</c> and <c>uvx</c> with an empty cache.
    /// </summary>
    private static readonly TimeSpan ColdStart = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _places = new(AtOnceMax);

    // The stateless requests of one caller share a program, which ends with the probe.
    private readonly ConditionalWeakTable<IUpstream, SemaphoreSlim> _probes = [];

    /// <exception cref="CatalogueException">
    /// The server cannot be reached, refuses, does not speak MCP, or responds endlessly.
    /// </exception>
    public async Task<Inventory> ListAsync(ServerModel server, IUpstream upstream, CancellationToken cancellationToken)
    {
        if (server.Command is null)
            return await ProbeInTurnAsync(server, upstream, cancellationToken);
        var own = _probes.GetValue(upstream, static _ => new SemaphoreSlim(1));
        await own.WaitAsync(cancellationToken);
        try
        {
            return await ProbeInTurnAsync(server, upstream, cancellationToken);
        }
        finally
        {
            own.Release();
        }
    }

    // The wait for other servers does not count toward this server's time.
    private async Task<Inventory> ProbeInTurnAsync(
        ServerModel server, IUpstream upstream, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await ProbeAsync(server, upstream, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<Inventory> ProbeAsync(
        ServerModel server, IUpstream upstream, CancellationToken cancellationToken)
    {
        var isProgram = server.Command is not null;
        var most = isProgram ? ColdStart + Within : Within;
        using var limit = new LinkedTimeout(most, time, cancellationToken);
        var meter = new InventoryMeter(BytesMax, limit);
        using var ended = new CancellationTokenSource();
        try
        {
            if (!isProgram)
                return await ReadAsync(server, upstream, meter, null, ended.Token, limit.Token);
            try
            {
                // Most programs know this revision; a probe with server/discover would start another one.
                return await ReadAsync(
                    server, upstream, meter, McpVersions.LatestHandshake, ended.Token, limit.Token);
            }
            catch (Exception e) when (
                e is McpException or HttpRequestException && !limit.IsCancellationRequested && !meter.IsOver)
            {
                // The client refuses any other revision than a given one, so it has to negotiate here.
                return await ReadAsync(server, upstream, meter, null, ended.Token, limit.Token);
            }
        }
        catch (Exception) when (meter.IsOver)
        {
            // The client's error depends on where in a response the bound was reached.
            throw Endless(server, $"more than {BytesMax} bytes");
        }
        catch (EndlessListException e)
        {
            throw Endless(server, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or McpException or IOException or JsonException
            or InvalidOperationException or TimeoutException)
        {
            throw new CatalogueException(
                $"The server {server.Name} at {server.Address} did not list its tools: {Shortened(Why(e))} "
                + WayOut(upstream, e), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CatalogueException(
                $"The server {server.Name} at {server.Address} did not list its tools within {most.TotalSeconds} s. "
                    + "Check that the server responds.",
                e);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    // Servers list more tools to a client that declares these capabilities; each request from a server is declined.
#pragma warning disable MCP9005 // Roots and sampling are deprecated in 2026-07-28, but current servers use them.
    private static McpClientOptions Declaring(string? version) => new()
    {
        ProtocolVersion = version,
        InitializationTimeout = ColdStart,
        Handlers = new McpClientHandlers
        {
            RootsHandler = static (_, _) => ValueTask.FromResult(new ListRootsResult { Roots = [] }),
            ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }),
            SamplingHandler = static (_, _, _) => throw new McpProtocolException(
                "This client only lists tools and does not support sampling.", McpErrorCode.InvalidRequest),
        },
        Capabilities = new ClientCapabilities
        {
            Elicitation = new ElicitationCapability { Form = new(), Url = new() },
            Extensions = new Dictionary<string, object>
            {
                [KnownExtensions.Apps] = new JsonObject { ["mimeTypes"] = new JsonArray("text/html;profile=mcp-app") },
            },
        },
    };
#pragma warning restore MCP9005

    private static async Task<Inventory> ReadAsync(
        ServerModel server, IUpstream upstream, InventoryMeter meter, string? version, CancellationToken ended,
        CancellationToken cancellationToken)
    {
        using var http = UpstreamClient.To(upstream, meter, ended);
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = UpstreamClient.AddressOf(server),
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
            },
            http);
        await using var client = await McpClient.CreateAsync(
            transport, Declaring(version), cancellationToken: cancellationToken);
        var lists = new ListReading(client);
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
            Apps = await AppReading.ReadAsync(client, lists.Items, cancellationToken),
        };

        // Some servers declare a capability and lack one of its methods; the entries that they do list are still shown.
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

    private static string? Note(bool isWhole, List<string> missing)
    {
        var most = isWhole ? null
            : $"{Inventory.CutNote}{ListReading.ItemsMax} tools of a server are shown; "
                + "any further ones are omitted.";
        var refused = missing.Count == 0 ? null
            : $"The server declares capabilities that it does not list: it refused {string.Join(" and ", missing)}.";
        return most is null ? refused : refused is null ? most : $"{most} {refused}";
    }

    /// <summary>
    /// Returns the client's error text, except for malformed responses, where that text names internal types.
    /// </summary>
    private static string Why(Exception e)
    {
        const string missing = "including: ";
        if (e is HttpRequestException { StatusCode: { } status })
            return $"it returned HTTP {(int)status}.";
        if (e is not JsonException json)
            return e.Message;
        var at = e.Message.IndexOf(missing, StringComparison.Ordinal);
        var where = at >= 0 ? $"; it lacks {e.Message[(at + missing.Length)..].TrimEnd('.')}"
            : json.Path is { } path ? $", at {path}" : "";
        return $"its response does not have the form that MCP defines{where}.";
    }

    private static string Shortened(string text) =>
        text.Length > MessageCharsMax ? text[..MessageCharsMax] + "…" : text;

    /// <summary>
    /// Returns the next step; for a program that ended, its last lines of standard error, which only an operator sees.
    /// </summary>
    private static string WayOut(IUpstream upstream, Exception e)
    {
        if (upstream.Status is not StdioStatus programs)
            return "Check that the server runs, that the URL is its MCP endpoint, and that the gateway has its "
                + "credential.";
        var isEnd = false;
        for (var cause = e; cause is not null; cause = cause.InnerException)
            isEnd |= cause is UpstreamException;
        return isEnd && programs.LastErrorLines is { Length: > 0 } lines
            ? $"The last lines of the program's standard error: {string.Join(" | ", lines)}"
            : "Run the server's command manually, with only the registered environment, to check that it works.";
    }

    private static CatalogueException Endless(ServerModel server, string what) => new(
        $"The server {server.Name} at {server.Address} responded to the request for its tools with {what}. None of "
        + "its tools are shown. Check that it is the server that you expect, and whether it responds in this way to "
        + "every client.");
}

/// <summary>
/// The error that a server did not list its tools; the message contains the reason and the next step.
/// </summary>
public sealed class CatalogueException(string message, Exception? inner = null) : Exception(message, inner);
