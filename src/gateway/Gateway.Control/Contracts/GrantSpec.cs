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

    /// <summary>The policy of each server, by the server's name.</summary>
    [Member("The policy of each server, by the server's name; null denies every call to the server.",
        Example = """{ "crm": "support" }""", HasNulls = true, Order = 3)]
    public Dictionary<string, GrantedPolicy>? Servers { get; set; }

    /// <summary>The tokens of an issuer that select the grant, beside its own token.</summary>
    [Member("The condition on tokens that select the grant: \"issuer\" names an issuer in \"identity\", and each "
        + "entry of \"claims\" has \"path\", \"op\" and \"value\". In the file, a grant with \"match\" needs no token "
        + "of its own.", Order = 5,
        Example = """{ "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "agents" }] }""")]
    public JsonElement? Match { get; set; }

    /// <summary>The position among the grants that match.</summary>
    [Member("The priority among the grants with \"match\", unique per grant: of the grants that match a caller, "
        + "the one with the smallest number applies. Required if several grants match tokens of one issuer.",
        Min = 1, Max = OrderMax, Example = "10", Order = 5)]
    public int? Order { get; set; }

    /// <summary>The largest value of <see cref="Order"/>.</summary>
    internal const int OrderMax = 1_000_000;

    /// <summary>The expiry: an instant, or a duration.</summary>
    [Member("The end of the grant: an instant, or a length such as 45m, 12h or 30d. In the file, a length counts from "
        + "the time at which a gateway first saw the token; elsewhere, from now on. Absent: "
        + "never.", Example = "\"2027-06-30T00:00:00Z\"", Order = 6)]
    public string? Expires { get; set; }

    /// <summary>The way in which tools are listed.</summary>
    [Member("How tools are listed: each by itself, or only three tools that find, describe and call the others.",
        Choices = [ListTools, SearchTools], Example = "\"search\"", Placeholder = "HOW", Order = 7,
        FormerName = "tools_as")]
    public string? ToolsAs { get; set; }

    /// <summary>Tools that replace others.</summary>
    [Member("Tools that replace others, by server and new name, each with \"tool\" (the replaced tool), "
        + "\"description\", \"fix\", \"default\" and \"schema\".",
        Placeholder = "FILE", Order = 8, FormerName = "virtual_tools",
        Example = """{ "crm": { "refund_euros": { "tool": "create_refund", "fix": { "currency": "EUR" } } } }""")]
    public JsonElement? VirtualTools { get; set; }

    /// <summary>A note for operators.</summary>
    [Member("A note for operators, without effect on calls.", LengthMax = 1024, Placeholder = "TEXT", Order = 9,
        Example = "\"Answers customers; owned by the support team.\"")]
    public string? Description { get; set; }

    /// <summary>Labels by which grants are selected.</summary>
    [Member("Labels by which commands select grants: at most 64 keys and values, with the syntax of Kubernetes labels.",
        Example = """{ "team": "support", "env": "prod" }""", Placeholder = "KEY=VALUE", Order = 10)]
    public Dictionary<string, string>? Labels { get; set; }

    /// <summary>The value that lists each tool with its definition.</summary>
    internal const string ListTools = "list";

    /// <summary>The value that lists three tools, which find, describe and call the others.</summary>
    internal const string SearchTools = "search";

    /// <summary>Returns the policy of each server; null denies every call there.</summary>
    public ImmutableSortedDictionary<string, string?> PolicyByServer() => (Servers ?? []).ToImmutableSortedDictionary(
        static server => server.Key, static server => server.Value.Name, StringComparer.Ordinal);

    /// <summary>Returns these members alone, without those that mean the same as if they were absent.</summary>
    public GrantSpec Normalized()
    {
        var spec = new GrantSpec(this);
        Members.RemoveDefaults(spec);
        return spec;
    }

    /// <summary>Sets the members that are absent here and present there.</summary>
    public void AddMissing(GrantSpec other) => Members.AddMissing(this, other);

    /// <summary>Returns the JSON Pointer of each member outside its range, with the reason.</summary>
    public IEnumerable<(string Pointer, string Message)> Problems() =>
        Members.Problems(this)
        .Concat(Contracts.Labels.Problems(Labels).Select(static one => ("/labels" + one.Pointer, one.Message)));
}

/// <summary>
/// A grant whose members may have their former names. The store still writes those, so that frontends of a fleet that
/// are not upgraded yet can read it; responses contain both until <c>/api/v2</c>.
/// </summary>
public abstract record FormerlyNamedGrantSpec : GrantSpec
{
    /// <summary>Creates a grant for the serializer.</summary>
    protected FormerlyNamedGrantSpec()
    {
    }

    /// <summary>Copies a grant.</summary>
    protected FormerlyNamedGrantSpec(GrantSpec spec)
        : base(spec)
    {
    }

    /// <summary>The former name of <see cref="GrantSpec.ToolsAs"/>.</summary>
    [Member("The former name of \"toolsAs\".")]
    [JsonPropertyName("tools_as")]
    public string? FormerToolsAs { get; set; }

    /// <summary>The former name of <see cref="GrantSpec.VirtualTools"/>.</summary>
    [Member("The former name of \"virtualTools\".")]
    [JsonPropertyName("virtual_tools")]
    public JsonElement? FormerVirtualTools { get; set; }

    /// <summary>Sets the members that are given under a former name only.</summary>
    /// <param name="problem">Receives the JSON Pointer and the reason if the values of both names differ.</param>
    public void TakeFormerNames(Action<string, string> problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (ToolsAs is not null && FormerToolsAs is not null && ToolsAs != FormerToolsAs)
            problem("/tools_as", Differs("tools_as", "toolsAs"));
        if (VirtualTools is { } tools && FormerVirtualTools is { } former && !JsonElement.DeepEquals(tools, former))
            problem("/virtual_tools", Differs("virtual_tools", "virtualTools"));
        ToolsAs ??= FormerToolsAs;
        VirtualTools ??= FormerVirtualTools;
    }

    /// <summary>Returns the JSON Pointer to a member as it is written here.</summary>
    public string PointerAsWritten(string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        var names = pointer.Split('/');
        if (names is [_, "toolsAs", ..] && FormerToolsAs is not null)
            names[1] = "tools_as";
        if (names is [_, "virtualTools", ..] && FormerVirtualTools is not null)
            names[1] = "virtual_tools";
        return string.Join('/', names);
    }

    /// <summary>Returns the reason why two names of one member cannot be given together.</summary>
    public static string Differs(string former, string name) =>
        $"\"{former}\" is the former name of \"{name}\", and their values differ; write \"{name}\" only";

    /// <summary>Copies the members to their former names.</summary>
    protected void AddFormerNames() => (FormerToolsAs, FormerVirtualTools) = (ToolsAs, VirtualTools);
}
