using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
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
        Description = "Compare only for the tools that this server of a running gateway offers now.",
        HelpName = "NAME",
    };

    public static Command Create() => RemoteVerb.Create("diff",
        "Compare two policies tool by tool: what the second makes looser, tighter or different, with a call as an "
        + "example. Exits with 1 if they differ.\n\nExamples:\n"
        + "  gateway policy diff support.json support.new.json\n"
        + "  gateway policy diff support.json support.new.json --server crm", RunAsync, Before, After, Server);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (PolicyFile.Load(parsed.GetValue(Before)!, out var beforeBytes) is not { } before
            || PolicyFile.Load(parsed.GetValue(After)!, out var afterBytes) is not { } after)
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
