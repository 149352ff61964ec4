using System.Buffers;
using System.Text.Json;
using Gateway.Mcp.Protocol;

namespace Gateway.Mcp.Writing;

/// <summary>
/// Writes the responses that the gateway sends in a server's place. Raw JSON is written unchanged: the gateway wrote it
/// itself, or has read it strictly.
/// </summary>
public static class JsonRpcWriter
{
    /// <summary>The member of <c>_meta</c> under which a tool denial carries its decision.</summary>
    public const string DecisionMember = "policy-gateway/decision";

    /// <summary>Writes a JSON-RPC error.</summary>
    /// <param name="output">Receives the message.</param>
    /// <param name="id">The request's id as raw JSON; empty writes <c>null</c>.</param>
    /// <param name="code">The error code.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="data">Raw JSON for <c>data</c>; empty to omit it.</param>
    public static void WriteError(
        IBufferWriter<byte> output, ReadOnlySpan<byte> id, int code, string message, ReadOnlySpan<byte> data = default)
    {
        using var json = new Utf8JsonWriter(output);
        BeginError(json, id, code, message);
        if (!data.IsEmpty)
        {
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data, skipInputValidation: true);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a JSON-RPC error with data.</summary>
    /// <param name="json">Receives the message.</param>
    /// <param name="id">The request's id as raw JSON; empty writes <c>null</c>.</param>
    /// <param name="code">The error code.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="data">The content of <c>data</c>.</param>
    /// <param name="writeData">Writes the content as one value.</param>
    public static void WriteError<T>(
        Utf8JsonWriter json, ReadOnlySpan<byte> id, int code, string message, T data,
        Action<Utf8JsonWriter, T> writeData)
    {
        BeginError(json, id, code, message);
        json.WritePropertyName("data"u8);
        writeData(json, data);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a fault with its id and data.</summary>
    public static void WriteFault(IBufferWriter<byte> output, McpFault fault) =>
        WriteError(output, fault.Id.Span, fault.Code, fault.Message, fault.Data.Span);

    /// <summary>
    /// Writes the result of a denied tool call: an error that the model reads as text, with the decision under
    /// <c>_meta</c>. It is sent with HTTP 200, because with both official clients only such a result reaches the model.
    /// </summary>
    /// <param name="json">Receives the message.</param>
    /// <param name="id">The request's id as raw JSON.</param>
    /// <param name="text">The text for the model.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="writeDecision">Writes the decision as one value.</param>
    /// <param name="revision">Stateless revisions need <c>resultType</c>.</param>
    public static void WriteToolDenial<T>(
        Utf8JsonWriter json, ReadOnlySpan<byte> id, string text, T decision, Action<Utf8JsonWriter, T> writeDecision,
        McpRevision revision)
    {
        BeginToolError(json, id, text, revision);
        json.WritePropertyName(DecisionMember);
        writeDecision(json, decision);
        EndToolError(json);
    }

    /// <summary>
    /// Begins the result of a failed tool call, up to the inside of its <c>_meta</c>, which the caller fills before
    /// <see cref="EndToolError"/>.
    /// </summary>
    /// <param name="json">Receives the message.</param>
    /// <param name="id">The request's id as raw JSON.</param>
    /// <param name="text">The text for the model.</param>
    /// <param name="revision">Stateless revisions need <c>resultType</c>.</param>
    public static void BeginToolError(Utf8JsonWriter json, ReadOnlySpan<byte> id, string text, McpRevision revision)
    {
        BeginResult(json, id, revision);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("isError"u8, true);
        json.WriteStartObject("_meta"u8);
    }

    /// <summary>Ends a result that <see cref="BeginToolError"/> began.</summary>
    public static void EndToolError(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        End(json);
    }

    /// <summary>Begins a result, whose members the caller writes before <see cref="End"/>.</summary>
    /// <param name="json">Receives the message.</param>
    /// <param name="id">The request's id as raw JSON.</param>
    /// <param name="revision">Stateless revisions need <c>resultType</c>.</param>
    /// <param name="isComplete">False if the client must repeat the request with more input.</param>
    public static void BeginResult(
        Utf8JsonWriter json, ReadOnlySpan<byte> id, McpRevision revision, bool isComplete = true)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(json, id);
        json.WriteStartObject("result"u8);
        if (revision == McpRevision.Stateless)
            json.WriteString("resultType"u8, isComplete ? "complete"u8 : "input_required"u8);
    }

    /// <summary>
    /// Begins a request or a notification of the gateway; the caller writes its params before <see cref="End"/>.
    /// </summary>
    /// <param name="json">Receives the message.</param>
    /// <param name="method">The method.</param>
    /// <param name="id">The request's id; null for a notification.</param>
    public static void BeginMessage(Utf8JsonWriter json, string method, string? id = null)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        if (id is not null)
            json.WriteString("id"u8, id);
        json.WriteString("method"u8, method);
        json.WriteStartObject("params"u8);
    }

    /// <summary>Ends a message that <see cref="BeginResult"/> or <see cref="BeginMessage"/> began.</summary>
    public static void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void BeginError(Utf8JsonWriter json, ReadOnlySpan<byte> id, int code, string message)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        WriteId(json, id);
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("message"u8, message);
    }

    private static void WriteId(Utf8JsonWriter json, ReadOnlySpan<byte> id)
    {
        json.WritePropertyName("id"u8);
        if (id.IsEmpty)
            json.WriteNullValue();
        else
            json.WriteRawValue(id, skipInputValidation: true);
    }
}
