using System.Text.Json;

namespace Gateway.Proxy.Tools;

/// <summary>The three tools with which a grant finds, describes and calls all others.</summary>
internal static class MetaTools
{
    public const string Find = "find_tools";
    public const string Describe = "describe_tool";
    public const string Call = "call_tool";

    /// <summary>Returns true if one of the three tools has the name.</summary>
    public static bool Has(string name) => name is Find or Describe or Call;

    /// <summary>Writes the list, which is always the same, so that a client may cache it.</summary>
    public static void Write(Utf8JsonWriter json, int resultsMax)
    {
        json.WriteStartArray("tools"u8);
        Begin(json, Find, "Find tools",
            "Finds tools that you may call, by what you want to do; the best match comes first. Use a few words, such "
                + "as \"refund an order\"; without words, it lists all names. Then use describe_tool, then call_tool.",
            isReadOnly: true);
        WriteProperty(json, "query", "string", "What you want to do, in a few words.");
        WriteProperty(json, "limit", "integer", $"How many tools to show, up to {resultsMax}.");
        End(json);
        Begin(json, Describe, "Describe a tool",
            "Describes one tool that find_tools has found: what it does and which arguments it takes.",
            isReadOnly: true);
        WriteProperty(json, "name", "string", "The tool's name, as find_tools shows it.");
        End(json, "name");
        Begin(json, Call, "Call a tool",
            "Calls a tool that find_tools has found, with arguments as describe_tool shows them.", isReadOnly: false);
        WriteProperty(json, "name", "string", "The tool's name, as find_tools shows it.");
        WriteProperty(json, "arguments", "object", "The tool's own arguments.");
        End(json, "name");
        json.WriteEndArray();
    }

    private static void Begin(Utf8JsonWriter json, string name, string title, string description, bool isReadOnly)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("title"u8, title);
        json.WriteString("description"u8, description);
        if (isReadOnly)
        {
            json.WriteStartObject("annotations"u8);
            json.WriteBoolean("readOnlyHint"u8, true);
            json.WriteEndObject();
        }

        json.WriteStartObject("inputSchema"u8);
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
    }

    private static void WriteProperty(Utf8JsonWriter json, string name, string type, string description)
    {
        json.WriteStartObject(name);
        json.WriteString("type"u8, type);
        json.WriteString("description"u8, description);
        json.WriteEndObject();
    }

    private static void End(Utf8JsonWriter json, params ReadOnlySpan<string> required)
    {
        json.WriteEndObject();
        if (required.Length > 0)
        {
            json.WriteStartArray("required"u8);
            foreach (var name in required)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }

        json.WriteBoolean("additionalProperties"u8, false);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
