using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools call</c>: one call as an agent makes it, with the official client.</summary>
internal static class ToolsCall
{
    private static readonly Argument<string> Server = new("server") { Description = "The server's name." };
    private static readonly Argument<string> Tool = new("tool") { Description = "The tool's name." };

    private static readonly Argument<string> Arguments = new("arguments")
    {
        Description = "The tool's arguments, as a JSON object.",
        DefaultValueFactory = static _ => "{}",
    };

    public static Command Create()
    {
        var command = new Command("call",
            "Call a tool with the token of a grant. The policy decides, and limits count, as for an agent.\n\n"
            + "Example:\n"
            + "  gateway tools call crm list_customers '{ \"city\": \"Porto\" }'")
        {
            Server, Tool, Arguments, GrantChoice.Gateway, GrantChoice.Token,
        };
        Output.AddOptions(command, hasRows: false);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!GrantChoice.TryToken(parsed, out var token) || !GrantChoice.TryGateway(parsed, out var gateway)
            || !TryArguments(parsed.GetValue(Arguments)!, out var arguments))
        {
            return ExitCode.Usage;
        }

        try
        {
            var result = await CallAsync(
                GrantChoice.Endpoint(gateway, parsed.GetValue(Server)!), token,
                new CallToolRequestParams { Name = parsed.GetValue(Tool)!, Arguments = arguments }, cancellationToken);
            Print(Output.For(parsed), result);
            return result.IsError == true ? ExitCode.No : ExitCode.Well;
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            Console.Error.WriteLine($"No gateway responds at {gateway}: {e.Message}. Start one with \"gateway run\", "
                + $"or set --gateway or {RemoteVerb.GatewayVariable}.");
            return ExitCode.Unreachable;
        }
        catch (Exception e) when (e is McpException or HttpRequestException)
        {
            Console.Error.WriteLine(VisibleText.Of(e.Message));
            return ExitCode.No;
        }
    }

    private static bool TryArguments(string text, out Dictionary<string, JsonElement> arguments)
    {
        arguments = [];
        try
        {
            if (JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } json)
            {
                arguments = json.EnumerateObject().ToDictionary(static one => one.Name, static one => one.Value);
                return true;
            }

            Console.Error.WriteLine("The arguments must be a JSON object, such as '{ \"city\": \"Porto\" }'.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            Console.Error.WriteLine($"The arguments are not a valid JSON object: {e.Message}");
        }

        return false;
    }

    private static async Task<CallToolResult> CallAsync(
        Uri endpoint, string token, CallToolRequestParams call, CancellationToken cancellationToken)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = ProxyChoice.For(endpoint),
        });
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
            },
            http, ownsHttpClient: true);
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: cancellationToken);
        return await client.CallToolAsync(call, cancellationToken);
    }

    private static void Print(Output output, CallToolResult result)
    {
        if (output.IsJson)
        {
            output.Json(JsonSerializer.SerializeToNode(
                result, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)))!);
            return;
        }

        foreach (var block in result.Content)
            output.Lines(block is TextContentBlock text ? text.Text : $"({block.Type}; --output json prints it)");
        if (result.Content.Count == 0 && result.StructuredContent is { } structured)
            output.Json(JsonNode.Parse(structured.GetRawText())!);
    }
}
