namespace Gateway.Policy.Rules;

/// <summary>Every method has a rule: which part of a policy judges which message.</summary>
internal static class MethodJudge
{
    private const string Notifications = "notifications/";

    public static Decision Decide(PolicyBinding binding, RuleSet rules, in PolicyCall call)
    {
        switch (call.Method)
        {
            case "tools/call":
                return ToolJudge.Decide(binding, rules, call);
            case "tools/list" or "prompts/list" or "resources/list" or "resources/templates/list":
            case "initialize" or "server/discover" or "ping" or "logging/setLevel":
                return Verdicts.Protocol;
            case "resources/read" or "resources/subscribe" or "resources/unsubscribe":
                return call.Name is { } uri ? rules.Resources.DecideUri(uri) : Verdicts.Unnamed;
            // A stream that names no resource only tells of changed lists.
            case "subscriptions/listen":
                return call.Name is { } heard ? rules.Resources.DecideUri(heard) : Verdicts.Protocol;
            case "prompts/get":
                return call.Name is { } prompt ? rules.Prompts.Decide(prompt) : Verdicts.Unnamed;
            case "completion/complete":
                return DecideCompletion(rules, call);
            case "tasks/list":
                return Verdicts.TasksList;
            default:
                return call.Method.StartsWith(Notifications, StringComparison.Ordinal)
                    ? Verdicts.Protocol
                    : rules.UnknownMethod;
        }
    }

    public static Decision DecideWithoutPolicy(in PolicyCall call) => call.Method switch
    {
        "initialize" or "notifications/initialized" or "server/discover" or "ping" => Verdicts.Protocol,
        "tools/list" or "prompts/list" or "resources/list" or "resources/templates/list" => Verdicts.Protocol,
        "tasks/list" => Verdicts.TasksList,
        _ => Verdicts.NoPolicy,
    };

    private static Decision DecideCompletion(RuleSet rules, in PolicyCall call) => (call.Subject, call.Name) switch
    {
        (PolicySubject.Prompt, { } prompt) => rules.Prompts.Decide(prompt),
        (PolicySubject.Resource, { } uri) => rules.Resources.DecideTemplate(uri),
        _ => Verdicts.Unnamed,
    };
}
