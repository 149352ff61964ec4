using Gateway.Policy.Decisions;
using Gateway.Policy.Results;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>Decisions that are identical for every policy, one shared instance each.</summary>
internal static class BuiltInDecisions
{
    private const string TooMuchReason = "The arguments are too large, too deeply nested or too many to be checked";

    /// <summary>The next step after such a refusal.</summary>
    public const string SendFewer = "Send fewer or shorter arguments.";

    private const string AskOperator = "If you need it, ask the operator to allow it.";

    public static readonly PolicyDecision Protocol = Allow(PolicyRuleNames.Protocol);

    public static readonly PolicyDecision DefaultAllow = Allow(PolicyRuleNames.DefaultAllow);

    public static readonly PolicyDecision Task = Allow(PolicyRuleNames.Task);

    public static readonly PolicyDecision NoPolicy = Deny(
        PolicyRuleNames.NoPolicy,
        "This grant has no policy for this server, so nothing is allowed",
        "Ask the operator to attach a policy to the grant.");

    public static readonly PolicyDecision Hidden = Deny(
        PolicyRuleNames.Hidden,
        "This tool is hidden by the policy",
        "Use a tool that tools/list shows.");

    public static readonly PolicyDecision ToolDefaultDeny = Deny(
        PolicyRuleNames.DefaultDeny,
        "No rule of the policy allows this tool",
        "Use a tool that tools/list shows, or ask the operator to allow this one.");

    public static readonly PolicyDecision UncertainClass = Deny(
        PolicyRuleNames.UncertainClass,
        "The policy has rules by class, and nobody has accepted a class for this tool yet",
        "Use a tool that tools/list shows, or ask the operator to accept the class of this one.");

    public static readonly PolicyDecision NotAccepted = Deny(
        PolicyRuleNames.NotAccepted,
        "This tool is new or its definition has changed, and nobody has accepted it yet",
        "Use a tool that tools/list shows, or ask the operator to accept this one.");

    public static readonly PolicyDecision Blocked = Deny(
        PolicyRuleNames.NotAccepted,
        "The definition of this tool looks forged, and nobody has accepted it",
        "Use a tool that tools/list shows, or ask the operator to look at this one.");

    public static readonly PolicyDecision AmbiguousTool = Deny(
        PolicyRuleNames.AmbiguousTool,
        "The name of this tool differs from another tool's name only in case, Unicode form or look-alike characters, "
            + "and the policy may have a different rule for that tool",
        "Use the exact name that tools/list shows, or ask the operator to accept this tool or to name it in the "
            + "policy.");

    public static readonly PolicyDecision UnclearTool = Deny(
        PolicyRuleNames.AmbiguousTool,
        "The name of this tool has an invisible, blank or control character",
        "Use the exact name that tools/list shows.");

    public static readonly PolicyDecision AmbiguousPrompt = Deny(
        PolicyRuleNames.AmbiguousPrompt,
        "The name of this prompt differs from another prompt's name only in case, Unicode form or look-alike "
            + "characters, and the policy may have a different rule for that prompt",
        "Use the exact name that prompts/list shows, or ask the operator to name it in the policy.");

    public static readonly PolicyDecision UnclearPrompt = Deny(
        PolicyRuleNames.AmbiguousPrompt,
        "The name of this prompt has an invisible, blank or control character",
        "Use the exact name that prompts/list shows.");

    public static readonly PolicyDecision MethodDefaultDeny = Deny(
        PolicyRuleNames.DefaultDeny,
        "No rule of the policy allows this method",
        AskOperator);

    public static readonly PolicyDecision ResourceDefaultDeny = Deny(
        PolicyRuleNames.DefaultDeny,
        "No rule of the policy allows this resource",
        "Use a resource that resources/list shows, or ask the operator to allow this one.");

    public static readonly PolicyDecision LimitsShown = Allow("/show_limits");

    public static readonly PolicyDecision LimitsNotShown = Deny(
        PolicyRuleNames.LimitsNotShown,
        "The policy does not let agents see how much of a limit is used",
        "Continue without this information: a refusal states how long to wait.");

