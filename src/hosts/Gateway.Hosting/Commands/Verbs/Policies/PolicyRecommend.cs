using System.CommandLine;
using System.Text;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>gateway policy recommend</c>: suggests a policy for a server's tools.</summary>
internal static class PolicyRecommend
{
    private static readonly Option<string> Server = new("--server")
    {
        Description = "The server whose tools the policy covers.",
        Required = true,
        HelpName = "NAME",
    };

    private static readonly Option<string?> Apply = new("--apply")
    {
        Description = "Set the result as the policy of this name, instead of printing it.",
        HelpName = "POLICY",
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "With --apply: show the changes without making them; exits with 1 if there are any.",
    };

    private static readonly Option<string?> Profile = new("--profile")
    {
        Description = "balanced (default), cautious or observe.",
        HelpName = "NAME",
    };

    public static Command Create() => RemoteVerb.Create("recommend",
        "Print a policy that fits the tools of a server: tools that read or write get limits, and tools that destroy "
        + "data or pay need approval. The policy denies other tools, and gives the reason for each "
        + "entry.\n\nExamples:\n  gateway policy recommend --server crm > crm.json\n  gateway policy recommend "
        + "--server crm --apply crm --dry-run", RunAsync, Server, Profile, Apply, DryRun);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var server = parsed.GetValue(Server)!;
        var name = parsed.GetValue(Apply);
        if (name is null && parsed.GetValue(DryRun))
        {
            Console.Error.WriteLine("--dry-run needs --apply POLICY; without --apply, nothing is changed anyway.");
            return ExitCode.Usage;
        }

        var recommended = (await client.GetAsync(
            $"catalogue/{Uri.EscapeDataString(server)}/policy"
                + (parsed.GetValue(Profile) is { } profile ? $"?profile={Uri.EscapeDataString(profile)}" : ""),
            ClientJson.Default.RecommendedPolicyView, cancellation)).Value;
        var errors = new Output(Console.Error, OutputFormat.Table);
        if (!output.IsJson)
        {
            foreach (var note in recommended.Notes)
                errors.Line(note);
        }

        var document = recommended.Policy;
        if (name is null)
        {
            new Output(output.Writer, OutputFormat.Json).Json(document);
            return ExitCode.Well;
        }

        var bytes = Encoding.UTF8.GetBytes(document.ToJsonString());
        var path = Resources.Policies.PathOf(name);
        var version = await client.VersionAsync(path, cancellation);
        if (parsed.GetValue(DryRun))
            return await PolicySet.CompareAsync(path, name, bytes, version, client, output, cancellation);
        var set = await client.PutAsync(path, bytes, version, ClientJson.Default.PolicyView, cancellation);
        output.Say($"{name} is active, sha256 {set.Value.Sha256}.", set.Json);
        return ExitCode.Well;
    }
}
