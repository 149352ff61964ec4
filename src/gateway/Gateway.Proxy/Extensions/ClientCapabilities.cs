using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Proxy.Extensions;

/// <summary>The capabilities that a client declares with a message.</summary>
internal static class ClientCapabilities
{
    private const string Meta = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>Returns true if the client declares an extension with this message (from 2026-07-28).</summary>
    public static bool Declares(McpMessage message, string extension) => message.DeclaresCapabilities
        && RawJson.Find(
            message.Body.Span, "params", "_meta", Meta, CapabilityFilter.Extensions, extension) is not null;

    /// <summary>Returns true if the client declares an extension with this <c>initialize</c>.</summary>
    public static bool DeclaresAtOpening(McpMessage message, string extension) => RawJson.Find(
        message.Body.Span, "params", "capabilities", CapabilityFilter.Extensions, extension) is not null;

    /// <summary>
    /// Returns true if these parameters of <c>initialize</c> declare an extension; null if they are unknown.
    /// </summary>
    public static bool? DeclaresAtOpening(ReadOnlyMemory<byte> parameters, string extension) => parameters.IsEmpty
        ? null : RawJson.Find(parameters.Span, "capabilities", CapabilityFilter.Extensions, extension) is not null;

    /// <summary>
    /// Returns the body without the extensions that the policy does not pass; null if nothing changes.
    /// </summary>
    public static byte[]? Filtered(McpMessage message, McpRevision revision, PolicyBinding policy)
    {
        if (message.Kind != McpMessageKind.Request)
            return null;
        if (message.DeclaresCapabilities)
            return FilteredAt(message, policy, "params", "_meta", Meta);
        if (revision != McpRevision.Legacy)
            return null;
        return message.Method switch
        {
            McpMethods.Initialize => FilteredAt(message, policy, "params", "capabilities"),
            // A server that does not declare tasks ignores the member (2025-11-25, Tasks).
            McpMethods.ToolsCall when !policy.Passes(KnownExtensions.Tasks) => WithoutTask(message),
            _ => null,
        };
    }

    private static byte[]? FilteredAt(McpMessage message, PolicyBinding policy, params ReadOnlySpan<string> path) =>
        RawJson.Find(message.Body.Span, path) is { } place
        && CapabilityFilter.Filtered(message.Body.Span[place], policy) is { } filtered
            ? RawJson.Replace(message.Body.Span, place, filtered)
            : null;

    private static byte[]? WithoutTask(McpMessage message) =>
        RawJson.Find(message.Body.Span, "params") is { } place
        && CapabilityFilter.Without(message.Body.Span[place], "task") is { } without
            ? RawJson.Replace(message.Body.Span, place, without)
            : null;
}
