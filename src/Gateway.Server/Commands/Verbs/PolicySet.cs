using System.CommandLine;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

internal static class PolicySet
{
    private static readonly Argument<string> Name = new("name") { Description = "The policy's name." };

    private static readonly Argument<FileInfo> Document = new("file") { Description = "The policy document." };

    public static Command Create() => RemoteVerb.Create("set",
        "Put a policy in force on a running gateway; one with an error changes nothing.\n\nExample:\n"
        + "  gateway policy set support support.json", RunAsync, Name, Document);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (PolicyFile.Load(parsed.GetValue(Document)!, out var bytes) is null)
            return ExitCode.Usage;
        var name = parsed.GetValue(Name)!;
        var path = $"policies/{Uri.EscapeDataString(name)}";
        var version = await client.VersionAsync(path, cancellation);
        var set = await client.SendBytesAsync("PUT", path, bytes, version, cancellation);
        output.Say($"{name} is in force, sha256 {set.Json!["sha256"]}.", set.Json);
        return ExitCode.Well;
    }
}
