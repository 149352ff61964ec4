using System.CommandLine;
using Gateway.Admin.Servers;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary><c>gateway server rename</c>: renames a server, which keeps its counters and approvals.</summary>
internal static class ServerRename
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's current name." };

    private static readonly Argument<string> NewName = new("new-name") { Description = "The new name." };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show the changes without making them.",
    };


    public static Command Create() => RemoteVerb.Create("rename",
        "Give a server another name. Nothing is lost: counters, calls in flight, approvals, accepted tools, usage, "
        + "pauses, credentials, history and the references of grants stay with it. Agents reach it at its former "
        + "addresses too, so no session ends, and no other server can take a former name.\n\nExample:\n"
        + "  gateway server rename crm customers --dry-run", RunAsync, [Name, NewName, DryRun, RemoteVerb.Reason]);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (name, isDry) = (parsed.GetValue(Name)!, parsed.GetValue(DryRun));
        var body = new ServerRenameInput { Name = parsed.GetValue(NewName)! };
        var reply = await client.PostAsync(
            $"{Resources.Servers.PathOf(name)}/rename{(isDry ? "?dryRun=true" : "")}", body,
            ClientJson.Default.ServerRenameInput, ClientJson.Default.ServerRenameView, cancellation);
        var renamed = reply.Value;
        var grants = Spelling.Count(renamed.Grants, "grant reaches", "grants reach");
        var former = string.Join(", ", renamed.FormerNames.Select(static one => $"/mcp/{one}"));
        var stays = isDry ? "would stay" : renamed.FormerNames.Count == 1 ? "stays" : "stay";
        output.Say(
            $"{name} {(isDry ? "would be" : "was")} renamed to {renamed.Name}. {grants} it. No counter restarts, and "
            + $"approvals stay. Agents use /mcp/{renamed.Name}"
            + (former.Length > 0 ? $"; {former} {stays} valid." : "."),
            reply.Json);
        return ExitCode.Well;
    }
}
