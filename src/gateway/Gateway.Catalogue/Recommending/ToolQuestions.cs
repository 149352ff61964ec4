using System.Text;
using System.Text.Json.Nodes;
using Gateway.Audit.Records;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Limits.Model;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Text;

namespace Gateway.Catalogue.Recommending;

/// <summary>
/// What a tool does, in words, and six questions about it with answers. All of it follows from the classification, the
/// recommended entry and the decisions of grants, so that it cannot contradict them.
/// </summary>
public static class ToolQuestions
{
    private const int NamesMax = 5;

    /// <summary>The instant of the example: in it, each window begins.</summary>
    private static readonly DateTimeOffset Example = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Returns what a tool of that category does.</summary>
    public static string EffectOf(Classification found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var text = found.Category switch
        {
            ToolCategory.Read => "Reads data and returns it to the agent. It changes nothing at the server.",
            ToolCategory.Write => "Creates or changes data, or sends a message. Most of that can be corrected later, "
                + "but a message cannot be unsent.",
            ToolCategory.Execute => "Runs, starts or stops something at the server. The effect depends on the "
                + "arguments.",
            ToolCategory.Destructive => "Deletes data or ends something. A wrong call may be irreversible.",
            ToolCategory.Financial => "Moves money, or commits somebody to pay.",
            ToolCategory.Secret => "Returns a credential or another secret to the agent, which can pass it on.",
            _ => throw new NotSupportedException($"ToolCategory {found.Category} has no case here."),
        };
        return found.IsSure ? text : $"Probably: {char.ToLowerInvariant(text[0])}{text[1..]} The evidence is weak.";
    }

    /// <summary>Returns the questions and answers.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="found">Its classification.</param>
    /// <param name="entry">The recommended entry; null if no entry can name the tool.</param>
    /// <param name="grants">The grants for the server with their decision.</param>
    /// <param name="isPinned">True if a definition of the tool was accepted.</param>
    public static IReadOnlyList<ToolQuestion> Of(
        ToolFacts tool, Classification found, JsonObject? entry,
        IReadOnlyList<(string Grant, string Outcome)> grants, bool isPinned)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(grants);
        return
        [
            new("What can one wrong call do?", $"{EffectOf(found)} Its risk is {found.Risk}."),
            new("Who may call it now?", Who(grants)),
            new("What does the recommended rule allow?", entry is null
                ? "No rule can name this tool, because its name contains a wildcard. It stays denied under "
                    + "\"default\": \"deny\"."
                : RuleEffect.Of(tool, entry)),
            new("Who counts the calls?",
                "The gateway counts each call before the call reaches the server. The count is exact across all "
                + "frontends of "
                + "the gateway. The recommended rule has one limit for each grant: all sessions and clients with that "
                + "grant share it."),
            new("What does the agent read when a call is refused?", Refused(tool, entry)),
            new("What happens when the server changes the tool?", isPinned
                ? "The gateway compares the definition with the accepted one whenever the server lists it. A policy "
                    + "with \"pin\": \"deny\" hides and refuses a changed tool until an operator accepts it; "
                    + "otherwise, the change is only reported."
                : "This tool has no accepted definition yet, so there is nothing to compare a change with. A policy "
                    + "with \"pin\": \"deny\" hides and refuses the tool until an operator accepts it."),
        ];
    }

    private static string Who(IReadOnlyList<(string Grant, string Outcome)> grants)
    {
        if (grants.Count == 0)
            return "Nobody: there is no grant for this server.";
        var said = new StringBuilder();
        foreach (var (outcome, verb) in (ReadOnlySpan<(string, string)>)[
            ("allowed", "may call it"), ("depends", "may call it with some arguments"),
            ("approval_required", "may call it after a person's approval"), ("denied", "may not call it")])
        {
            var names = grants.Where(one => one.Outcome == outcome).Select(static one => one.Grant)
                .Order(StringComparer.Ordinal).ToList();
            if (names.Count == 0)
                continue;
            said.Append(said.Length > 0 ? " " : "").Append(Spelling.Count(names.Count, "grant")).Append(' ')
                .Append(verb).Append(": ").AppendJoin(", ", names.Take(NamesMax))
                .Append(names.Count > NamesMax ? $" and {names.Count - NamesMax} more." : ".");
        }

        return said.ToString();
    }

    /// <summary>Returns the text that the gateway itself writes for a call that the entry refuses.</summary>
    private static string Refused(ToolFacts tool, JsonObject? entry)
    {
        if (entry is null || PolicyLoader.Load(
            Encoding.UTF8.GetBytes(RecommendedPolicy.Alone(tool.Name, entry).ToJsonString()), "recommended")
            .Policy is not { } policy)
            return "The policy denies the tool by default; the agent reads that no rule allows it.";
        var decision = PolicyEngine.Decide(
            policy.Bind("GRANT", "SERVER"),
            PolicyCall.OfTool(tool.Name, Encoding.UTF8.GetBytes(RuleEffect.Typical(tool.InputSchema).ToJsonString())));
        if (decision.Outcome == DecisionOutcome.Deny)
            return $"\"{Refusal.Of(decision).Text}\"";
        var said = decision.Outcome == DecisionOutcome.Ask
            ? "While the call waits for a person: "
                + $"\"{PolicyText.Violation(decision.Reason, "The request is pending.")}\" "
            : "";
        if (decision.Costs.IsEmpty)
            return said.TrimEnd();
        var cost = decision.Costs[0];
        var lengthMs = cost.Window.LongestMs;
        var resetAtMs = Example.ToUnixTimeMilliseconds() + lengthMs;
        var refused = new LimitRefusal(
            0, RefusalKind.NoRoom, cost.Cost.Max, Amount.Zero, resetAtMs,
            cost.Cost.Key.Kind.Explain(cost.Cost.Key, cost.Cost.Cost, cost.Cost.Max, Amount.Zero, resetAtMs));
        var text = Refusal.Of(decision.Costs, refused, lengthMs).Text;
        return $"{said}When the limit is used up, for example: \"{text}\"";
    }
}

/// <summary>A question about a tool.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer, derived from facts.</param>
public sealed record ToolQuestion(string Question, string Answer);
