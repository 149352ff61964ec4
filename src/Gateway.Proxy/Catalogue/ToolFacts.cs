using System.Text.Json;

namespace Gateway.Proxy.Catalogue;

/// <summary>What a server says of one of its tools. The hints are the server's own words, not proof.</summary>
internal sealed record ToolFacts(
    string Name, string? Description, JsonElement InputSchema, bool? IsReadOnly, bool? IsDestructive);
