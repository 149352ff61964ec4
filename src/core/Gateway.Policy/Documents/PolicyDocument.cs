using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Apps;
using Gateway.Policy.Recording;

namespace Gateway.Policy.Documents;

/// <summary>A whole document as written.</summary>
internal sealed record PolicyDocument
{
    public bool DefaultAllows { get; init; }

    public bool IsShadow { get; init; }

    /// <summary>
    /// True if names that differ only in case, form or invisible characters are treated as different names.
    /// </summary>
    public bool AllowsVariants { get; init; }

    /// <summary>The treatment of a tool whose definition nobody has accepted.</summary>
    public PinLevel Pin { get; init; }

    /// <summary>True if the document contains tests of itself.</summary>
    public bool HasTests { get; init; }

    /// <summary>True if an agent may read the usage of its own limits.</summary>
    public bool ShowsLimits { get; init; }

    /// <summary>The extensions of MCP that pass; null for those that the gateway understands.</summary>
    public FrozenSet<string>? Extensions { get; init; }

    /// <summary>The bounds of apps.</summary>
    public AppRules Apps { get; init; } = AppRules.Default;

    public ImmutableArray<PatternDocument> Hide { get; init; } = [];

    public AllToolsDocument AllTools { get; init; } = new();

    public ImmutableArray<ToolEntryDocument> Tools { get; init; } = [];

    /// <summary>The rules by class; empty if the document has none.</summary>
    public ImmutableArray<ToolEntryDocument> Classes { get; init; } = [];

    /// <summary>The entries of <c>tools</c>, then those of <c>classes</c>.</summary>
    public ImmutableArray<ToolEntryDocument> Entries => Classes.IsEmpty ? Tools : Tools.AddRange(Classes);

    /// <summary>All conditions of all tools and of the entries.</summary>
    public IEnumerable<ConditionDocument> Conditions => AllTools.Require
        .Concat(AllTools.DenyIf).Concat(AllTools.ApproveIf)
        .Concat(Entries.SelectMany(static tool =>
            tool.ShowIf.Concat(tool.Require).Concat(tool.DenyIf).Concat(tool.ApproveIf)));

    /// <summary>The values of arguments to record; null for none.</summary>
    public ArgumentRecording? Recording { get; init; }

    public SectionDocument? Resources { get; init; }

    public SectionDocument? Prompts { get; init; }
}
