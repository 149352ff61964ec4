using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>Every method has a rule: which part of a policy judges which message.</summary>
internal static class MethodEvaluator
{
    private const string Notifications = "notifications/";
    private const string Tasks = "tasks/";

    public static PolicyDecision Decide(PolicyBinding binding, RuleSet rules, in PolicyCall call)
    {
        switch (call.Method)
        {
            case "tools/call":
                return ToolEvaluator.Decide(binding, rules, call);
            case "tools/list" or "prompts/list" or "resources/list" or "resources/templates/list":
            case "initialize" or "server/discover" or "ping" or "logging/setLevel":
                return BuiltInDecisions.Protocol;
            case "resources/read" or "resources/subscribe" or "resources/unsubscribe":
                return call.Name is { } uri ? rules.Resources.DecideUri(uri) : BuiltInDecisions.Unnamed;
            // A stream that names no resource only tells of changed lists.
            case "subscriptions/listen":
                return call.Name is { } heard ? rules.Resources.DecideUri(heard) : BuiltInDecisions.Protocol;
            case "prompts/get":
                return call.Name is { } prompt ? rules.Prompts.Decide(prompt) : BuiltInDecisions.Unnamed;
            case "completion/complete":
                return DecideCompletion(rules, call);
            case "tasks/list":
                return BuiltInDecisions.TasksList;
            default:
                return call.Method.StartsWith(Notifications, StringComparison.Ordinal)
                    ? BuiltInDecisions.Protocol
                    : call.Method.StartsWith(Tasks, StringComparison.Ordinal) ? rules.Tasks
                    : rules.UnknownMethod;
        }
    }

    public static PolicyDecision DecideWithoutPolicy(in PolicyCall call) => call.Method switch
    {
        "initialize" or "notifications/initialized" or "server/discover" or "ping" => BuiltInDecisions.Protocol,
        "tools/list" or "prompts/list" or "resources/list" or "resources/templates/list" => BuiltInDecisions.Protocol,
        "tasks/list" => BuiltInDecisions.TasksList,
        _ => BuiltInDecisions.NoPolicy,
    };

    private static PolicyDecision DecideCompletion(RuleSet rules, in PolicyCall call) =>
        (call.Subject, call.Name) switch
        {
            (PolicySubject.Prompt, { } prompt) => rules.Prompts.Decide(prompt),
            (PolicySubject.Resource, { } uri) => rules.Resources.DecideTemplate(uri),
            _ => BuiltInDecisions.Unnamed,
        };
}
