using System.CommandLine;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Hosting.Bridge;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Running;

namespace Gateway.Hosting.Commands.Verbs.Shell;

/// <summary>
/// <c>gateway stdio</c>: a server behind the gateway, for clients that can only start programs. It uses a running
/// gateway, or runs one itself with a configuration file.
/// </summary>
internal static class StdioCommand
{
    private const string TokenVariable = "GATEWAY_TOKEN";

    private static readonly Option<string> Server = new("--server")
    {
        Description = "The server's name at the gateway.",
        HelpName = "NAME",
        Required = true,
    };

    private static readonly Option<string?> Gateway = new("--gateway")
    {
        Description = $"Address of the running gateway. Default: {RemoteVerb.GatewayVariable}, or "
            + GatewayChoice.UsualGateway,
        HelpName = "URL",
    };

    private static readonly Option<string?> Token = new("--token")
    {
        Description = $"The grant's token. Prefer {TokenVariable}, because other users can see command lines.",
        HelpName = "TOKEN",
    };

    private static readonly Option<FileInfo?> Config = new("--config")
    {
        Description = "Also run a gateway with this configuration, on a free loopback port, while the client runs.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "With --config: directory of the journal and the audit log. One gateway at a time uses it.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".gateway",
    };

    public static Command Create()
    {
        var command = new Command("stdio",
            "Serve MCP on standard input and output, through the policy of a grant.\n\nExamples:\n"
            + "  gateway stdio --server crm --gateway http://127.0.0.1:8080\n"
            + "  gateway stdio --server crm --config gateway.json")
        {
            Server, Gateway, Token, Config, Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var token = parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        if (string.IsNullOrEmpty(token))
        {
            Console.Error.WriteLine($"A grant's token is required: set {TokenVariable}, or pass --token.");
            return ExitCode.Usage;
        }

        if (!BridgeConnection.IsHeaderValue(token))
        {
            var source = parsed.GetValue(Token) is null ? TokenVariable : "--token";
            Console.Error.WriteLine($"The token in {source} contains a character that no token has, such as a line "
                + "break at its end. Set it to the token alone.");
            return ExitCode.Usage;
        }

        if (parsed.GetValue(Token) is not null)
        {
            Console.Error.WriteLine("Warning: other users of this machine can read --token in the list of processes. "
                + $"Set {TokenVariable} instead.");
        }

        if (parsed.GetValue(Config) is { } config)
            return await RunWithHostAsync(parsed, config, token, cancellationToken);
        var url = parsed.GetValue(Gateway) ?? Environment.GetEnvironmentVariable(RemoteVerb.GatewayVariable)
            ?? GatewayChoice.UsualGateway;
        if (Uri.TryCreate(url, UriKind.Absolute, out var gateway) && gateway.Scheme is "http" or "https")
            return await BridgeAsync(gateway, parsed, token, cancellationToken);
        Console.Error.WriteLine($"\"{url}\" is not the address of a gateway; write an http or https URL, such as "
            + $"{GatewayChoice.UsualGateway}.");
        return ExitCode.Usage;
    }

    private static async Task<int> RunWithHostAsync(
        ParseResult parsed, FileInfo config, string token, CancellationToken cancellationToken)
    {
        var result = ConfigLoader.Load(config.FullName, Environment.GetEnvironmentVariable);
        foreach (var problem in result.Problems)
            Console.Error.WriteLine(problem);
        if (!result.Problems.IsEmpty)
            return ExitCode.Usage;
        try
        {
            await using var host = await GatewayHost.StartAsync(
                new GatewayHostOptions
                {
                    DataDirectory = parsed.GetValue(Data)!,
                    Listen = ["http://127.0.0.1:0"],
                    ConfigFile = new() { Path = config.FullName },
                    Quiet = true,
                    DrainTime = TimeSpan.FromSeconds(1),
                },
                cancellationToken);
            return await BridgeAsync(new Uri(host.Addresses[0]), parsed, token, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException
            or InvalidOperationException or ControlStoreException)
        {
            Console.Error.WriteLine($"gateway cannot start: {e.Message}");
            Console.Error.WriteLine("If another gateway uses the directory, use that one with --gateway.");
            return ExitCode.Usage;
        }
    }

    private static async Task<int> BridgeAsync(
        Uri gateway, ParseResult parsed, string token, CancellationToken cancellationToken)
    {
        var endpoint = new Uri(
            $"{gateway.AbsoluteUri.TrimEnd('/')}/mcp/{Uri.EscapeDataString(parsed.GetValue(Server)!)}");
        using var link = new BridgeConnection(endpoint, token);
        using var lines = new LineFraming(Console.OpenStandardInput(), Console.OpenStandardOutput());
        try
        {
            using var bridge = new StdioBridge(lines, link, Console.Error, TimeProvider.System);
            var isWell = await bridge.RunAsync(cancellationToken);
            return isWell ? ExitCode.Well : ExitCode.Unreachable;
        }
        catch (IOException)
        {
            // The client has closed our output, so an error message would reach nobody.
            return ExitCode.Well;
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine($"The client sent {e.Message}.");
            return ExitCode.No;
        }
    }
}
