using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy.Rules;

namespace Gateway.Control.Virtual;

/// <summary>A tool of a grant that stands for a server's tool.</summary>
/// <param name="Name">The name by which the grant calls it.</param>
/// <param name="Tool">The tool's name on the server.</param>
/// <param name="Check">The rules for the agent's own arguments.</param>
public sealed record VirtualTool(string Name, string Tool, PolicyBinding Check)
{
    // A definition may be listed many times, once for each virtual tool that stands for the tool.
    private const int DefinitionBytesMax = 128 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    /// <summary>The description that replaces the server's; null keeps the server's.</summary>
    public string? Description { get; init; }

    /// <summary>The fixed arguments, which the agent cannot set, with their values as JSON.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    /// <summary>The optional arguments of the agent, with their default values as JSON.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>The schema that replaces the server's, as JSON; null keeps the server's.</summary>
    public string? Schema { get; init; }

    /// <summary>Returns the definition to list; null if the server's definition is too long or ambiguous.</summary>
    /// <param name="definition">The server's definition of its tool.</param>
    public byte[]? Shown(ReadOnlySpan<byte> definition)
    {
        if (definition.Length > DefinitionBytesMax)
            return null;
        try
        {
            if (JsonNode.Parse(definition, documentOptions: Strict) is not JsonObject tool)
                return null;
            tool["name"] = Name;
            if (Description is not null)
                tool["description"] = Description;
            if (Schema is not null)
                tool["inputSchema"] = JsonNode.Parse(Schema, documentOptions: Strict);
            else if (tool["inputSchema"] is JsonObject schema)
                Narrow(schema);
            return Encoding.UTF8.GetBytes(((JsonNode)tool).ToJsonString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private void Narrow(JsonObject schema)
    {
        if (schema["properties"] is JsonObject properties)
        {
            foreach (var name in Fixed.Keys)
                properties.Remove(name);
        }

        if (schema["required"] is not JsonArray required)
            return;
        foreach (var one in required.ToList())
        {
            if (one is JsonValue value && value.TryGetValue<string>(out var name)
                && (Fixed.ContainsKey(name) || Defaults.ContainsKey(name)))
                required.Remove(one);
        }
    }
}
