using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Policy.Reviewing;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

internal static class PolicySet
{
    private static readonly Argument<string> Name = new("name") { Description = "The policy's name." };

    private static readonly Argument<FileInfo> Document = new("file") { Description = "The policy document." };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Say what would change, and change nothing; exits with 1 where something would.",
    };

    public static Command Create() => RemoteVerb.Create("set",
        "Put a policy in force on a running gateway; one with an error changes nothing.\n\nExamples:\n"
        + "  gateway policy set support support.json\n"
        + "  gateway policy set support support.json --dry-run", RunAsync, Name, Document, DryRun);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (PolicyFile.Load(parsed.GetValue(Document)!, out var bytes) is null)
            return ExitCode.Usage;
        var name = parsed.GetValue(Name)!;
        var path = $"policies/{Uri.EscapeDataString(name)}";
        var version = await client.VersionAsync(path, cancellation);
        if (parsed.GetValue(DryRun))
            return await CompareAsync(path, name, bytes, version, client, output, cancellation);
        var set = await client.SendBytesAsync("PUT", path, bytes, version, cancellation);
        output.Say($"{name} is in force, sha256 {set.Json!["sha256"]}.", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> CompareAsync(
        string path, string name, byte[] bytes, string? version, AdminClient client, Output output,
        CancellationToken cancellation)
    {
        // The gateway refuses here whatever it would refuse then.
        var answer = await client.SendBytesAsync("PUT", path + "?dryRun=true", bytes, version, cancellation);
        var changes = version is null
            ? [$"add the policy {name}"]
            : DocumentChanges.Between(
                Encoding.UTF8.GetBytes((await client.GetAsync(path, cancellation)).Text), bytes);
        var grants = answer.Object["grants"]!.AsArray().Select(static grant => (string)grant!).ToList();
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["dryRun"] = true,
                ["changes"] = new JsonArray([.. changes.Select(static change => JsonValue.Create(change))]),
                ["grants"] = new JsonArray([.. grants.Select(static grant => JsonValue.Create(grant))]),
            });
        }
        else
        {
            Changes.Print(output, changes, isDry: true);
            if (changes.Count > 0 && grants.Count > 0)
                output.Line($"for {string.Join(", ", grants)}, from the next call on");
        }

        return changes.Count > 0 ? ExitCode.No : ExitCode.Well;
    }
}
