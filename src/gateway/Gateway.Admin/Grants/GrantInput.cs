using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Admin.Grants;

/// <summary>A grant as the operator makes or changes it.</summary>
internal sealed record GrantInput
{
    /// <summary>Its name; taken from the address where it is changed.</summary>
    public string? Name { get; init; }

    /// <summary>Server name to policy name; null denies every call there.</summary>
    public required Dictionary<string, string?> Servers { get; init; }

    /// <summary>
    /// From then on it is refused: an instant to come, or a length from now on (<c>30d</c>); absent for never.
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

    /// <summary>Whether it is refused until it is resumed.</summary>
    public bool Paused { get; init; }
}
