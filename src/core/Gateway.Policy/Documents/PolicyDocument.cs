using System.Collections.Immutable;
using Gateway.Policy.Recording;

namespace Gateway.Policy.Documents;

/// <summary>A whole document as written.</summary>
internal sealed record PolicyDocument
{
    public bool DefaultAllows { get; init; }

    public bool IsShadow { get; init; }

    /// <summary>Names that differ only in case, form or what nobody sees are not held to be one.</summary>
    public bool AllowsVariants { get; init; }

    /// <summary>What happens to a tool whose definition nobody has accepted.</summary>
    public PinLevel Pin { get; init; }

    /// <summary>Whether an agent may read how far its own limits are used.</summary>
    public bool ShowsLimits { get; init; }

    public ImmutableArray<PatternDocument> Hide { get; init; } = [];

    public AllToolsDocument AllTools { get; init; } = new();

    public ImmutableArray<ToolEntryDocument> Tools { get; init; } = [];

    /// <summary>Every condition of all tools and of the entries.</summary>
    public IEnumerable<ConditionDocument> Conditions => AllTools.Require
        .Concat(AllTools.DenyIf).Concat(AllTools.ApproveIf)
        .Concat(Tools.SelectMany(static tool => tool.Require.Concat(tool.DenyIf).Concat(tool.ApproveIf)));

    /// <summary>Which values of arguments are kept; null for none.</summary>
    public ArgumentRecording? Recording { get; init; }

    public SectionDocument? Resources { get; init; }

    public SectionDocument? Prompts { get; init; }
}
