namespace Gateway.Server.Tests.Admin;

/// <summary>What the admin API answered.</summary>
internal sealed record AdminReply(int Status, JsonNode? Json, string? ETag);
