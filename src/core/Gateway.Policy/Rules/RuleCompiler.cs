using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Classes;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Patterns;
using Gateway.Policy.Results;
using Gateway.Policy.Schemas;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>Compiles a document without errors into rules.</summary>
internal sealed class RuleCompiler
{
    private readonly PolicyDocument _document;
    private readonly ImmutableArray<LimitRule> _commonLimits;
    private readonly ImmutableArray<BudgetRule> _commonBudgets;
    private readonly ImmutableArray<InFlightRule> _commonInFlight;
    private readonly ImmutableArray<CallCheck> _commonRequire;
    private readonly ImmutableArray<CallCheck> _commonDenyIf;
    private readonly ImmutableArray<CallCheck> _commonApproveIf;
    private readonly ImmutableArray<ArgumentPath> _commonPaths;
    private readonly ImmutableArray<ArgumentPath> _commonNumbers;

    private RuleCompiler(PolicyDocument document)
    {
        _document = document;
        _commonLimits = Limits(document.AllTools.Limits, document.IsShadow);
        _commonBudgets = Budgets(document.AllTools.Budgets, document.IsShadow);
        _commonInFlight = InFlight(document.AllTools.InFlight, null, document.IsShadow);
        _commonRequire = Conditions(document.AllTools.Require, ConditionUse.Require, document.IsShadow);
        _commonDenyIf = Conditions(document.AllTools.DenyIf, ConditionUse.DenyIf, document.IsShadow);
        _commonApproveIf = Conditions(document.AllTools.ApproveIf, ConditionUse.ApproveIf, document.IsShadow);
        var all = document.AllTools;
        ImmutableArray<ConditionDocument> conditions = [.. all.Require, .. all.DenyIf, .. all.ApproveIf];
        _commonPaths = [.. ReadPaths(conditions, all.Limits, all.Budgets)];
        _commonNumbers = NumbersRead(conditions, all.Limits, all.Budgets);
    }

    /// <summary>
    /// The rule that denies apps; null if they pass. Without their extension, no part of them passes either.
    /// </summary>
    private string? AppDenial => !_document.Apps.Allows ? "/apps/allow"
        : _document.Extensions?.Contains(KnownExtensions.Apps) == false ? "/extensions" : null;

    public static RuleSet Compile(PolicyDocument document) => new RuleCompiler(document).Compile();

    private RuleSet Compile()
    {
        var tools = new List<(Glob, ToolRule)>(_document.Tools.Length);
        foreach (var entry in _document.Tools)
            tools.Add((entry.Name, CompileEntry(entry, tools.Count)));
        var classes = CompileClasses(tools.Count);
        var otherTools = CompileDefault(tools.Count + classes.Length);
        ImmutableArray<ToolRule> allTools =
            [.. tools.Select(static tool => tool.Item2), .. classes.Select(static one => one.Rule), otherTools];
        var others = OtherMessages();
        var extensions = _document.IsShadow ? null : _document.Extensions ?? KnownExtensions.All;
        return new RuleSet
        {
            UnknownMethod = Default(BuiltInDecisions.MethodDefaultDeny),
            Tasks = extensions?.Contains(KnownExtensions.Tasks) == false ? BuiltInDecisions.TasksNotPassed
                : others is not null ? Enforce(BuiltInDecisions.TasksWithResults)
                : Default(BuiltInDecisions.MethodDefaultDeny),
            OtherMessages = others,
            Names = new ToolNames(
                [.. _document.Hide.Select(static hide => (hide.Glob, BuiltInDecisions.Hidden))], tools, otherTools,
                ByClass(classes)),
            OtherTools = otherTools,
            AllTools = allTools,
            ShowsLimits = _document.ShowsLimits,
            Extensions = extensions,
            Apps = _document.IsShadow ? null : _document.Apps with { Allows = AppDenial is null },
            Recording = _document.Recording,
            Resources = CompileResources(_document.Resources),
            Prompts = CompilePrompts(_document.Prompts),
            Budgets =
                [.. allTools.SelectMany(static rule => rule.Budgets).Select(static rule => rule.Budget).Distinct()],
            Lists = [.. _document.Conditions.SelectMany(static written => written.Condition.Lists).Distinct()],
        };
    }

