using System.Text;
using System.Text.Json;
using Gateway.Catalogue.Indexing;

namespace Gateway.Catalogue.Importing;

/// <summary>
/// A reader of servers and tools in files that registries and directories publish: entries of the registry
/// (<c>server.json</c>), responses to <c>tools/list</c>, and dumps that are lists or objects of servers.
/// </summary>
internal sealed class DumpReader(DumpSpool spool, DumpOptions options, Action<string, string> refuse)
{
    private const int DepthMax = 4;
    private static readonly string[] Names = ["name", "qualifiedName", "packageName", "server_name", "server"];
    private static readonly string[] Descriptions = ["description", "overview", "desc"];
    private static readonly string[] Schemas = ["inputSchema", "input_schema", "parameters", "arguments"];

    /// <summary>Reads one value: a document or a line.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">The place for messages.</param>
    /// <param name="name">The server's name if the value has none.</param>
    public void Read(JsonElement value, string place, string name) => Read(value, place, name, 0);

    private void Read(JsonElement value, string place, string name, int depth)
    {
        if (value.ValueKind == JsonValueKind.Array && IsTools(value))
            ReadServer(name, null, value, place);
        else if (value.ValueKind == JsonValueKind.Array)
            ReadEach(value, place, depth);
        else if (value.ValueKind != JsonValueKind.Object)
            refuse(place, "is not an object: neither a server nor a list of tools");
        else if (Of(value, "result") is { } result && Of(result, "tools", JsonValueKind.Array) is not null)
            Read(result, place + "/result", name, depth + 1);
        else if (Of(value, "servers", JsonValueKind.Array) is { } servers)
            ReadEach(servers, place + "/servers", depth);
        else if (Of(value, "servers") is { } named)
            ReadNamed(named, place + "/servers", depth);
        else if (Of(value, "server") is { } server)
            ReadServer(NameOf(server), server, Tools(value) ?? Tools(server), place);
        else if (Of(value, "metadata") is { } metadata && Of(metadata, "server_info_crawled") is { } crawled)
        {
            ReadServer(
                Text(crawled, "author") ?? NameOf(crawled) ?? name, crawled,
                (Of(metadata, "remote_server_response") is { } live ? Tools(live) : null) ?? Tools(crawled), place);
        }
        else if (Tools(value) is { } tools)
            ReadServer(NameOf(value) ?? name, value, tools, place);
        else if (IsServer(value) || (depth > 0 && NameOf(value) is not null))
            ReadServer(NameOf(value) ?? name, value, null, place);
        else
            ReadNamed(value, place, depth);
    }

    private void ReadEach(JsonElement list, string place, int depth)
    {
        if (depth >= DepthMax)
        {
            refuse(place, "is nested too deeply for a list of servers");
            return;
        }

        var at = 0;
        foreach (var one in list.EnumerateArray())
            Read(one, $"{place}/{at++}", "", depth + 1);
    }

    /// <summary>Reads an object with a member for each server.</summary>
    private void ReadNamed(JsonElement all, string place, int depth)
    {
        if (depth >= DepthMax || !all.EnumerateObject().Any()
            || all.EnumerateObject().Any(static one => one.Value.ValueKind != JsonValueKind.Object))
        {
            refuse(place, "is neither a server nor a list of tools");
            return;
        }

        foreach (var one in all.EnumerateObject())
        {
            if (Of(one.Value, "server") is null && Tools(one.Value) is null && NameOf(one.Value) is null)
                refuse($"{place}/{one.Name}", "is neither a server nor a list of tools");
            else if (Of(one.Value, "server") is not null)
                Read(one.Value, $"{place}/{one.Name}", one.Name, depth + 1);
            else
                ReadServer(one.Name, one.Value, Tools(one.Value), $"{place}/{one.Name}");
        }
    }

