using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway policy list</c>, <c>show</c>, <c>remove</c>: the policies of a running gateway.</summary>
internal static class PolicyStored
{
    private static readonly Argument<string> Name = new("name") { Description = "The policy's name." };

    public static IEnumerable<Command> Create() =>
    [
        RemoteVerb.CreateRows("list",
            "List the policies with the grants that use them.\n\nExample:\n  gateway policy list", ListAsync),
        RemoteVerb.Create("show",
            "Print a policy's document, byte for byte as it was set.\n\nExample:\n"
            + "  gateway policy show support > support.json", ShowAsync, Name),
        RemoteVerb.Create("remove",
            "Remove a policy that no grant uses.\n\nExample:\n  gateway policy remove support", RemoveAsync, Name),
    ];

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        output.Table(await client.ListAsync("policies", cancellation), "There is no policy. See: gateway policy set",
            ("NAME", static policy => (string?)policy["name"]),
            ("SHA256", static policy => ((string?)policy["sha256"])?[..12]),
            ("GRANTS", static policy => policy["grants"] is { } grants ? string.Join(", ", grants.AsArray()) : null),
            ("FROM", static policy => (string?)policy["origin"]),
            ("CANDIDATE", static policy =>
                policy["candidate"] is { } candidate ? PolicyCandidate.Standing(candidate) : null));
        return ExitCode.Well;
    }

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        // As it is, so that it can be set again; a document is JSON, with --json and without.
        output.Writer.WriteLine((await client.GetAsync(Path(parsed), cancellation)).Text.TrimEnd('\n'));
        return ExitCode.Well;
    }

    private static async Task<int> RemoveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var version = await client.VersionAsync(Path(parsed), cancellation);
        await client.SendAsync("DELETE", Path(parsed), null, version ?? "*", cancellation);
        output.Say($"{parsed.GetValue(Name)} is removed.", null);
        return ExitCode.Well;
    }

    private static string Path(ParseResult parsed) => $"policies/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";
}
