using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy;

/// <summary>Decides on one message by one immutable policy: no clock, no state, no waiting.</summary>
public static class PolicyEngine
{
    /// <summary>What is to be done with the message, by which rule, and at what cost.</summary>
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
    /// How many bytes of memory <see cref="Decide"/> takes for a moment to read the arguments, at most; 0 for nearly
    /// every call. Whoever decides on many calls at once can see to it that there is room.
    /// </summary>
    public static long JudgingBytes(PolicyBinding binding, in PolicyCall call)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return call.Subject == PolicySubject.Tool && call.Name is not { Length: > PolicyBounds.NameLengthMax }
            && binding.Rules is { } rules
            ? ToolEvaluator.JudgingBytes(rules, call)
            : 0;
    }

    /// <summary>
    /// What <see cref="PolicyDecision.RuleSha256"/> is now for a tool; null where nobody is asked about it.
    /// </summary>
    public static string? RuleSha256(PolicyBinding binding, string tool)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return binding.Rules?.RuleFor(tool).Sha256;
    }

    /// <summary>Whether an entry of the policy has the very name of a tool, not a pattern that matches it.</summary>
    public static bool NamesTool(PolicyBinding binding, string tool)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(tool);
        return tool.Length <= PolicyBounds.NameLengthMax
            && binding.Rules?.RuleFor(tool).Pointer == "/tools/" + JsonPointer.Escape(tool);
    }

    /// <summary>
    /// Returns the pattern of the entry that covers a tool, such as <c>send_*</c>; null where the entry has the tool's
    /// very name, matches any name, or there is none.
    /// </summary>
    public static string? PatternOf(PolicyBinding binding, string tool)
    {
        const string entries = "/tools/";
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(tool);
        if (tool.Length > PolicyBounds.NameLengthMax
            || binding.Rules?.RuleFor(tool).Pointer is not { } pointer
            || !pointer.StartsWith(entries, StringComparison.Ordinal))
        {
            return null;
        }

        var entry = JsonPointer.Unescape(pointer[entries.Length..]);
        return entry == tool || entry.AsSpan().Trim("*?").IsEmpty ? null : entry;
    }

    /// <summary>Whether a list may show this item. Without a policy every list is empty.</summary>
    /// <param name="binding">Whose list it is.</param>
    /// <param name="kind">Which list.</param>
    /// <param name="name">The item's name or URI.</param>
    /// <param name="standing">What is known of a tool's definition.</param>
    /// <param name="listing">The names of the list that look like it; null where they are not known.</param>
    public static bool IsListed(
        PolicyBinding binding, ListKind kind, string name, ToolStanding standing = ToolStanding.Accepted,
        NameListing? listing = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(name);
        if (binding.Rules is not { } rules || name.Length > PolicyBounds.NameLengthMax)
            return false;
        return kind switch
        {
            ListKind.Tools => rules.Names.Of(name) is { Hidden: null, Rule.IsListed: true } tool
                && (NameCheck.Judge(rules.Names, tool, listing ?? NameListing.Listed, standing, out var isRecorded)
                    is null || isRecorded)
                && PinCheck.IsListed(tool.Rule, standing),
            ListKind.Prompts => rules.Prompts.Decide(name, listing).Outcome == DecisionOutcome.Allow,
            // What a server lists under the gateway's own name is not the gateway's.
            ListKind.Resources or ListKind.ResourceTemplates when name == ReservedUris.Limits => false,
            ListKind.Resources => rules.Resources.DecideUri(name).Outcome == DecisionOutcome.Allow,
            ListKind.ResourceTemplates => rules.Resources.DecideTemplate(name).Outcome == DecisionOutcome.Allow,
            _ => false,
        };
    }
}
