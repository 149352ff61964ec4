using System.CommandLine;
using Gateway.Hosting.Commands.Printing;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// The choice of the gateway that a verb connects to, and of the key. A saved key is sent only to the gateway that it
/// was saved with, never to one that an option or the environment names.
/// </summary>
internal static class GatewayChoice
{
    public const string UsualGateway = "http://127.0.0.1:8080";

    public static readonly Option<string?> Gateway = new("--gateway")
    {
        Description = $"Address of the running gateway's admin API. Default: {RemoteVerb.GatewayVariable}, the context "
            + $"in use, or {UsualGateway}",
        HelpName = "URL",
    };

    public static readonly Option<string?> Key = new("--admin-key")
    {
        Description = $"Your key, or the administrator's. Prefer {RemoteVerb.KeyVariable}, because other users can "
            + "see command lines.",
        HelpName = "KEY",
    };

    public static readonly Option<string?> Context = new("--context")
    {
        Description = "The name of a saved gateway; see: gateway context list",
        HelpName = "NAME",
    };

    /// <summary>
    /// Returns a client for another frontend of the fleet, which an option names. It never uses a saved key.
    /// </summary>
    public static AdminClient Frontend(ParseResult parsed, Uri address) => new(
        address,
        NotEmpty(parsed.GetValue(Key)) ?? NotEmpty(Environment.GetEnvironmentVariable(RemoteVerb.KeyVariable)));

    /// <summary>Returns the client; null after an error message, with the exit code.</summary>
    public static AdminClient? Connect(ParseResult parsed, out int code)
    {
        code = ExitCode.Usage;
        try
        {
            if (!TrySaved(parsed, out var saved, out code))
                return null;
            var environment = Environment.GetEnvironmentVariable(RemoteVerb.GatewayVariable);
            var named = parsed.GetValue(Gateway)
                ?? (parsed.GetValue(Context) is null ? NotEmpty(environment) : null);
            var key = NotEmpty(parsed.GetValue(Key)) ?? (named is null ? saved?.Key : null)
                ?? NotEmpty(Environment.GetEnvironmentVariable(RemoteVerb.KeyVariable));
            if (key is not null && !IsWord(key))
            {
                Console.Error.WriteLine(
                    $"The key of --admin-key or {RemoteVerb.KeyVariable} is not valid: a key has no spaces or line "
                        + "breaks.");
                code = ExitCode.Usage;
                return null;
            }

            var url = named ?? saved?.Gateway.ToString() ?? UsualGateway;
            if (Uri.TryCreate(url, UriKind.Absolute, out var gateway) && gateway.Scheme is "http" or "https")
                return new AdminClient(gateway, key);
            Console.Error.WriteLine($"\"{url}\" is not the address of a gateway; write it as {UsualGateway}.");
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
        }

        code = ExitCode.Usage;
        return null;
    }

    /// <summary>Reads the context that is named, otherwise the current one if there is one.</summary>
    private static bool TrySaved(ParseResult parsed, out SavedContext? saved, out int code)
    {
        (saved, code) = (null, ExitCode.Well);
        var name = parsed.GetValue(Context);
        // A gateway that is named directly needs no file, which may be unreadable or damaged.
        if (name is null && (parsed.GetValue(Gateway) is not null
            || NotEmpty(Environment.GetEnvironmentVariable(RemoteVerb.GatewayVariable)) is not null))
        {
            return true;
        }

        var contexts = SavedContexts.Read();
        name ??= contexts.Current;
        if (name is null || contexts.All.TryGetValue(name, out saved))
            return true;
        code = NotFound.Say("context", name, contexts.All.Keys);
        return false;
    }

    /// <summary>Returns true for visible ASCII, the only characters of keys and tokens.</summary>
    public static bool IsWord(string key) => key.All(static c => c is > ' ' and <= '~');

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
