using System.Text.Json;

namespace Gateway.Catalogue.Listing;

/// <summary>What a server says of one of its tools. The hints are the server's own words, not proof.</summary>
public sealed record ToolFacts(
    string Name, string? Description, JsonElement InputSchema, bool? IsReadOnly, bool? IsDestructive,
    JsonElement? OutputSchema = null, string? Title = null);
