using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Classes;
using Gateway.Policy.Tools.Diff;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>policy diff</c>: the differences, looser or tighter, tool by tool.</summary>
internal static class PolicyDiffVerb
{
    private static readonly Argument<FileInfo> Before = new("before")
    {
        Description = "The current policy; - for standard input.",
    };

    private static readonly Argument<FileInfo> After = new("after")
    {
        Description = "The policy that replaces the current one; - for standard input.",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Compare only the decisions for tools that this server of a running gateway offers now.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> VersionsOf = new("--versions-of")
    {
        Description = "Compare two versions of this policy of a running gateway, by the numbers that \"policy "
            + "versions\" lists.",
        HelpName = "NAME",
    };

    public static Command Create() => RemoteVerb.Create("diff",
        "Compare two policies tool by tool: what the second makes looser, tighter or different, with a call as an "
        + "example. Exits with 1 if they differ.\n\nExamples:\n"
        + "  gateway policy diff support.json support.new.json\n"
        + "  gateway policy diff support.json support.new.json --server crm\n"
        + "  gateway policy diff 1 3 --versions-of support", RunAsync, Before, After, Server, VersionsOf);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (await LoadAsync(parsed, Before, client, cancellation) is not ({ } before, { } beforeBytes)
            || await LoadAsync(parsed, After, client, cancellation) is not ({ } after, { } afterBytes))
            return ExitCode.Usage;
        var tools = parsed.GetValue(Server) is { } server
            ? await PolicyValidate.ToolsAsync(server, client, output, cancellation)
            : null;
        var found = PolicyDiff.Compare(
            before, beforeBytes, after, afterBytes, tools?.ConvertAll(static tool => tool.Name),
            tool => tools?.Find(one => one.Name == tool)?.Class ?? ToolClass.Uncertain);
        if (output.IsJson)
            output.Json(new JsonArray([.. found.Select(ToJson)]));
        else
            Print(output, found);
        return found.IsEmpty ? ExitCode.Well : ExitCode.No;
    }

    private static async Task<(CompiledPolicy? Policy, byte[] Bytes)> LoadAsync(
        ParseResult parsed, Argument<FileInfo> argument, AdminClient client, CancellationToken cancellation)
    {
        var written = parsed.GetValue(argument)!;
        if (parsed.GetValue(VersionsOf) is not { } name)
            return (PolicyFile.Load(written, out var read), read);
        if (await PolicyHistory.FindAsync(name, written.ToString(), client, cancellation) is not { } version)
            return (null, []);
        var shown = await client.GetAsync(
            $"{Resources.Policies.PathOf(name)}/versions/{version.Version}", cancellation);
        var bytes = Encoding.UTF8.GetBytes(shown.Text);
        var loaded = PolicyLoader.Load(bytes, name);
        if (loaded.Policy is null)
            Console.Error.WriteLine($"This release cannot read version {written} of {VisibleText.Of(name)}.");
        return (loaded.Policy, bytes);
    }

    private static void Print(Output output, IReadOnlyList<ToolDifference> found)
    {
        foreach (var tool in found)
        {
            output.Line($"{tool.Tool}  ", tool.Change, "");
            foreach (var example in tool.Examples)
                output.Line($"  {example}");
            foreach (var said in tool.Said)
                output.Line($"  {said}, but no example of a call was found");
        }

        output.Line(found.Count == 0
            ? "No call is decided differently."
            : string.Join(", ", found.CountBy(static tool => tool.Change).Select(one => $"{one.Value} {one.Key}")));
    }

    private static JsonObject ToJson(ToolDifference tool) => new()
    {
        ["tool"] = tool.Tool,
        ["change"] = tool.Change,
        ["examples"] = new JsonArray([.. tool.Examples.Select(static example => new JsonObject
        {
            ["tool"] = example.Tool,
            ["arguments"] = example.Arguments.Length == 0 ? null : JsonNode.Parse(example.Arguments),
            ["caller"] = example.Caller is null ? null : JsonNode.Parse(example.Caller),
            ["calls"] = new JsonArray([.. example.Steps.Select(static step => new JsonObject
            {
                ["grant"] = step.Grant, ["atMs"] = step.AtMs, ["times"] = step.Times,
            })]),
            ["before"] = ToJson(example.Before),
            ["after"] = ToJson(example.After),
        })]),
        ["said"] = new JsonArray([.. tool.Said.Select(static said => JsonValue.Create(said))]),
    };

    private static JsonObject ToJson(CallDecision decision) => new()
    {
        ["outcome"] = decision.Word,
        ["rule"] = decision.Rule,
        ["reason"] = decision.Reason,
    };
}
