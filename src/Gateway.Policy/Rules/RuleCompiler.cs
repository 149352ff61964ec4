using System.Collections.Immutable;
using Gateway.Policy.Documents;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Rules;

/// <summary>Turns a document without errors into rules.</summary>
internal static class RuleCompiler
{
    public static RuleSet Compile(PolicyDocument document)
    {
        var tools = new List<(Glob, ToolRule)>(document.Tools.Length);
        foreach (var entry in document.Tools)
            tools.Add((entry.Name, CompileEntry(document, entry, tools.Count)));
        var otherTools = CompileDefault(document, tools.Count);
        return new RuleSet
        {
            UnknownMethod = Default(document, Verdicts.MethodDefaultDeny),
            Hidden = new NameTable<Decision>(document.Hide.Select(static hide => (hide.Glob, Verdicts.Hidden))),
            Tools = new NameTable<ToolRule>(tools),
            OtherTools = otherTools,
            AllTools = [.. tools.Select(static tool => tool.Item2), otherTools],
            Resources = CompileSection(document, document.Resources, Verdicts.ResourceDefaultDeny, "resource"),
            Prompts = CompileSection(document, document.Prompts, Verdicts.PromptDefaultDeny, "prompt"),
        };
    }

    private static ToolRule CompileEntry(PolicyDocument document, ToolEntryDocument entry, int index)
    {
        var isShadow = entry.IsShadow ?? document.IsShadow;
        var limits = Limits(document.AllTools.Limits, document.IsShadow)
            .AddRange(Limits(entry.Limits, isShadow));
        return new ToolRule
        {
            Index = index,
            Pointer = entry.Pointer,
            Denial = entry.Action == ToolAction.Deny
                ? Verdicts.DenyByAction($"{entry.Pointer}/action", entry.Reason)
                : null,
            IsDenialShadow = isShadow,
            Limits = limits,
            HasMeasuredCosts = limits.Any(static limit => limit.CostFrom is not null),
            HasSessionLimits = limits.Any(static limit => limit.IsPerSession),
        };
    }

    private static ToolRule CompileDefault(PolicyDocument document, int index)
    {
        var limits = Limits(document.AllTools.Limits, document.IsShadow);
        return new ToolRule
        {
            Index = index,
            Pointer = document.DefaultAllows ? PolicyRuleNames.DefaultAllow : PolicyRuleNames.DefaultDeny,
            Denial = document.DefaultAllows ? null : Verdicts.ToolDefaultDeny,
            IsDenialShadow = document.IsShadow,
            Limits = limits,
            HasMeasuredCosts = limits.Any(static limit => limit.CostFrom is not null),
            HasSessionLimits = limits.Any(static limit => limit.IsPerSession),
        };
    }

    private static ImmutableArray<LimitRule> Limits(ImmutableArray<LimitDocument> limits, bool isShadow) =>
        [.. limits.Select(limit => new LimitRule(limit, isShadow))];

    private static NameSection CompileSection(
        PolicyDocument document, SectionDocument? section, Decision defaultDeny, string noun)
    {
        if (section is null)
            return new NameSection([], [], Default(document, defaultDeny));
        var deny = section.Deny.Select(pattern => (pattern.Glob, Enforce(document, Verdicts.Deny(
            pattern.Pointer, $"The policy denies this {noun}", "Ask the operator if you need it."))));
        var allow = section.Allow.Select(static pattern => (pattern.Glob, Verdicts.Allow(pattern.Pointer)));
        var otherwise = section.DefaultAllows switch
        {
            true => Verdicts.Allow($"{section.Pointer}/default"),
            false => Enforce(document, defaultDeny with { Rule = $"{section.Pointer}/default" }),
            null => Default(document, defaultDeny),
        };
        return new NameSection([.. allow], [.. deny], otherwise);
    }

    private static Decision Default(PolicyDocument document, Decision defaultDeny) =>
        document.DefaultAllows ? Verdicts.DefaultAllow : Enforce(document, defaultDeny);

    private static Decision Enforce(PolicyDocument document, Decision denial) =>
        document.IsShadow ? Verdicts.LetThrough(denial) : denial;
}
