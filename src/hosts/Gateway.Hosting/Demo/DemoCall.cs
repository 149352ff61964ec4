using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Gateway.Hosting.Demo;

/// <summary>One call of the demo's agent: the tool, the outcome, and the text that its model received.</summary>
public sealed record DemoCall(int Number, string Tool, DemoOutcome Outcome, string Text)
{
    private const string DecisionKey = "policy-gateway/decision";

    /// <summary>Reads the outcome of a call from its result.</summary>
    public static DemoCall Of(int number, string tool, CallToolResult result)
    {
        var text = string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        return new DemoCall(number, tool, OutcomeOf(result), text);
    }

    private static DemoOutcome OutcomeOf(CallToolResult result)
    {
        if (result.IsError != true) return DemoOutcome.Admitted;

        return ((result.Meta?[DecisionKey] as JsonObject)?["outcome"]?.ToString()) switch
        {
            "rate_limited" => DemoOutcome.RateLimited,
            "denied" => DemoOutcome.Denied,
            _ => DemoOutcome.Failed,
        };
    }
}
