using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Control.Contracts;

/// <summary>
/// A grant as an operator configures it. The file, the stored document, and the requests and responses of the API add
/// their own members to these.
/// </summary>
public record GrantSpec
{
    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.GrantSpec);

    /// <summary>Server name to policy name.</summary>
    [Member("Server to policy, for several; null denies every call there.", Example = """{ "crm": "support" }""",
        HasNulls = true, Order = 3)]
    public Dictionary<string, GrantedPolicy>? Servers { get; set; }

    /// <summary>An instant, or a length.</summary>
    [Member("An instant, or a length such as 45m, 12h or 30d: in the file from when a gateway first saw the token, "
        + "elsewhere from now on. Absent: never.", Example = "\"2027-06-30T00:00:00Z\"", Order = 6)]
    public string? Expires { get; set; }

    /// <summary>The way in which tools are listed.</summary>
    [Member("How tools are listed: each by itself, or as three that find, describe and call the others.",
        Choices = [ListTools, SearchTools], Example = "\"search\"", Placeholder = "HOW", Order = 7)]
    [JsonPropertyName("tools_as")]
    public string? ToolsAs { get; set; }

    /// <summary>Tools that replace others.</summary>
    [Member("Server to name to a tool that stands for one of that server's: \"tool\", \"description\", \"fix\", "
        + "\"default\", \"schema\".", Placeholder = "FILE", Order = 8,
        Example = """{ "crm": { "refund_euros": { "tool": "create_refund", "fix": { "currency": "EUR" } } } }""")]
    [JsonPropertyName("virtual_tools")]
    public JsonElement? VirtualTools { get; set; }

    /// <summary>A note for operators.</summary>
    [Member("A note for operators, without effect on calls.", LengthMax = 1024, Placeholder = "TEXT", Order = 9,
        Example = "\"Answers customers; owned by the support team.\"")]
    public string? Description { get; set; }

    /// <summary>Lists each tool with its definition.</summary>
    internal const string ListTools = "list";

    /// <summary>Lists three tools that find, describe and call the others.</summary>
    internal const string SearchTools = "search";

    /// <summary>Returns the policy of each server; null denies every call there.</summary>
    public ImmutableSortedDictionary<string, string?> PolicyByServer() => (Servers ?? []).ToImmutableSortedDictionary(
        static server => server.Key, static server => server.Value.Name, StringComparer.Ordinal);

    /// <summary>Returns these members alone, without those that mean the same as if they were absent.</summary>
    public GrantSpec Normalized()
    {
        var spec = new GrantSpec(this);
        foreach (var member in Members.Where(member => member.IsDefault(member.Get(this))))
            member.Set(spec, null);
        return spec;
    }

    /// <summary>Sets the members that are absent here and present there.</summary>
    public void AddMissing(GrantSpec other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var member in Members.Where(member => member.Get(this) is null))
            member.Set(this, member.Get(other));
    }

    /// <summary>Returns the JSON Pointer of each member outside its range, with the reason.</summary>
    public IEnumerable<(string Pointer, string Message)> Problems() =>
        from member in Members
        let problem = member.Problem(member.Get(this))
        where problem is not null
        select ($"/{member.Name}", problem);
}
