using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Options;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>A factory for verbs that act on a running gateway: their options, exit codes and error messages.</summary>
internal static class RemoteVerb
{
    public const string GatewayVariable = "GATEWAY_URL";
    public const string KeyVariable = "GATEWAY_ADMIN_KEY";

    /// <summary>The reason of a change, which the client sends with each of a verb's changes.</summary>
    public static readonly Option<string?> Reason = new("--reason")
    {
        Description = "The reason, kept in the audit log and in the history.",
        HelpName = "TEXT",
    };

    public delegate Task<int> Run(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation);

    /// <summary>Creates a verb whose result is rows, which can also be printed as CSV.</summary>
    public static Command CreateRows(string name, string help, Run run, params Symbol[] symbols) =>
        Create(name, help, run, symbols, hasRows: true);

    public static Command Create(string name, string help, Run run, params Symbol[] symbols) =>
        Create(name, help, run, symbols, hasRows: false);

    private static Command Create(string name, string help, Run run, Symbol[] symbols, bool hasRows)
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
        Output.AddOptions(command, hasRows);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, run, cancellation));
        return command;
    }

    /// <summary>
    /// Rejects an empty name. It usually comes from an unset variable in a script, and would request the whole list.
    /// </summary>
    private static void NotEmpty(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: "" }])
            result.AddError($"The {result.Argument.Name} is empty; write a value.");
    }

    /// <summary>Returns the next step, which depends on how far the request came.</summary>
    private static string Hint(Exception e, Uri gateway) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } =>
            inner is System.Security.Authentication.AuthenticationException
                && inner.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                ? $"A gateway responds there, but this machine does not trust its certificate for {gateway.IdnHost}. "
                    + "Use a name in the certificate, or set SSL_CERT_FILE to the authority's PEM file."
                : $"Something responds there, but not with TLS that this machine accepts. Check that {gateway} is "
                    + "the gateway's https address, not a plain http one.",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            $"Check the name in --gateway, {GatewayVariable} or the context in use.",
        TimeoutException =>
            "The gateway accepts connections but does not respond: it is busy or hangs. Try again, and see the "
            + "gateway's log.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } when !gateway.IsLoopback =>
            $"Check that the gateway runs there, and that --gateway or {GatewayVariable} has its admin address.",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            $"Start one with \"gateway run\", or set --gateway or {GatewayVariable}.",
        _ => $"Check that --gateway or {GatewayVariable} is the address of a gateway's admin API.",
    };

    /// <summary>Returns the cause; that of a failed TLS handshake is in the inner exception only.</summary>
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
        client.Reason = parsed.GetValue(Reason);
        var makesSecret = parsed.CommandResult.Command.Name is "add" or "create" or "invite" or "rotate";
        var isBegun = false;
        try
        {
            // Fails if nothing reads the output: the secret would be lost.
            if (makesSecret)
                Console.Out.Flush();
            isBegun = true;
            return await run(parsed, client, Output.For(parsed), cancellation);
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
        catch (OutputException)
        {
            if (makesSecret && !isBegun)
                Console.Error.WriteLine("Nothing reads the output, so the command was not carried out.");
            else if (makesSecret)
            {
                Console.Error.WriteLine("The command was carried out. A token, key, link or secret that it created is "
                    + "valid, but cannot be shown again: rotate it, or revoke it and create a new one.");
            }

            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            Console.Error.WriteLine($"{client.Gateway} cannot be reached: {VisibleText.Of(Cause(e))}");
            Console.Error.WriteLine(Hint(e, client.Gateway));
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
