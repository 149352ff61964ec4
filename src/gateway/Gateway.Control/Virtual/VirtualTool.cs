using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Policy.Rules;

namespace Gateway.Control.Virtual;

/// <summary>A tool as a grant has it, that stands for one of a server's.</summary>
/// <param name="Name">How the grant calls it.</param>
/// <param name="Tool">The server's own name for it.</param>
/// <param name="Check">What the agent's own arguments must be.</param>
public sealed record VirtualTool(string Name, string Tool, PolicyBinding Check)
{
    // One definition may stand there many times, once for each that stands for the tool.
    private const int DefinitionBytesMax = 128 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 256, AllowDuplicateProperties = false };

    /// <summary>What the model reads instead of the server's description; null leaves that.</summary>
    public string? Description { get; init; }

    /// <summary>Arguments that the agent cannot give, with their values as JSON.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    /// <summary>Arguments that the agent need not give, with their values as JSON.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>The schema that stands in the place of the server's, as JSON; null leaves that.</summary>
    public string? Schema { get; init; }

    /// <summary>What a list shows; null where the server's definition is too long, or has not one meaning.</summary>
    /// <param name="definition">What the server says of its tool.</param>
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
