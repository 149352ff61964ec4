using System.Collections.Immutable;
using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Policy.Documents;
using Gateway.Policy.Text;

namespace Gateway.Policy.Reviewing;

/// <summary>Describes each rule as a sentence.</summary>
internal static class RuleSentences
{
    private const string InShadow = ", in shadow: it is only recorded";

    public static ImmutableArray<RuleSentence> Of(ToolEntryDocument entry, bool isDocumentShadow)
    {
        var shadow = entry.IsShadow ?? isDocumentShadow ? InShadow : "";
        var said = ImmutableArray.CreateBuilder<RuleSentence>();
        said.Add(new(entry.Pointer, Action(entry) + shadow));
        if (entry.Arguments is not null)
            said.Add(new($"{entry.Pointer}/arguments", "the arguments must satisfy the JSON Schema"));
        said.AddRange(entry.ShowIf.Select(static one => new RuleSentence(
            one.Pointer, $"hidden unless {one.Condition.Describe()}")));
        Conditions(entry.Require, entry.DenyIf, entry.ApproveIf, said);
        said.AddRange(entry.Limits.Select(static limit => new RuleSentence(limit.Pointer, Limit(limit))));
        said.AddRange(entry.Budgets.Select(Budget));
        if (entry.InFlight is { } inFlight)
            said.Add(InFlight(inFlight));
        Results(entry.Results, said);
        if (entry.Rounds is { } rounds)
            said.Add(new($"{entry.Pointer}/rounds", rounds == 0
                ? "each retry with input that the server requested counts as a call"
                : $"{Spelling.Count(rounds, "retry", "retries")} with input that the server requested cost nothing"));
        if (entry.AllowsVariants == true)
            said.Add(new(
                $"{entry.Pointer}/case_variants", "arguments whose names differ only in case are allowed"));
        if (entry.ReadsDecimals)
            said.Add(new($"{entry.Pointer}/number", "numbers that a double would change are allowed"));
        return said.ToImmutable();
    }

    public static ImmutableArray<RuleSentence> Of(AllToolsDocument all)
    {
        var said = ImmutableArray.CreateBuilder<RuleSentence>();
        Conditions(all.Require, all.DenyIf, all.ApproveIf, said);
        said.AddRange(all.Limits.Select(static limit => new RuleSentence(limit.Pointer, Limit(limit))));
        said.AddRange(all.Budgets.Select(Budget));
        if (all.InFlight is { } inFlight)
            said.Add(InFlight(inFlight));
        Results(all.Results, said);
        return said.ToImmutable();
    }

    public static ImmutableArray<RuleSentence> Of(SectionDocument section)
    {
        var said = ImmutableArray.CreateBuilder<RuleSentence>();
        said.AddRange(section.Deny.Select(static one => new RuleSentence(one.Pointer, $"denies {one.Glob.Text}")));
        said.AddRange(section.Allow.Select(static one => new RuleSentence(one.Pointer, $"allows {one.Glob.Text}")));
        if (section.DefaultAllows is { } allows)
            said.Add(new($"{section.Pointer}/default", allows ? "allows the others" : "denies the others"));
        Results(section.Results, said);
        return said.ToImmutable();
    }

    private static string Action(ToolEntryDocument entry) => entry.Action switch
    {
        ToolAction.Deny => "every call is denied" + (entry.Reason is { } reason
            ? $": \"{Spelling.Shorten(reason)}\"" : ""),
        ToolAction.Approve => $"{Approvers(entry.Approval)} every call",
        ToolAction.Allow or ToolAction.RateLimit => entry.ApproveIf.IsEmpty ? "calls are allowed"
            : $"calls are allowed; where a condition requires it, {Approvers(entry.Approval)} the call",
        _ => throw new NotSupportedException($"ToolAction {entry.Action} has no case here."),
    };

    private static string Approvers(ApprovalTerms? terms) =>
        terms is { Approvals: > 1 and var count } ? $"{count} people must approve" : "a person must approve";

