using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>Selects the part of a policy that evaluates a subject.</summary>
internal static class SubjectEvaluator
{
    public static PolicyDecision Decide(PolicyBinding binding, RuleSet rules, in PolicyCall call) =>
        (call.Subject, call.Name) switch
        {
            (PolicySubject.Tool, _) => ToolEvaluator.Decide(binding, rules, call),
            (PolicySubject.List or PolicySubject.Opening or PolicySubject.Allowed, _) => BuiltInDecisions.Protocol,
            (PolicySubject.Prompt, { } prompt) => rules.Prompts.Decide(prompt, call.Listing),
            (PolicySubject.Resource or PolicySubject.Template, ReservedUris.Limits) =>
                rules.ShowsLimits && call.Subject == PolicySubject.Resource
                    ? BuiltInDecisions.LimitsShown : BuiltInDecisions.LimitsNotShown,
            (PolicySubject.Resource, { } uri) => rules.Resources.DecideUri(uri),
            (PolicySubject.Template, { } template) => rules.Resources.DecideTemplate(template),
            (PolicySubject.Prompt or PolicySubject.Resource or PolicySubject.Template, null) =>
                BuiltInDecisions.Unnamed,
            (PolicySubject.Task, _) => call.TaskTool is { } tool ? OfTask(rules, tool, call.Class) : rules.Tasks,
            (PolicySubject.NotServed, _) => BuiltInDecisions.TasksList,
            (PolicySubject.Other, _) => rules.UnknownMethod,
            _ => throw new NotSupportedException($"PolicySubject {call.Subject} has no case here."),
        };

    /// <summary>
    /// Returns the decision on a message about a task. It was counted, and approved if necessary, when the tool was
    /// called; a tool that is hidden or denied by now denies its tasks too.
    /// </summary>
    private static PolicyDecision OfTask(RuleSet rules, string tool, ToolClass toolClass)
    {
        // Not served at all, if tasks do not pass.
        if (rules.Tasks.IsMethodNotFound)
            return rules.Tasks;
        var name = rules.Names.Of(tool);
        if (name.Hidden is { } hidden)
            return hidden;
        var rule = rules.Names.RuleOf(name, toolClass);
        return rule is { Denial: { } denial, IsDenialShadow: false }
            ? denial
            : BuiltInDecisions.Task with { Results = rule.Results };
    }

    public static PolicyDecision DecideWithoutPolicy(in PolicyCall call) => call.Subject switch
    {
        PolicySubject.List or PolicySubject.Opening => BuiltInDecisions.Protocol,
        PolicySubject.NotServed => BuiltInDecisions.TasksList,
        PolicySubject.Tool or PolicySubject.Prompt or PolicySubject.Resource or PolicySubject.Template
            or PolicySubject.Task or PolicySubject.Allowed or PolicySubject.Other => BuiltInDecisions.NoPolicy,
        _ => throw new NotSupportedException($"PolicySubject {call.Subject} has no case here."),
    };
}
