using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway server rename</c>: another name for a server that keeps its counters and approvals.</summary>
internal static class ServerRename
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's present name." };

    private static readonly Argument<string> NewName = new("new-name") { Description = "The new name." };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Say what would change, and change nothing.",
    };

    private static readonly Option<string?> Reason = PolicyHistory.NewReason();

    public static Command Create() => RemoteVerb.Create("rename",
        "Give a server another name. Nothing restarts: counters, calls in flight, approvals, accepted tools, usage, "
        + "pauses, credentials, history and the references of grants stay with it. Agents reach it at its former "
        + "addresses too, so no session ends, and no other server can take a former name.\n\nExample:\n"
        + "  gateway server rename crm customers --dry-run", RunAsync, [Name, NewName, DryRun, Reason]);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (name, isDry) = (parsed.GetValue(Name)!, parsed.GetValue(DryRun));
        var body = new JsonObject { ["name"] = parsed.GetValue(NewName) };
        if (parsed.GetValue(Reason) is { } reason)
            body["reason"] = reason;
        var path = $"servers/{Uri.EscapeDataString(name)}/rename{(isDry ? "?dryRun=true" : "")}";
        var renamed = await client.SendAsync("POST", path, body, null, cancellation);
        var view = renamed.Object;
        var grants = (int)view["grants"]! is 1 ? "1 grant reaches" : $"{view["grants"]} grants reach";
        var former = string.Join(", ", view["formerNames"]!.AsArray().Select(static one => $"/mcp/{one}"));
        output.Say(
            $"{name} {(isDry ? "would be" : "is")} renamed to {view["name"]}. {grants} it. No counter restarts, and "
            + $"approvals stay. Agents use /mcp/{view["name"]}"
            + (former.Length > 0 ? $"; {former} {(isDry ? "would stay" : "stays")} valid." : "."),
            renamed.Json);
        return ExitCode.Well;
    }
}
