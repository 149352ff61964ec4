using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Explaining;
using Gateway.Policy.Lists;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Policies;

internal static class PolicyExplain
{
    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The policy document; - for standard input.",
    };

    private static readonly Argument<string> Tool = new("tool") { Description = "The tool that is called." };

    private static readonly Option<string?> Arguments = new("--args")
    {
        Description = "The call's arguments, as a JSON object.",
        HelpName = "JSON",
    };

    private static readonly Option<string?> Caller = PolicyFile.CallerOption(
        "The caller, in the form of a policy's tests. Default: the caller that uses the grant's own token.");

    private static readonly Option<string?> At = new("--at")
    {
        Description = "The time of the call, such as 2027-06-30T12:00:00Z; now if omitted.",
        HelpName = "TIME",
    };

    private static readonly Option<FileInfo?> Lists = new("--lists")
    {
        Description = "The lists that the policy names, as a JSON object of arrays; - for standard input.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Class = new("--class")
    {
        Description = "The accepted class of the tool; uncertain if omitted.",
        HelpName = "WORD",
    };

    public static Command Create()
    {
        var command = new Command("explain",
            "Show step by step how a policy decides a call; exits with 1 if the call is denied.\n\nExample:\n"
            + "  gateway policy explain support.json create_refund --args '{\"amount\": 12000}'")
        {
            Document, Tool, Arguments, Caller, At, Lists, Class,
        };
        Output.AddOptions(command, hasRows: true);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (PolicyFile.Load(parsed.GetValue(Document)!, out _) is not { } policy
            || !PolicyFile.TryCall(parsed.GetValue(Tool)!, parsed.GetValue(Arguments), out var call)
            || !PolicyFile.TryCaller(parsed.GetValue(Caller), out var caller, out _))
        {
            return ExitCode.Usage;
        }

        var at = TimeProvider.System.GetUtcNow();
        if (parsed.GetValue(At) is { } written && !WrittenTime.TryInstant(written, out at))
        {
            Console.Error.WriteLine($"--at must be an instant such as 2027-06-30T12:00:00Z, not {written}");
            return ExitCode.Usage;
        }

        var named = parsed.GetValue(Class) ?? ToolClasses.NameOf(ToolClass.Uncertain);
        if (ToolClasses.Of(named) is not { } toolClass)
        {
            Console.Error.WriteLine($"--class must be one of {string.Join(", ", ToolClasses.Names)}, not {named}");
            return ExitCode.Usage;
        }

        NamedLists? lists = null;
        if (parsed.GetValue(Lists) is { } file && (lists = PolicyFile.Lists(file)) is null)
            return ExitCode.Usage;
        PolicyFile.WarnOfBudgets(policy);
        var explanation = PolicyExplainer.Explain(
            policy.Bind("grant", "server", lists: lists),
            call with { At = at, Caller = caller, Class = toolClass });
        var decision = explanation.Decision;
        var output = Output.For(parsed);
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["outcome"] = PolicyFile.Word(decision),
                ["rule"] = decision.Rule,
                ["steps"] = new JsonArray([.. explanation.Steps.Select(static step => new JsonObject
                {
                    ["step"] = step.Name, ["rule"] = step.Rule, ["outcome"] = step.Outcome, ["said"] = step.Said,
                })]),
            });
        }
        else
        {
            output.Table(explanation.Steps, "",
                ("STEP", static step => step.Name),
                ("OUTCOME", static step => step.Outcome),
                ("RULE", static step => step.Rule),
                ("BECAUSE", static step => step.Said));
            output.Note($"{PolicyFile.Word(decision)} by {decision.Rule}");
            if (decision.Outcome == DecisionOutcome.Deny)
                output.Note($"the agent reads: {decision.AgentText}");
        }

        return decision.Outcome == DecisionOutcome.Deny ? ExitCode.No : ExitCode.Well;
    }
}
