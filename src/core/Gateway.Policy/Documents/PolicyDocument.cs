using System.Collections.Immutable;

namespace Gateway.Policy.Documents;

/// <summary>A whole document as written.</summary>
internal sealed record PolicyDocument
{
    public bool DefaultAllows { get; init; }

    public bool IsShadow { get; init; }

    /// <summary>Names that differ only in case, form or what nobody sees are not held to be one.</summary>
    public bool AllowsVariants { get; init; }

    public ImmutableArray<PatternDocument> Hide { get; init; } = [];

    public AllToolsDocument AllTools { get; init; } = new();

    public ImmutableArray<ToolEntryDocument> Tools { get; init; } = [];

    public SectionDocument? Resources { get; init; }

    public SectionDocument? Prompts { get; init; }
}