    private ToolRule CompileEntry(ToolEntryDocument entry, int index)
    {
        var isShadow = entry.IsShadow ?? _document.IsShadow;
        var limits = _commonLimits.AddRange(Limits(entry.Limits, isShadow));
        var budgets = _commonBudgets.AddRange(Budgets(entry.Budgets, isShadow)
            .Where(use => _commonBudgets.All(common => common.Budget != use.Budget)));
        ImmutableArray<ConditionDocument> conditions = [.. entry.Require, .. entry.DenyIf, .. entry.ApproveIf];
        ImmutableArray<ArgumentPath> own = [.. ReadPaths(conditions, entry.Limits, entry.Budgets)];
        var paths = _commonPaths.AddRange(own);
        return new ToolRule
        {
            Index = index,
            Pointer = entry.Pointer,
            Denial = entry.Action == ToolAction.Deny
                ? BuiltInDecisions.DenyByAction($"{entry.Pointer}/action", entry.Reason)
                : null,
            IsDenialShadow = isShadow,
            ShowIf = [.. entry.ShowIf.Select(static written => new ShowCheck(written))],
            Pin = entry.Pin ?? _document.Pin,
            Checks =
            [
                .. VariantChecks(entry, own, isShadow), .. NumberChecks(entry, conditions, isShadow),
                .. ChecksOf(entry, isShadow),
            ],
            ArgumentsRead = entry.Arguments is null ? NamesOf(paths) : null,
            Paths = paths,
            HasSchema = entry.Arguments is not null,
            IsAsked = entry.Action == ToolAction.Approve,
            Approval = entry.Approval ?? ApprovalTerms.Default,
            Sha256 = entry.Sha256,
            IsApprovalShadow = isShadow,
            AskReason = entry.Reason,
            Rounds = entry.Rounds ?? PolicyBounds.RoundsDefault,
            Limits = limits,
            Budgets = budgets,
            InFlight = _commonInFlight.AddRange(InFlight(entry.InFlight, entry.Name.Text, isShadow)),
            Results = Answers(
                entry.AllowsVariants ?? _document.AllowsVariants,
                _document.AllTools.Results.Rules(_document.IsShadow), entry.Results.Rules(isShadow)),
            HasMeasuredCosts = ReadCalls(limits, budgets),
            CallerPaths = [.. CallerPathsOf(_document.AllTools), .. CallerPathsOf(entry)],
            HasSessionLimits = limits.Any(static limit => limit.IsPerSession),
        };
    }

    private ImmutableArray<(ToolClass Class, ToolRule Rule)> CompileClasses(int index)
    {
        if (_document.Classes.IsEmpty)
            return [];
        var classes = _document.Classes.Select(
            (entry, i) => (Class: entry.Class!.Value, CompileEntry(entry, index + i))).ToList();
        // A server could otherwise leave a class by changing the definition of a tool.
        if (classes.TrueForAll(static one => one.Class != ToolClass.Uncertain))
            classes.Add((ToolClass.Uncertain, CompileDefault(index + classes.Count, BuiltInDecisions.UncertainClass)));
        return [.. classes];
    }

    private static ToolRule?[]? ByClass(ImmutableArray<(ToolClass Class, ToolRule Rule)> classes)
    {
        if (classes.IsEmpty)
            return null;
        var rules = new ToolRule?[ToolClasses.Names.Count];
        foreach (var (toolClass, rule) in classes)
            rules[(int)toolClass] = rule;
        return rules;
    }

    private ToolRule CompileDefault(int index) =>
        CompileDefault(index, _document.DefaultAllows ? null : BuiltInDecisions.ToolDefaultDeny);

    private ToolRule CompileDefault(int index, PolicyDecision? denial) => new()
    {
        Index = index,
        Pointer = denial?.Rule ?? PolicyRuleNames.DefaultAllow,
        Denial = denial,
        IsDenialShadow = _document.IsShadow,
        Sha256 = _commonApproveIf.IsEmpty ? null : RuleDigest.Of(_document.AllTools.Written, entry: null),
        Pin = _document.Pin,
        Checks =
        [
            .. VariantChecks(entry: null, [], _document.IsShadow),
            .. NumberChecks(entry: null, [], _document.IsShadow),
            .. _commonRequire, .. _commonDenyIf, .. _commonApproveIf,
        ],
        ArgumentsRead = NamesOf(_commonPaths),
        Paths = _commonPaths,
        Limits = _commonLimits,
        Budgets = _commonBudgets,
        InFlight = _commonInFlight,
        Results = Answers(_document.AllowsVariants, _document.AllTools.Results.Rules(_document.IsShadow)),
        HasMeasuredCosts = ReadCalls(_commonLimits, _commonBudgets),
        CallerPaths = [.. CallerPathsOf(_document.AllTools)],
        HasSessionLimits = _commonLimits.Any(static limit => limit.IsPerSession),
    };

