using System.Collections.Immutable;
using Gateway.Mcp.Protocol;

namespace Gateway.Mcp;

/// <summary>
/// One message that was read strictly. Its properties correspond exactly to the bytes that are forwarded.
/// </summary>
public sealed class McpMessage
{
    /// <summary>The whole message as received, and as forwarded to the server.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The kind of message: request, notification or response.</summary>
    public required McpMessageKind Kind { get; init; }

    /// <summary>The method: one of the constants of <see cref="McpMethods"/> if known; empty for a response.</summary>
    public string Method { get; init; } = "";

    /// <summary>The method's description; null for a response and for a method that no revision has.</summary>
    public McpMethod? Known { get; init; }

    /// <summary>The part of the message that a policy evaluates.</summary>
    public McpPolicing PolicedBy => Known?.PolicedBy ?? McpMethodTable.PolicingOf(Method);

    /// <summary>
    /// The id as raw JSON (<c>1</c>, <c>1.0</c>, <c>"1"</c>), echoed byte for byte; empty for a notification.
    /// </summary>
    public ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>The kind of object that <see cref="Name"/> names.</summary>
    public McpSubject Subject { get; init; }

    /// <summary>
    /// The name, by method: <c>params.name</c>, <c>params.uri</c>, <c>params.taskId</c>, or the name or URI of a
    /// completion's <c>ref</c>. Null exactly when <see cref="Subject"/> is <see cref="McpSubject.None"/>.
    /// </summary>
    public string? Name { get; init; }

    /// <summary><c>params.arguments</c> of a tool or a prompt as a raw JSON object; empty if absent.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary><c>params._meta["io.modelcontextprotocol/protocolVersion"]</c>.</summary>
    public string? MetaProtocolVersion { get; init; }

    /// <summary>
    /// True if the message declares capabilities, in <c>params._meta</c>; false if there are none.
    /// </summary>
    public bool DeclaresCapabilities { get; init; }

    /// <summary><c>params._meta.progressToken</c> as raw JSON; empty if absent.</summary>
    public ReadOnlyMemory<byte> ProgressToken { get; init; }

    /// <summary>
    /// <c>params.requestState</c> of a retried multi-round-trip request, as raw JSON; empty if absent.
    /// </summary>
    public ReadOnlyMemory<byte> RequestState { get; init; }

    /// <summary>True if the message carries input that a server requested, in <c>params.inputResponses</c>.</summary>
    public bool HasInputResponses { get; init; }

    /// <summary>The URIs in a <c>subscriptions/listen</c>, each evaluated as a resource; otherwise empty.</summary>
    public ImmutableArray<string> ListenUris { get; init; } = [];

    /// <summary>True if a <c>subscriptions/listen</c> names tasks, in <c>params.notifications.taskIds</c>.</summary>
    public bool ListensToTasks { get; init; }
}

/// <summary>The kind of a JSON-RPC message, determined by its members alone.</summary>
public enum McpMessageKind
{
    /// <summary>A method with an id: a response is due.</summary>
    Request,

    /// <summary>A method without an id: it never gets a response.</summary>
    Notification,

    /// <summary>A result or an error: the client's response to a request from the server.</summary>
    Response,
}

/// <summary>The kind of object that a message names, which selects the part of a policy that evaluates it.</summary>
public enum McpSubject
{
    /// <summary>The method names nothing.</summary>
    None,

    /// <summary>A tool, by its name.</summary>
    Tool,

    /// <summary>A prompt, by its name.</summary>
    Prompt,

    /// <summary>A resource or a resource template, by its URI.</summary>
    Resource,

    /// <summary>A task, by its id.</summary>
    Task,
}
