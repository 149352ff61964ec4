using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy;

/// <summary>Decides on one message by one immutable policy, without a clock, state or waiting.</summary>
public static class PolicyEngine
{
    /// <summary>Returns the decision on a message: the outcome, the rule and the costs.</summary>
    public static PolicyDecision Decide(PolicyBinding binding, in PolicyCall call)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (call.Name is { Length: > PolicyBounds.NameLengthMax })
            return BuiltInDecisions.NameTooLong;
        return binding.Rules is { } rules
            ? SubjectEvaluator.Decide(binding, rules, call)
            : SubjectEvaluator.DecideWithoutPolicy(call);
    }

    /// <summary>
    /// Returns the maximum number of bytes that <see cref="Decide"/> temporarily allocates to read the arguments; 0 for
    /// nearly every call. A caller that decides on many calls concurrently can reserve that memory.
    /// </summary>
    public static long EvaluationBytes(PolicyBinding binding, in PolicyCall call)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return call.Subject == PolicySubject.Tool && call.Name is not { Length: > PolicyBounds.NameLengthMax }
            && binding.Rules is { } rules
            ? ToolEvaluator.EvaluationBytes(rules, call)
            : 0;
    }

    /// <summary>
    /// Returns the current value of <see cref="PolicyDecision.RuleSha256"/> for a tool; null if it requires no
    /// approval.
    /// </summary>
    public static string? RuleSha256(PolicyBinding binding, string tool, ToolClass toolClass = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return binding.Rules?.RuleFor(tool, toolClass).Sha256;
    }

    /// <summary>
    /// Returns true if an entry of the policy has exactly the name of a tool, as opposed to a matching pattern.
    /// </summary>
    public static bool NamesTool(PolicyBinding binding, string tool)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(tool);
        return tool.Length <= PolicyBounds.NameLengthMax
            && binding.Rules?.RuleFor(tool, default).Pointer == "/tools/" + JsonPointer.Escape(tool);
    }

    /// <summary>
    /// Returns the pattern of the entry that covers a tool, such as <c>send_*</c>; null if the entry has the tool's
    /// exact name, matches any name, or does not exist.
    /// </summary>
    public static string? PatternOf(PolicyBinding binding, string tool, ToolClass toolClass = default)
    {
        const string entries = "/tools/";
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(tool);
        if (tool.Length > PolicyBounds.NameLengthMax
            || binding.Rules?.RuleFor(tool, toolClass).Pointer is not { } pointer
            || !pointer.StartsWith(entries, StringComparison.Ordinal))
        {
            return null;
        }

        var entry = JsonPointer.Unescape(pointer[entries.Length..]);
        return entry == tool || entry.AsSpan().Trim("*?").IsEmpty ? null : entry;
    }

    /// <summary>Returns true if a list may show this item. Without a policy every list is empty.</summary>
    /// <param name="binding">The binding of the grant that receives the list.</param>
    /// <param name="kind">The kind of list.</param>
    /// <param name="name">The item's name or URI.</param>
    /// <param name="standing">The status of a tool's definition.</param>
    /// <param name="listing">The listed names that look like it; null if unknown.</param>
    /// <param name="caller">The caller that receives the list; null for a grant's own token.</param>
    /// <param name="toolClass">The accepted class of a tool.</param>
    public static bool IsListed(
        PolicyBinding binding, ListKind kind, string name, ToolStanding standing = ToolStanding.Accepted,
        NameListing? listing = null, Caller? caller = null, ToolClass toolClass = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(name);
        if (binding.Rules is not { } rules || name.Length > PolicyBounds.NameLengthMax)
            return false;
        return kind switch
        {
            ListKind.Tools => rules.Names.Of(name) is { Hidden: null } tool
                && rules.Names.RuleOf(tool, toolClass) is { IsListed: true } rule
                && (NameCheck.Evaluate(rules.Names, tool, listing ?? NameListing.Listed, standing, out var isRecorded)
                    is null || isRecorded)
                && PinCheck.IsListed(rule, standing)
                && ShowCheck.Evaluate(binding, rule, caller) is null,
            ListKind.Prompts => rules.Prompts.Decide(name, listing).Outcome == DecisionOutcome.Allow,
            // A resource that a server lists under the gateway's own URI is not the gateway's.
            ListKind.Resources or ListKind.ResourceTemplates when name == ReservedUris.Limits => false,
            ListKind.Resources => rules.Resources.DecideUri(name).Outcome == DecisionOutcome.Allow,
            ListKind.ResourceTemplates => rules.Resources.DecideTemplate(name).Outcome == DecisionOutcome.Allow,
            _ => false,
        };
    }
}