    private void ReadServer(string? name, JsonElement? said, JsonElement? tools, string place)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > IndexFormat.NameCharsMax)
        {
            refuse(place, $"is a server without a name of at most {IndexFormat.NameCharsMax} characters");
            return;
        }

        if (spool.Server(name, options.ServersMax) is not { } server)
        {
            refuse(place, $"exceeds the maximum of {options.ServersMax} servers");
            return;
        }

        if (said is { } one)
            server.Description ??= DescriptionOf(one);
        if (tools is not { } list)
            return;
        if (list.ValueKind == JsonValueKind.Object)
        {
            foreach (var tool in list.EnumerateObject())
                ReadTool(server, tool.Value, tool.Name, $"{place}/tools/{tool.Name}");
            return;
        }

        var at = 0;
        foreach (var tool in list.EnumerateArray())
            ReadTool(server, tool, null, $"{place}/tools/{at++}");
    }

    private void ReadTool(DumpServer server, JsonElement tool, string? key, string place)
    {
        var name = tool.ValueKind == JsonValueKind.Object ? Text(tool, "name") ?? key : null;
        if (string.IsNullOrWhiteSpace(name) || name.Length > IndexFormat.NameCharsMax)
            refuse(place, $"is not a tool with a name of at most {IndexFormat.NameCharsMax} characters");
        else if (server.Tools >= options.ToolsMax)
            refuse(place, $"exceeds the maximum of {options.ToolsMax} tools of {server.Name}");
        else
            spool.Add(server, Definition(tool, name));
    }

    /// <summary>Returns the definition in the format of MCP: the name, the texts, the schemas, the hints.</summary>
    private byte[] Definition(JsonElement tool, string name)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            if (DescriptionOf(tool) is { } said)
                json.WriteString("description", IndexBuilder.Cut(said, IndexFormat.TextCharsMax));
            if (Text(tool, "title") is { } title)
                json.WriteString("title", IndexBuilder.Cut(title, IndexFormat.NameCharsMax));
            var room = options.DefinitionBytesMax;
            Copy("inputSchema", Schemas.Select(member => Of(tool, member)).FirstOrDefault(static it => it is not null));
            Copy("outputSchema", Of(tool, "outputSchema"));
            Copy("annotations", Of(tool, "annotations"));
            json.WriteEndObject();

            void Copy(string member, JsonElement? value)
            {
                if (value is not { } one || Encoding.UTF8.GetByteCount(one.GetRawText()) is var length && length > room)
                    return;
                room -= length;
                json.WritePropertyName(member);
                one.WriteTo(json);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Returns true if a list contains tools, not servers.</summary>
    private static bool IsTools(JsonElement list) => list.EnumerateArray().Any(static one =>
        one.ValueKind == JsonValueKind.Object && Schemas.Any(member => one.TryGetProperty(member, out _)));

    /// <summary>Returns true if an object without tools is a server, not any other object with a name.</summary>
    private static bool IsServer(JsonElement value) =>
        Of(value, "packages", JsonValueKind.Array) is not null || Of(value, "remotes", JsonValueKind.Array) is not null
        || Text(value, "type") == "mcp-server"
        || Text(value, "$schema")?.EndsWith("server.schema.json", StringComparison.Ordinal) == true;

    private static JsonElement? Tools(JsonElement of) =>
        Of(of, "tools", JsonValueKind.Array) ?? (Of(of, "tools") is { } map && map.EnumerateObject().All(
            static one => one.Value.ValueKind == JsonValueKind.Object) ? map : null);

    private static string? NameOf(JsonElement of) =>
        Names.Select(member => Text(of, member)).FirstOrDefault(static it => !string.IsNullOrWhiteSpace(it));

    private static string? DescriptionOf(JsonElement of) =>
        Descriptions.Select(member => Text(of, member)).FirstOrDefault(static it => it is not null);

    private static JsonElement? Of(JsonElement of, string member, JsonValueKind kind = JsonValueKind.Object) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var found) && found.ValueKind == kind
            ? found
            : null;

    private static string? Text(JsonElement of, string member) => Of(of, member, JsonValueKind.String)?.GetString();
}
