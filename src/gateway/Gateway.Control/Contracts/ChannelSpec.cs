using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Contracts;

/// <summary>
/// The messages that a channel takes, and their links. The stored document, and the requests and responses of the API
/// add their own members to these. An empty list means all; each is kept, since a previous release needs it.
/// </summary>
public record ChannelSpec
{
    /// <summary>The longest address.</summary>
    public const int UrlLengthMax = 2048;

    private const int PatternsMax = 100;
    private const int PatternLengthMax = 256;

    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.ChannelSpec);

    /// <summary>The types of message.</summary>
    [AllowNull]
    [Member("Only of these types of message, such as approval.asked or budget.*.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax)]
    public List<string> Types { get; set => field = value ?? []; } = [];

    /// <summary>The servers.</summary>
    [AllowNull]
    [Member("Only of these servers; names, or patterns with * and ?.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax)]
    public List<string> Servers { get; set => field = value ?? []; } = [];

    /// <summary>The tools.</summary>
    [AllowNull]
    [Member("Only of these tools; names, or patterns with * and ?.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax)]
    public List<string> Tools { get; set => field = value ?? []; } = [];

    /// <summary>The grants.</summary>
    [AllowNull]
    [Member("Only of these grants; names, or patterns with * and ?.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax)]
    public List<string> Grants { get; set => field = value ?? []; } = [];

    /// <summary>The categories of tools.</summary>
    [AllowNull]
    [Member("Only of tools of these categories; a tool of which nothing is known passes.",
        Choices = ["Read", "Write", "Execute", "Destructive", "Financial", "Secret"])]
    public List<string> Categories { get; set => field = value ?? []; } = [];

    /// <summary>The risks of tools.</summary>
    [AllowNull]
    [Member("Only of tools of these risks; a tool of which nothing is known passes.",
        Choices = ["Low", "Medium", "High", "Critical"])]
    public List<string> Risks { get; set => field = value ?? []; } = [];

    /// <summary>The address that links begin with.</summary>
    [Member("The operator's address as those who read the messages reach it, such as https://gateway.example.com; "
        + "messages have a link then. http for this machine only.", LengthMax = UrlLengthMax)]
    public string? LinkBase { get; set; }
}
