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
    private static readonly Option<string> Server = new("--server")
    {
        Description = "The server's name at the gateway.",
        HelpName = "NAME",
        Required = true,
    };

    private static readonly Option<FileInfo?> Config = new("--config")
    {
        Description = "Also run a gateway with this configuration, on a free loopback port, while the client runs.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "With --config: directory of the journal and the audit log. Only one gateway at a time can use "
            + "the directory.",
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
            Server, GrantChoice.Gateway, GrantChoice.Token, Config, Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!GrantChoice.TryToken(parsed, out var token))
            return ExitCode.Usage;
        if (parsed.GetValue(Config) is { } config)
            return await RunWithHostAsync(parsed, config, token, cancellationToken);
        return GrantChoice.TryGateway(parsed, out var gateway)
            ? await BridgeAsync(gateway, parsed, token, cancellationToken)
            : ExitCode.Usage;
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
            Console.Error.WriteLine("If another gateway uses the directory, connect to that gateway with --gateway.");
            return ExitCode.Usage;
        }
    }

    private static async Task<int> BridgeAsync(
        Uri gateway, ParseResult parsed, string token, CancellationToken cancellationToken)
    {
        using var link = new BridgeConnection(GrantChoice.Endpoint(gateway, parsed.GetValue(Server)!), token);
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
