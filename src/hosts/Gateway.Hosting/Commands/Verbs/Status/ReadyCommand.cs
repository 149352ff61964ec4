using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway ready</c>: the health check of a container, which has no shell.</summary>
internal static class ReadyCommand
{
    public static Command Create() => RemoteVerb.Create("ready",
        "Exit with 0 if a gateway or a silo is ready, and with 1 if not. The command needs no key.\n"
        + "Use it as the health check of a container.\n\n"
        + "Example:\n  gateway ready --gateway http://127.0.0.1:8080", RunAsync);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (isReady, text) = await client.ReadyAsync(cancellation);
        if (output.IsJson)
            output.Json(new JsonObject { ["ready"] = isReady });
        else
            output.Lines(text.Trim());
        return isReady ? ExitCode.Well : ExitCode.No;
    }
}
