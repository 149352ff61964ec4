using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Mcp.Writing;
using Gateway.Server.Commands.Printing;

namespace Gateway.Server.Commands.Remote;

/// <summary>
/// Makes a verb that acts on a running gateway: its options, its exit codes, and the words when something fails.
/// </summary>
internal static class RemoteVerb
{
    public const string GatewayVariable = "GATEWAY_URL";
    public const string KeyVariable = "GATEWAY_ADMIN_KEY";

    public delegate Task<int> Run(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation);

    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON instead of a table." };

    public static Command Create(string name, string help, Run run, params Symbol[] symbols)
    {
        var command = new Command(name, help);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                if (argument is Argument<string>)
                    argument.Validators.Add(NotEmpty);
                command.Add(argument);
            }
            else
                command.Add((Option)symbol);
        }

        command.Add(GatewayChoice.Gateway);
        command.Add(GatewayChoice.Key);
        command.Add(GatewayChoice.Context);
        command.Add(Json);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, run, cancellation));
        return command;
    }

    /// <summary>An empty name is a variable of a script that is not set, and would ask for the whole list.</summary>
    private static void NotEmpty(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: "" }])
            result.AddError($"The {result.Argument.Name} is empty; write one.");
    }

    /// <summary>What is wrong with a handshake stands in the exception inside only.</summary>
    private static string Cause(Exception e) =>
        e is HttpRequestException
        {
            HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner,
        }
            ? $"TLS failed: {inner.Message}"
            : e.Message;

    private static async Task<int> RunAsync(ParseResult parsed, Run run, CancellationToken cancellation)
    {
        using var client = GatewayChoice.Connect(parsed, out var code);
        if (client is null)
            return code;
        try
        {
            var output = new Output(Console.Out, parsed.GetValue(Json), Paint.For(parsed));
            return await run(parsed, client, output, cancellation);
        }
        catch (AdminProblemException e) when (e.Unknown is { } unknown)
        {
            return NotFound.Say(unknown);
        }
        catch (AdminProblemException e)
        {
            Console.Error.WriteLine(e.Message);
            if (e.Status == 401)
                Console.Error.WriteLine($"Sign in (gateway login NAME), set {KeyVariable}, or pass --admin-key.");
            return e.Status switch
            {
                400 or 401 or 422 => ExitCode.Usage,
                502 or 503 or 504 => ExitCode.Unreachable,
                _ => ExitCode.No,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            Console.Error.WriteLine($"{client.Gateway} cannot be reached: {VisibleText.Of(Cause(e))}");
            Console.Error.WriteLine($"Start one with \"gateway run\", or set --gateway or {GatewayVariable}.");
            if (ProxyChoice.IsLeftOut(client.Gateway))
                Console.Error.WriteLine(ProxyChoice.WayOut);
            return ExitCode.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Well;
        }
    }
}