    public static readonly PolicyDecision AmbiguousUri = Deny(
        PolicyRuleNames.AmbiguousUri,
        "Different programs could read this URI as different resources, so no rule can evaluate it",
        "Send the URI without dot segments, backslashes, invisible characters and escaped separators, and with its "
        + "host in plain letters.");

    public static readonly PolicyDecision CostlyUri = Deny(
        PolicyRuleNames.AmbiguousUri,
        "This URI is too long to be compared with all patterns of the policy",
        "Send a shorter one.");

    public static readonly PolicyDecision PromptDefaultDeny = Deny(
        PolicyRuleNames.DefaultDeny,
        "No rule of the policy allows this prompt",
        "Use a prompt that prompts/list shows, or ask the operator to allow this one.");

    public static readonly PolicyDecision Unnamed = Deny(
        PolicyRuleNames.Unnamed,
        "The message names no tool, prompt or resource, so no rule can evaluate it",
        "Send it with a name or URI.");

    public static readonly PolicyDecision NameTooLong = Deny(
        PolicyRuleNames.Unnamed,
        $"The name is longer than {PolicyBounds.NameLengthMax} characters",
        "Send a shorter one.");

    public static readonly PolicyDecision UnreadableArguments = Deny(
        PolicyRuleNames.UnreadableArguments,
        "The arguments are ambiguous or not a JSON object, so no rule can evaluate them",
        "Send an object without duplicate keys, nested at most "
            + $"{PolicyBounds.ArgumentsDepthMax} levels.");

    /// <summary>Returns the denial of a number that a rule reads and that is not exact as a double.</summary>
    public static PolicyDecision InexactNumber(string place) => Deny(
        PolicyRuleNames.UnreadableArguments,
        $"The number at {place} is not exact as a double, so the server may read a different number than the policy",
        $"Send {place} with fewer digits, or write it as a string.");

    public static readonly PolicyDecision TasksList = Deny(
        PolicyRuleNames.MethodNotFound,
        "tasks/list is not available through the gateway: the server cannot tell grants apart",
        "Request a task by its id.") with
    { IsMethodNotFound = true };

    public static readonly PolicyDecision TasksNotPassed = Deny(
        PolicyRuleNames.MethodNotFound,
        "The policy does not allow tasks",
        "Call the tool without a task.") with
    { IsMethodNotFound = true };

    public static readonly PolicyDecision TasksWithResults = Deny(
        ResultDenial.TasksRule,
        "The policy evaluates the server's responses, but the call that a task's result belongs to is unknown",
        "Call the tool without a task.");

    /// <summary>Returns the denial of arguments that would take too long to evaluate.</summary>
    public static PolicyDecision TooMuch(string rule) => Deny(rule, TooMuchReason, SendFewer);

    public static PolicyDecision Allow(string rule) => new() { Outcome = DecisionOutcome.Allow, Rule = rule };

    public static PolicyDecision Deny(string rule, string reason, string nextStep) =>
        new() { Outcome = DecisionOutcome.Deny, Rule = rule, Reason = reason, NextStep = nextStep };

    /// <summary>Returns a decision that requires approval; the entry's terms and the costs are added later.</summary>
    public static PolicyDecision Ask(string rule, string reason) => new()
    {
        Outcome = DecisionOutcome.Ask,
        Rule = rule,
        Reason = reason,
        NextStep = "Wait for the approval, then call again with the same arguments.",
    };

    /// <summary>Returns the denial by an entry's <c>action: deny</c>.</summary>
    public static PolicyDecision DenyByAction(string rule, string? reason) =>
        Deny(rule, reason ?? "The policy denies this tool", "Do not call it again. " + AskOperator);

    /// <summary>Returns a decision that lets the call go on and contains a denial that is only recorded.</summary>
    public static PolicyDecision LetThrough(PolicyDecision denial) =>
        new() { Outcome = DecisionOutcome.Allow, Rule = denial.Rule, Shadow = denial };
}