    private static void Conditions(
        ImmutableArray<ConditionDocument> require, ImmutableArray<ConditionDocument> denyIf,
        ImmutableArray<ConditionDocument> approveIf, ImmutableArray<RuleSentence>.Builder said)
    {
        Add(require, "only where");
        Add(denyIf, "denied where");
        Add(approveIf, "a person must approve where");

        void Add(ImmutableArray<ConditionDocument> conditions, string when) => said.AddRange(conditions.Select(
            one => new RuleSentence(one.Pointer, $"{when} {one.Condition.Describe()}")));
    }

    private static RuleSentence Budget(BudgetUseDocument use) => new(use.Pointer,
        $"each call charges {use.IncrementFrom?.Text ?? use.Increment.ToString()} to the budget {use.Budget}"
        + Wait(use.Wait));

    private static RuleSentence InFlight(InFlightDocument inFlight) => new(inFlight.Pointer,
        $"at most {Spelling.Count(inFlight.Max, "call")} at the same time {Whose(inFlight.Scope)}"
        + Wait(inFlight.Wait));

    private static string Wait(TimeSpan wait) => wait == TimeSpan.Zero ? ""
        : $"; if there is no room, the call waits as a task for at most {WrittenTime.Length(wait)}";

    private static void Results(ResultsDocument results, ImmutableArray<RuleSentence>.Builder said) => said.AddRange(
        results.Rules(isShadow: false).Select(static rule => new RuleSentence(rule.Pointer, rule.Describe())));

    private static string Limit(LimitDocument limit)
    {
        var what = limit.IncrementFrom is { } path ? $"{limit.Max} of {path}" : $"{limit.Max}";
        var text = limit.Kind.Say(what, $"{limit.Max}", Each(limit.WindowText), Length(limit.WindowText));
        if (limit.Window.Zone is { } zone)
            text += $" (time zone {zone.Name})";
        text += limit switch
        {
            { IsPerSubject: true, CountsForGrant: true } => " for each person, or each grant without one",
            { IsPerSubject: true } => " for each person",
            _ => $" {Whose(limit.Scope)}",
        };
        if (!limit.By.IsEmpty)
            text += $" and each value of {string.Join(" and ", limit.By.Select(static by => by.Path))}";
        if (limit.Increment != Amount.One)
            text += $", where a call counts {limit.Increment}";
        if (limit.RefundOnError != limit.IncrementFrom is not null)
            text += limit.RefundOnError ? ", refunded if the server fails" : ", not refunded if the server fails";
        text += Wait(limit.Wait);
        if (!limit.NotifyAt.IsEmpty)
            text += $"; people are notified at {string.Join(", ", limit.NotifyAt.Select(Percent))}";
        return text;
    }

    private static string Percent(NotifyShare at) =>
        (at.Share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Whose(LimitScope scope) => scope switch
    {
        LimitScope.Session => "for each session",
        LimitScope.Server => "for all grants together",
        LimitScope.Grant or LimitScope.Service => "for each grant",
        _ => throw new NotSupportedException($"LimitScope {scope} has no case here."),
    };

    private static string Each(string window) => window switch
    {
        "hour" => "an hour",
        _ when char.IsAsciiLetter(window[0]) => $"a {window}",
        _ => $"every {Length(window)}",
    };

    // Units as written: 60 and "60s" are 60 seconds.
    private static string Length(string window)
    {
        if (char.IsAsciiLetter(window[0]))
            return window;
        var count = window.TrimEnd('s', 'm', 'h', 'd');
        var unit = window[^1] switch { 'm' => "minute", 'h' => "hour", 'd' => "day", _ => "second" };
        return count == "1" ? unit : $"{count} {unit}s";
    }
}

/// <summary>The effect of one rule, in plain English.</summary>
/// <param name="Pointer">The location of the rule.</param>
/// <param name="Text">The sentence, without a capital letter and a period.</param>
public sealed record RuleSentence(string Pointer, string Text);
