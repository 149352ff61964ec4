using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Proxy.Searching;

namespace Gateway.Proxy.Tools;

/// <summary>The texts about tools for the model: short, because it pays for each byte.</summary>
internal static class FoundTools
{
    private const int DescriptionCharsMax = 200;

    /// <summary>
    /// Returns the tools that match a query best. Without a query, or if no tool shares a word with it, returns the
    /// first names.
    /// </summary>
    public static string Find(VisibleTools all, string query, int limit)
    {
        var found = query.Length == 0
            ? all.Tools : ToolRanking.Best(all.Tools, static one => one.Tool, query);
        return Text(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("tools"u8);
            foreach (var one in (found.Count > 0 ? found : all.Tools).Take(limit))
            {
                json.WriteStartObject();
                json.WriteString("name"u8, one.Name);
                if (query.Length > 0 && found.Count > 0)
                    json.WriteString("description"u8, Cut(one.Tool.Description));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("matches"u8, found.Count);
            WriteMissing(json, all);
            json.WriteEndObject();
        });
    }

    /// <summary>Returns the server's full definition of a tool, under the name by which it is called here.</summary>
    public static string Describe(VisibleTool tool)
    {
        try
        {
            using var definition = JsonDocument.Parse(tool.Tool.Definition);
            if (definition.RootElement.TryGetProperty("name", out _))
                return Text(json => WriteNamed(json, definition.RootElement, tool.Name));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The definition cannot be shown; the text below says so.
        }

        return $"{tool.Name} can be called, but its definition is too long or malformed, so it is not stored here.";
    }

    private static void WriteNamed(Utf8JsonWriter json, JsonElement definition, string name)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        foreach (var member in definition.EnumerateObject())
        {
            if (member.NameEquals("name"u8))
                continue;
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WriteMissing(Utf8JsonWriter json, VisibleTools all)
    {
        if (all.Missing.Count == 0)
            return;
        json.WriteStartArray("unavailable"u8);
        foreach (var (server, why) in all.Missing)
        {
            json.WriteStartObject();
            json.WriteString("server"u8, server);
            json.WriteString("reason"u8, why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Cut(string text)
    {
        if (text.Length <= DescriptionCharsMax)
            return text;
        // Cut between two characters, never within a surrogate pair.
        var end = char.IsHighSurrogate(text[DescriptionCharsMax - 1]) ? DescriptionCharsMax - 1 : DescriptionCharsMax;
        return text[..end] + "…";
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var options = new JsonWriterOptions
        {
            // The text is placed inside a JSON string; escapes would be escaped again and cost the model tokens.
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(buffer, options))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>The tools that a grant may call at one address, as far as known.</summary>
/// <param name="Tools">The tools, by server and name.</param>
/// <param name="Missing">
/// The servers without known tools, each with a reason that continues a sentence after the name.
/// </param>
internal sealed record VisibleTools(
    IReadOnlyList<VisibleTool> Tools, IReadOnlyList<(string Server, string Why)> Missing);

/// <summary>A tool that a grant may call.</summary>
/// <param name="Server">Its server.</param>
/// <param name="Name">The name by which the grant's client calls it.</param>
/// <param name="Tool">The tool as shown at its server's own address.</param>
internal sealed record VisibleTool(string Server, string Name, SearchableTool Tool)
{
    /// <summary>The tool as its server defines it.</summary>
    public required SearchableTool Own { get; init; }
}
