using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Classes;
using Gateway.Policy.Problems;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Policies;

internal static class PolicyValidate
{
    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The policy document; - for standard input.",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Compare the policy with the tools that this server of a running gateway offers now.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Also exit with 1 if there is a warning, for CI.",
    };

    public static Command Create() => RemoteVerb.Create("validate",
        "Check a policy file; exits with 1 if it has an error.\n"
        + "docs/reference/findings.md explains the names in brackets.\n\nExamples:\n"
        + "  gateway policy validate support.json\n"
        + "  gateway policy validate support.json --server crm --strict", RunAsync, Document, Server, Strict);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var file = parsed.GetValue(Document)!;
        if (InputFile.Read(file) is not { } bytes)
            return ExitCode.Usage;
        IReadOnlyList<PolicyProblem> problems = parsed.GetValue(Server) is { } server
            ? PolicyReview.Run(
                bytes, InputFile.Shown(file), await ToolsAsync(server, client, output, cancellation),
                await ChannelsAsync(client, cancellation))
            : PolicyReview.Run(bytes, InputFile.Shown(file), tools: null);
        var errors = problems.Count(static problem => problem.Severity == ProblemSeverity.Error);
        if (output.IsJson)
            output.Json(new JsonArray([.. problems.Select(PolicyFile.ToJson)]));
        else
        {
            foreach (var problem in problems)
                output.Line(problem.ToString());
            output.Line($"{InputFile.Shown(file)}: {Spelling.Count(errors, "error")}, "
                + Spelling.Count(problems.Count - errors, "warning"));
        }

        return (parsed.GetValue(Strict) ? problems.Count : errors) == 0 ? ExitCode.Well : ExitCode.No;
    }

    private static async Task<List<string>> ChannelsAsync(AdminClient client, CancellationToken cancellation)
    {
        var found = await client.ListAsync(Resources.Channels.Path, Resources.Channels.Page, cancellation);
        return found.ConvertAll(static channel => channel.Value.Name);
    }

    public static async Task<List<ReviewedTool>> ToolsAsync(
        string server, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (!output.IsJson)
            Console.Error.WriteLine($"Requesting the tools of {server} …");
        var found = await client.GetAsync(
            $"{Resources.Servers.PathOf(server)}/tools", ClientJson.Default.ToolsView, cancellation);
        return
        [
            .. found.Value.Tools.Select(static tool => new ReviewedTool(
                tool.Name, Bytes(tool.InputSchema), tool.Risk == "high" ? tool.RiskReason : null)
            {
                OutputSchema = Bytes(tool.OutputSchema),
                Class = ToolClasses.Of(tool.Class?.Name) ?? ToolClass.Uncertain,
            }),
        ];
    }

    private static byte[] Bytes(JsonElement? schema) =>
        schema is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } known
            ? Encoding.UTF8.GetBytes(known.GetRawText()) : [];
}
