using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Virtual;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Extensions;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The calls that wait as tasks, encrypted in the document of their request for approval. A call is stored as it will
/// be sent: without what its client can no longer do then, such as receiving progress.
/// </summary>
internal sealed class StoredCalls(SecretProtector secrets, StoredCallers callers)
{
    /// <summary>The maximum length of a call, and of a client's responses to requests for input, in bytes.</summary>
    public const int BytesMax = 128 * 1024;

    private const string Meta = "_meta";
    private const string Capabilities = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>The id of the request that the server receives.</summary>
    private static readonly byte[] Id = [.. "\"task\""u8];

    /// <summary>Returns true if the call, without its <c>_meta</c>, is short enough to be stored.</summary>
    public static bool Fits(CallContext call) => call.Message.Body.Length <= BytesMax;

    /// <summary>Returns the call, encrypted for one request for approval.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string> SealAsync(CallContext call, string approvalId)
    {
        var stored = new StoredCall(
            approvalId, Encoding.UTF8.GetString(BodyOf(call.Message.Body.Span)), HeadersOf(call),
            callers.Of(call.Grant))
        {
            VirtualTools = DigestOf(call.RebuiltBy),
        };
        return SealAsync(stored);
    }

    /// <summary>Returns a stored call, encrypted.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string> SealAsync(StoredCall stored) => secrets.SealAsync(
        JsonSerializer.Serialize(stored, StoredCallJson.Default.StoredCall), CancellationToken.None);

    /// <summary>Returns the call of a request; null if it cannot be decrypted.</summary>
    public StoredCall? Open(Approval approval, ControlSnapshot documents) =>
        TryOpen(approval.Task?.SealedCall, documents) is { } text
        && JsonSerializer.Deserialize(text, StoredCallJson.Default.StoredCall) is { } stored
        && stored.Id == approval.Id ? stored : null;

    /// <summary>Returns a response, encrypted for one request for approval.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public ValueTask<string> SealAsync(ReadOnlyMemory<byte> response, string approvalId) =>
        secrets.SealAsync($"{approvalId}\n{Encoding.UTF8.GetString(response.Span)}", CancellationToken.None);

    /// <summary>Returns the response with the result of a task; null if it cannot be decrypted.</summary>
    public byte[]? OpenResponse(Approval approval, ControlSnapshot documents) =>
        OpenBytes(approval, approval.Task?.SealedResponse, documents);

    /// <summary>Returns the response with requests for input; null if there is none that can be decrypted.</summary>
    public byte[]? OpenInput(Approval approval, ControlSnapshot documents) =>
        OpenBytes(approval, approval.Task?.SealedInput, documents);

    /// <summary>Returns the digest of the virtual tools by which a call was rebuilt; null for none.</summary>
    public static string? DigestOf(VirtualTools? tools) => tools is null
        ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tools.Json)));

    private byte[]? OpenBytes(Approval approval, string? sealedText, ControlSnapshot documents) =>
        TryOpen(sealedText, documents) is { } text
        && text.StartsWith(approval.Id + "\n", StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes(text[(approval.Id.Length + 1)..]) : null;

    private string? TryOpen(string? sealedText, ControlSnapshot documents)
    {
        if (sealedText is null)
            return null;
        if (secrets.TryOpen(sealedText, out var text))
            return text;
        // Another frontend may have sealed it with a new key.
        secrets.Update(documents);
        return secrets.TryOpen(sealedText, out text) ? text : null;
    }

    private static byte[] BodyOf(ReadOnlySpan<byte> message)
    {
        var body = RawJson.Replace(message, RawJson.Find(message, "id")!.Value, Id);
        body = CapabilityFilter.WithoutAt(body, "progressToken", "params", Meta);
        return CapabilityFilter.WithoutAt(
            body, Policy.Decisions.KnownExtensions.Tasks, "params", Meta, Capabilities, CapabilityFilter.Extensions);
    }

    private static Dictionary<string, string> HeadersOf(CallContext call) => call.Http.Request.Headers
        .Where(static header => header.Key.Equals(McpHeaders.ProtocolVersion, StringComparison.OrdinalIgnoreCase)
            || header.Key.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.Ordinal);
}

/// <summary>A call that waits as a task.</summary>
/// <param name="Id">The request for approval; the call is valid for no other.</param>
/// <param name="Body">The message that is evaluated and sent.</param>
/// <param name="Headers">The headers that the server receives with it.</param>
/// <param name="Caller">The caller, without its token.</param>
internal sealed record StoredCall(
    string Id, string Body, IReadOnlyDictionary<string, string> Headers, StoredCaller Caller)
{
    /// <summary>The digest of the virtual tools by which the message was rebuilt; null for none.</summary>
    public string? VirtualTools { get; init; }
}

/// <summary>The JSON of stored calls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredCall))]
internal sealed partial class StoredCallJson : JsonSerializerContext;
