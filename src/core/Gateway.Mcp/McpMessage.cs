using System.Collections.Immutable;
using Gateway.Mcp.Protocol;

namespace Gateway.Mcp;

/// <summary>
/// One message that was read strictly; what it says and the bytes that are forwarded are the same thing.
/// </summary>
public sealed class McpMessage
{
    /// <summary>The whole message as it came, and as it goes to the server.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Request, notification or response.</summary>
    public required McpMessageKind Kind { get; init; }

    /// <summary>
    /// The method; one of the constants of <see cref="McpMethods"/> where known; empty for a response.
    /// </summary>
    public string Method { get; init; } = "";

    /// <summary>What is known of the method; null where no revision has it, and for a response.</summary>
    public McpMethod? Known { get; init; }

    /// <summary>What of it a policy judges.</summary>
    public McpPolicing PolicedBy => Known?.PolicedBy ?? McpMethodTable.PolicingOf(Method);

    /// <summary>
    /// The id as raw JSON (<c>1</c>, <c>1.0</c>, <c>"1"</c>), echoed byte for byte; empty for a notification.
    /// </summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>What <see cref="Name"/> names.</summary>
    public McpSubject Subject { get; init; }

    /// <summary>
    /// By method: <c>params.name</c>, <c>params.uri</c>, <c>params.taskId</c>, or the name or uri of a completion's
    /// <c>ref</c>. Null exactly when <see cref="Subject"/> is <see cref="McpSubject.None"/>.
    /// </summary>
    public string? Name { get; init; }

    /// <summary><c>params.arguments</c> of a tool or a prompt as a raw JSON object; empty where absent.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary><c>params._meta["io.modelcontextprotocol/protocolVersion"]</c>.</summary>
    public string? MetaProtocolVersion { get; init; }

    /// <summary><c>params._meta.progressToken</c> as raw JSON; empty where absent.</summary>
    public ReadOnlyMemory<byte> ProgressToken { get; init; }

    /// <summary>
    /// <c>params.requestState</c> of a retried multi-round-trip request, as raw JSON; empty where absent.
    /// </summary>
    public ReadOnlyMemory<byte> RequestState { get; init; }

    /// <summary>Whether it brings the input that a server asked for, in <c>params.inputResponses</c>.</summary>
    public bool HasInputResponses { get; init; }

    /// <summary>The URIs that a <c>subscriptions/listen</c> asks for, each judged as a resource; else empty.</summary>
    public ImmutableArray<string> ListenUris { get; init; } = [];
}