    // The order of evaluation: arguments; then require, deny_if and approve_if, each of all tools and of the entry.
    private ImmutableArray<CallCheck> ChecksOf(ToolEntryDocument entry, bool isShadow) =>
    [
        .. entry.Arguments is { } schema
            ? [new SchemaCheck(schema, $"{entry.Pointer}/arguments", isShadow, entry.ReadsDecimals)]
            : Array.Empty<CallCheck>(),
        .. _commonRequire,
        .. Conditions(entry.Require, ConditionUse.Require, isShadow),
        .. _commonDenyIf,
        .. Conditions(entry.DenyIf, ConditionUse.DenyIf, isShadow),
        .. _commonApproveIf,
        .. Conditions(entry.ApproveIf, ConditionUse.ApproveIf, isShadow),
    ];

    // Before all others. Names that only an entry in shadow mode reads are checked in shadow mode too.
    private IEnumerable<CallCheck> VariantChecks(
        ToolEntryDocument? entry, ImmutableArray<ArgumentPath> own, bool isShadow)
    {
        if (entry?.AllowsVariants ?? _document.AllowsVariants)
            return [];
        Schema[] schemas = entry?.Arguments is { } schema ? [schema] : [];
        VariantCheck?[] checks = isShadow == _document.IsShadow
            ? [VariantCheck.Of(schemas, _commonPaths.Concat(own), isShadow)]
            : [VariantCheck.Of([], _commonPaths, _document.IsShadow), VariantCheck.Of(schemas, own, isShadow)];
        return checks.OfType<CallCheck>();
    }

    // Before the rules that read the numbers. Numbers that only an entry in shadow mode reads are checked in shadow
    // mode too.
    private IEnumerable<CallCheck> NumberChecks(
        ToolEntryDocument? entry, ImmutableArray<ConditionDocument> conditions, bool isShadow)
    {
        if (entry is { ReadsDecimals: true })
            return [];
        var own = entry is null ? [] : NumbersRead(conditions, entry.Limits, entry.Budgets);
        (ImmutableArray<ArgumentPath> Paths, bool IsShadow)[] checks = isShadow == _document.IsShadow
            ? [(_commonNumbers.AddRange(own), isShadow)]
            : [(_commonNumbers, _document.IsShadow), (own, isShadow)];
        return checks.Where(static check => !check.Paths.IsEmpty)
            .Select(static check => new NumberCheck(check.Paths, check.IsShadow));
    }

    private static ImmutableArray<ArgumentPath> NumbersRead(
        IEnumerable<ConditionDocument> conditions, ImmutableArray<LimitDocument> limits,
        ImmutableArray<BudgetUseDocument> budgets) =>
    [
        .. conditions.SelectMany(static written => written.Condition.NumbersRead)
            .Concat(CountedPaths(limits, budgets))
            .DistinctBy(static path => path.Text),
    ];

    private static IEnumerable<ArgumentPath> CallerPathsOf(AllToolsDocument all) =>
        CallerPathsOf([.. all.Require, .. all.DenyIf, .. all.ApproveIf], all.Limits);

    private static IEnumerable<ArgumentPath> CallerPathsOf(ToolEntryDocument entry) =>
        CallerPathsOf([.. entry.ShowIf, .. entry.Require, .. entry.DenyIf, .. entry.ApproveIf], entry.Limits);

    private static IEnumerable<ArgumentPath> CallerPathsOf(
        IEnumerable<ConditionDocument> conditions, ImmutableArray<LimitDocument> limits) =>
        conditions.SelectMany(static written => written.Condition.CallerPaths)
            .Concat(limits.SelectMany(static limit => limit.By).Select(static by => by.Path)
                .Where(static path => path.IsOfCaller));

    /// <summary>Returns the names of the arguments that the paths read; null if a path reads all of them.</summary>
    private static FrozenSet<string>? NamesOf(IEnumerable<ArgumentPath> paths)
    {
        var names = paths.Select(static path => path.Steps.IsEmpty ? null : path.Steps[0].Key).ToList();
        return names.Count == 0 ? FrozenSet<string>.Empty
            : names.Contains(null) ? null : names.OfType<string>().ToFrozenSet(StringComparer.Ordinal);
    }

    private static IEnumerable<ArgumentPath> ReadPaths(
        IEnumerable<ConditionDocument> conditions, ImmutableArray<LimitDocument> limits,
        ImmutableArray<BudgetUseDocument> budgets) =>
    [
        .. conditions.SelectMany(static written => written.Condition.Paths),
        .. CountedPaths(limits, budgets),
    ];

    private static IEnumerable<ArgumentPath> CountedPaths(
        ImmutableArray<LimitDocument> limits, ImmutableArray<BudgetUseDocument> budgets) =>
    [
        .. limits.Select(static limit => limit.IncrementFrom).OfType<ArgumentPath>(),
        .. limits.SelectMany(static limit => limit.By).Select(static by => by.Path)
            .Where(static path => !path.IsOfCaller),
        .. budgets.Select(static use => use.IncrementFrom).OfType<ArgumentPath>(),
    ];

