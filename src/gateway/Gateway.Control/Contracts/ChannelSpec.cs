using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Contracts;

/// <summary>
/// The filters for the messages that a channel receives, and the address of their links. The stored document, and the
/// requests and responses of the API add their own members to these. An empty list means all. It is written
/// nevertheless, since a previous release needs it.
/// </summary>
public record ChannelSpec
{
    /// <summary>The maximum length of an address.</summary>
    public const int UrlLengthMax = 2048;

    private const int PatternsMax = 100;
    private const int PatternLengthMax = 256;

    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.ChannelSpec);

    /// <summary>The types of message to send.</summary>
    [AllowNull]
    [Member("Only messages of these types, such as approval.asked or budget.*.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax, Placeholder = "TYPE")]
    public List<string> Types { get; set => field = value ?? []; } = [];

    /// <summary>The servers whose messages are sent.</summary>
    [AllowNull]
    [Member("Only messages about these servers: names, or patterns with * and ?.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax, Placeholder = "NAME")]
    public List<string> Servers { get; set => field = value ?? []; } = [];

    /// <summary>The tools whose messages are sent.</summary>
    [AllowNull]
    [Member("Only messages about these tools: names, or patterns with * and ?.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax, Placeholder = "NAME")]
    public List<string> Tools { get; set => field = value ?? []; } = [];

    /// <summary>The grants whose messages are sent.</summary>
    [AllowNull]
    [Member("Only messages about these grants: names, or patterns with * and ?.", CountMax = PatternsMax,
        ValueLengthMax = PatternLengthMax, Placeholder = "NAME")]
    public List<string> Grants { get; set => field = value ?? []; } = [];

    /// <summary>The categories of tools whose messages are sent.</summary>
    [AllowNull]
    [Member("Only messages about tools of these categories, or about unclassified tools.",
        Choices = ["Read", "Write", "Execute", "Destructive", "Financial", "Secret"], Placeholder = "CATEGORY")]
    public List<string> Categories { get; set => field = value ?? []; } = [];

    /// <summary>The risks of tools whose messages are sent.</summary>
    [AllowNull]
    [Member("Only messages about tools of these risks, or about unclassified tools.",
        Choices = ["Low", "Medium", "High", "Critical"], Placeholder = "RISK")]
    public List<string> Risks { get; set => field = value ?? []; } = [];

    /// <summary>The address at which the links in messages begin.</summary>
    [Member("The address at which readers of the messages reach the console, such as https://gateway.example.com; "
        + "messages then contain a link. Use http only for the gateway's machine.",
        LengthMax = UrlLengthMax, Placeholder = "URL")]
    public string? LinkBase { get; set; }
}
