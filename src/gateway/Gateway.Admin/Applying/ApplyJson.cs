using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gateway.Admin.Applying;

/// <summary>Objects by kind and name, in the format of the configuration file.</summary>
internal sealed record ApplyInput
{
    /// <summary>Servers, without <c>command</c> and <c>tls</c>.</summary>
    public Dictionary<string, JsonElement> Servers { get; set; } = [];

    /// <summary>Policy documents, kept byte for byte.</summary>
    public Dictionary<string, JsonElement> Policies { get; set; } = [];

    /// <summary>Lists, each an array of strings.</summary>
    public Dictionary<string, JsonElement> Lists { get; set; } = [];

    /// <summary>Budgets, as in the configuration file.</summary>
    public Dictionary<string, JsonElement> Budgets { get; set; } = [];

    /// <summary>
    /// Grants. <c>tokenHash</c> sets the token; without it a grant keeps its token, and a new one gets a new token.
    /// </summary>
    public Dictionary<string, JsonObject> Grants { get; set; } = [];

    /// <summary>Alert rules, as in the configuration file.</summary>
    public Dictionary<string, JsonElement> Alerts { get; set; } = [];
}

/// <summary>The result of an apply.</summary>
/// <param name="DryRun">True if nothing was changed.</param>
/// <param name="Changes">Each object with its action.</param>
/// <param name="Warnings">Settings that are allowed but probably unintended, each kind once.</param>
/// <param name="Tokens">The new tokens by grant; they are shown in this response only.</param>
internal sealed record ApplyView(
    bool DryRun, IReadOnlyList<AppliedChange> Changes, IReadOnlyList<string> Warnings,
    IReadOnlyDictionary<string, string> Tokens);

/// <summary>The action on one object.</summary>
/// <param name="Action"><c>create</c>, <c>change</c>, <c>unchanged</c> or <c>delete</c>.</param>
/// <param name="Object">The object, as <c>grants/NAME</c>.</param>
internal sealed record AppliedChange(string Action, string Object);

/// <summary>The objects that an owner's documents created, as stored.</summary>
internal sealed record AppliedDocument(IReadOnlyList<string> Objects);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 256,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ApplyInput))]
[JsonSerializable(typeof(ApplyView))]
[JsonSerializable(typeof(AppliedDocument))]
internal sealed partial class ApplyJson : JsonSerializerContext;