    private static ImmutableArray<CallCheck> Conditions(
        ImmutableArray<ConditionDocument> conditions, ConditionUse use, bool isShadow) =>
        [.. conditions.Select(condition => new ConditionCheck(condition, use, isShadow))];

    private static ImmutableArray<LimitRule> Limits(ImmutableArray<LimitDocument> limits, bool isShadow) =>
        [.. limits.Select(limit => new LimitRule(limit, isShadow))];

    private static ImmutableArray<BudgetRule> Budgets(ImmutableArray<BudgetUseDocument> uses, bool isShadow) =>
        [.. uses.Select(use => new BudgetRule(use, isShadow))];

    private static bool ReadCalls(ImmutableArray<LimitRule> limits, ImmutableArray<BudgetRule> budgets) =>
        limits.Any(static limit => limit.ReadsCall) || budgets.Any(static use => use.CostFrom is not null);

    private static ImmutableArray<InFlightRule> InFlight(InFlightDocument? written, string? entry, bool isShadow) =>
        written is null ? [] : [new InFlightRule(written, entry, isShadow)];

    private ResourceSection CompileResources(SectionDocument? section) => new(
        Allowed(section),
        AppDenial is not { } rule ? Denied(section, "resource") : [.. Denied(section, "resource"), (
            new Glob("ui:*", GlobStyle.Uri), Enforce(BuiltInDecisions.Deny(
                rule, "The policy denies apps", "If you need them, ask the operator to allow them.")))],
        Otherwise(section, BuiltInDecisions.ResourceDefaultDeny),
        Answered(section, Enforce(BuiltInDecisions.AmbiguousUri)),
        Answered(section, Enforce(BuiltInDecisions.CostlyUri)));

    private NameSection CompilePrompts(SectionDocument? section) => new(
        Allowed(section), Denied(section, "prompt"), Otherwise(section, BuiltInDecisions.PromptDefaultDeny),
        Answered(section, Enforce(BuiltInDecisions.AmbiguousPrompt)));

    private ImmutableArray<(Glob Glob, PolicyDecision Decision)> Allowed(SectionDocument? section) =>
    [
        .. section?.Allow.Select(pattern =>
            (pattern.Glob, Answered(section, BuiltInDecisions.Allow(pattern.Pointer)))) ?? [],
    ];

    private ImmutableArray<(Glob Glob, PolicyDecision Decision)> Denied(SectionDocument? section, string noun) =>
        [.. section?.Deny.Select(pattern => (pattern.Glob, Answered(section, Enforce(BuiltInDecisions.Deny(
            pattern.Pointer, $"The policy denies this {noun}",
            "If you need it, ask the operator to allow it."))))) ?? []];

    private PolicyDecision Otherwise(SectionDocument? section, PolicyDecision defaultDeny) =>
        Answered(section, section?.DefaultAllows switch
        {
            true => BuiltInDecisions.Allow($"{section.Pointer}/default"),
            false => Enforce(defaultDeny with { Rule = $"{section.Pointer}/default" }),
            null => Default(defaultDeny),
        });

    // A call that is let through, even by shadow mode, has a response.
    private PolicyDecision Answered(SectionDocument? section, PolicyDecision decision) =>
        decision.Outcome == DecisionOutcome.Allow && RulesOf(section) is { } results
            ? decision with { Results = results }
            : decision;

    private ResultRules? RulesOf(SectionDocument? section) =>
        section is null ? null : Answers(_document.AllowsVariants, section.Results.Rules(_document.IsShadow));

    private static ResultRules? Answers(bool allowsVariants, params IEnumerable<ResultRule>[] rules) =>
        ResultRules.Of(rules.SelectMany(static some => some), allowsVariants) is { IsEmpty: false } some ? some : null;

    private ResultRules? OtherMessages()
    {
        ResultRules?[] all =
        [
            Answers(true, [
                _document.AllTools.Results.Rules(_document.IsShadow),
                .. _document.Entries.Select(entry => entry.Results.Rules(entry.IsShadow ?? _document.IsShadow))]),
            RulesOf(_document.Resources),
            RulesOf(_document.Prompts),
        ];
        var some = all.OfType<ResultRules>().ToList();
        return some.Count == 0 ? null : ResultRules.ForAnyCall(some);
    }

    private PolicyDecision Default(PolicyDecision defaultDeny) =>
        _document.DefaultAllows ? BuiltInDecisions.DefaultAllow : Enforce(defaultDeny);

    private PolicyDecision Enforce(PolicyDecision denial) =>
        _document.IsShadow ? BuiltInDecisions.LetThrough(denial) : denial;
}
