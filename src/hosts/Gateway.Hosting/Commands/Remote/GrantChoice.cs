using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>The gateway and the grant's token of a verb that calls a server as an agent does.</summary>
internal static class GrantChoice
{
    private const string TokenVariable = "GATEWAY_TOKEN";

    public static readonly Option<string?> Gateway = new("--gateway")
    {
        Description = $"Address of the running gateway. Default: {RemoteVerb.GatewayVariable}, or "
            + GatewayChoice.UsualGateway,
        HelpName = "URL",
    };

    public static readonly Option<string?> Token = new("--token")
    {
        Description = $"The grant's token. Prefer {TokenVariable}, because other users can see command lines.",
        HelpName = "TOKEN",
    };

    /// <summary>Returns false after an error message if there is no valid token.</summary>
    public static bool TryToken(ParseResult parsed, [NotNullWhen(true)] out string? token)
    {
        token = parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        if (string.IsNullOrEmpty(token))
        {
            Console.Error.WriteLine($"A grant's token is required: set {TokenVariable}, or pass --token.");
            return false;
        }

        if (!GatewayChoice.IsWord(token))
        {
            var source = parsed.GetValue(Token) is null ? TokenVariable : "--token";
            Console.Error.WriteLine($"The token in {source} contains a character that is not allowed in a token, such "
                + "as a line break at its end. Set only the token itself.");
            return false;
        }

        if (parsed.GetValue(Token) is not null)
        {
            Console.Error.WriteLine("Warning: other users of this machine can read --token in the list of processes. "
                + $"Set {TokenVariable} instead.");
        }

        return true;
    }

    /// <summary>Returns false after an error message if the address of the gateway is not valid.</summary>
    public static bool TryGateway(ParseResult parsed, [NotNullWhen(true)] out Uri? gateway)
    {
        var url = parsed.GetValue(Gateway) ?? Environment.GetEnvironmentVariable(RemoteVerb.GatewayVariable)
            ?? GatewayChoice.UsualGateway;
        if (Uri.TryCreate(url, UriKind.Absolute, out gateway) && gateway.Scheme is "http" or "https")
            return true;
        Console.Error.WriteLine($"\"{url}\" is not the address of a gateway; write an http or https URL, such as "
            + $"{GatewayChoice.UsualGateway}.");
        return false;
    }

    /// <summary>Returns the address of a server at a gateway.</summary>
    public static Uri Endpoint(Uri gateway, string server) =>
        new($"{gateway.AbsoluteUri.TrimEnd('/')}/mcp/{Uri.EscapeDataString(server)}");
}
