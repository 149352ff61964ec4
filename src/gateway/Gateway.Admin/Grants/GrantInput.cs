using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Admin.Grants;

/// <summary>A grant as the operator makes or changes it.</summary>
internal sealed record GrantInput : IJsonOnDeserialized
{
    /// <summary>Its name; taken from the address where it is changed.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Server name to policy name, or to <c>{"deny": true}</c>, which denies every call there; PUT and POST also
    /// accept null for that, while in a PATCH null removes the server. Required unless <c>server</c> is given.
    /// </summary>
    public Dictionary<string, GrantedPolicy> Servers { get; set; } = null!;

    /// <summary>The only server, as in the configuration file; requires <c>policy</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Server { get; init; }

    /// <summary>The policy at <c>server</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Policy { get; init; }

    /// <summary>
    /// From then on it is refused: an instant to come, or a length from now on (<c>30d</c>); null for never. PUT
    /// requires it, so that a client that does not know it cannot remove it.
    /// </summary>
    public string? Expires { get; init; }

    /// <summary>
    /// How its tools are listed: <c>list</c>, or <c>search</c> for three tools that find, describe and call the others;
    /// absent: as before, and for a new grant <c>list</c>.
    /// </summary>
    [JsonPropertyName("tools_as")]
    public string? ToolsAs { get; init; }

    /// <summary>
    /// Tools that stand for others: server to name to <c>tool</c>, <c>description</c>, <c>fix</c>, <c>default</c>,
    /// <c>schema</c>; absent: as before; an empty object: none.
    /// </summary>
    [JsonPropertyName("virtual_tools")]
    public JsonElement? VirtualTools { get; init; }

    /// <summary>
    /// Whether a new grant begins paused. It is state: PUT and PATCH accept only its present value.
    /// </summary>
    public bool? Paused { get; init; }

    /// <summary>Server name to policy name; null denies every call there.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, string?> Policies => Servers.ToImmutableSortedDictionary(
        static server => server.Key, static server => server.Value.Name, StringComparer.Ordinal);

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Server is not null == Servers is not null)
        {
            throw new JsonException(
                "a grant takes either \"servers\" (server name to policy name) or \"server\" with \"policy\"");
        }

        if (Server is not null == Policy is null)
        {
            throw new JsonException(
                "\"server\" and \"policy\" go together; under \"servers\" each server names its own");
        }

        if (Server is not null)
            Servers = new() { [Server] = new GrantedPolicy(Policy) };
    }
}
